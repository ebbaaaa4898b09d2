// Package versions knows which releases of the runtimes exist, how versions are written, and which release a request
// selects. It downloads nothing and reads no file on its own.
package versions

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// gen adds what upstream has released to inventory.json, series.json, managers.json, data.md and manager/tools.
//
//go:generate go run ./gen

// embedded has one entry a line, so that an update can be reviewed. It is parsed only when a version must be resolved:
// detect never does.
//
//go:embed inventory.json
var embedded string

// inventoryFile, in the buildpack's directory, replaces the embedded inventory: for tests, the demo and the offline
// package.
const inventoryFile = "inventory.json"

// Inventory has all known releases, in no particular order. As a file it is a JSON array.
type Inventory []Release

// Release is one archive (.tar.gz) of a runtime for one architecture.
type Release struct {
	ID      ID     `json:"id"`
	Version string `json:"version"`         // "22.14.0"; for CPython also "3.15.0rc1"
	Build   string `json:"build,omitempty"` // python-build-standalone's date, "20261003"; the latest wins
	Arch    string `json:"arch"`            // "amd64" or "arm64"
	URI     string `json:"uri"`             // https, http or file
	SHA256  string `json:"sha256"`          // 64 hexadecimal digits
	Strip   int    `json:"strip"`           // leading path components to drop when unpacking
	EOL     string `json:"eol,omitempty"`   // last day of support of the series, "2027-04-30"; empty if unknown
}

// Load reads the inventory: buildpackDir's inventory.json if read finds one, otherwise the embedded one (about 5 ms).
func Load(buildpackDir string, read func(name string) ([]byte, error)) (Inventory, error) {
	name := path.Join(buildpackDir, inventoryFile)
	data, err := read(name)
	if errors.Is(err, fs.ErrNotExist) {
		name, data = "embedded "+inventoryFile, []byte(embedded)
	} else if err != nil {
		return nil, fmt.Errorf("read inventory: %w", err)
	}
	var inv Inventory
	if err := json.Unmarshal(data, &inv); err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	for i, r := range inv {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("%s: entry %d, %s %s: %w", name, i+1, r.ID, r.Version, err)
		}
	}
	return inv, nil
}

// check returns an error if a release cannot be downloaded and verified, or chosen.
func (r Release) check() error {
	if _, ok := runtimes[r.ID]; !ok {
		return fmt.Errorf("id %q is not known", r.ID)
	}
	if _, err := Parse(r.Version); err != nil {
		return fmt.Errorf("version: %w", err)
	}
	uri, err := url.Parse(r.URI)
	if err != nil || !strings.HasSuffix(uri.Path, ".tar.gz") {
		return fmt.Errorf("uri %q is not the URL of a .tar.gz archive", r.URI)
	}
	if sum, err := hex.DecodeString(r.SHA256); err != nil || len(sum) != 32 {
		return fmt.Errorf("sha256 %q is not 64 hexadecimal digits", r.SHA256)
	}
	if r.Arch == "" || r.Strip < 0 {
		return errors.New("arch is missing or strip is negative")
	}
	if r.EOL != "" && !IsDate(r.EOL) {
		return fmt.Errorf("eol: %q is not a date such as 2027-04-30", r.EOL)
	}
	return nil
}

// IsDate reports whether text is a day as ISO 8601 writes it, "2027-04-30". Such days compare as text.
func IsDate(text string) bool { return isoDate.MatchString(text) }

var isoDate = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
