// Package deps knows which Node.js, CPython and uv archives exist and fetches them.
package deps

import (
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// The data folder holds node-linux.json, pbs-linux-gnu.json and dependencies.toml (see gen).
//go:generate go run ./gen $TANDEM_DATA inventory.json data.md

// One entry a line, so that an update can be reviewed. Parsed when a version must be resolved and not before: detect
// never does.
//
//go:embed inventory.json
var embedded string

// inventoryFile, in the buildpack's directory, replaces the embedded inventory: for tests, the demo and the offline package.
const inventoryFile = "inventory.json"

// Inventory is all archives that are known, in no particular order. As a file it is a JSON array of entries.
type Inventory []Entry

// Entry is one archive (.tar.gz).
type Entry struct {
	ID      string `json:"id"`              // "node", "cpython" or "uv"
	Version string `json:"version"`         // "22.14.0"; for CPython also "3.15.0rc1"
	Build   string `json:"build,omitempty"` // python-build-standalone's date, "20261003"; the newest wins
	Arch    string `json:"arch"`            // "amd64" or "arm64"
	URI     string `json:"uri"`             // https, http or file
	SHA256  string `json:"sha256"`          // 64 hexadecimal digits
	Strip   int    `json:"strip"`           // leading components to drop when unpacking
	EOL     string `json:"eol,omitempty"`   // last day of support of the line, "2027-04-30"
}

// Load reads the inventory: buildpackDir's inventory.json if there is one, else the embedded one (about 5 ms).
func Load(buildpackDir string) (Inventory, error) {
	name := filepath.Join(buildpackDir, inventoryFile)
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		name, data = "embedded "+inventoryFile, []byte(embedded)
	} else if err != nil {
		return nil, fmt.Errorf("read inventory: %w", err)
	}
	var inv Inventory
	if err := json.Unmarshal(data, &inv); err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	for i, e := range inv {
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("%s: entry %d, %s %s: %w", name, i+1, e.ID, e.Version, err)
		}
	}
	return inv, nil
}

func (e Entry) check() error {
	if _, ok := products[e.ID]; !ok {
		return fmt.Errorf("id %q is not known", e.ID)
	}
	if _, err := parse(e.Version); err != nil {
		return fmt.Errorf("version: %w", err)
	}
	uri, err := url.Parse(e.URI)
	if err != nil || !strings.HasSuffix(uri.Path, ".tar.gz") {
		return fmt.Errorf("uri %q is no address of a .tar.gz archive", e.URI)
	}
	if sum, err := hex.DecodeString(e.SHA256); err != nil || len(sum) != 32 {
		return fmt.Errorf("sha256 %q is not 64 hexadecimal digits", e.SHA256)
	}
	if e.Arch == "" || e.Strip < 0 {
		return errors.New("arch is missing or strip is negative")
	}
	if _, err := e.eol(); err != nil {
		return fmt.Errorf("eol: %w", err)
	}
	return nil
}

func (e Entry) eol() (time.Time, error) {
	if e.EOL == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, e.EOL)
}
