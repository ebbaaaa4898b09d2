// Command gen writes the inventory of internal/versions from a directory of gathered versions.
package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/Masterminds/semver/v3"
	"github.com/tandem-cnb/tandem/internal/versions"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: gen DATA-FOLDER INVENTORY.JSON DATA.MD")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes the inventory to out, and where its checksums come from to page.
func generate(data, out, page string) error {
	var all versions.Inventory
	for _, read := range []func(string) (versions.Inventory, error){node, cpython, uv} {
		found, err := read(data)
		if err != nil {
			return err
		}
		all = append(all, found...)
	}
	var lines []string
	for _, e := range sorted(all) {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		lines = append(lines, string(line))
	}
	known, err := provenanceOf(data)
	if err != nil {
		return err
	}
	text, err := known.document(sorted(all))
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(out, []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"), 0o644),
		os.WriteFile(page, []byte(text), 0o644),
	)
}

// sorted is by name, newest version first, then architecture: an update adds lines at the top of a block.
func sorted(all versions.Inventory) versions.Inventory {
	slices.SortFunc(all, func(a, b versions.Release) int {
		if a.ID != b.ID {
			return cmp.Compare(a.ID, b.ID)
		}
		if order := semver.MustParse(b.Version).Compare(semver.MustParse(a.Version)); order != 0 {
			return order
		}
		return strings.Compare(a.Arch, b.Arch)
	})
	return all
}

// archive is an entry of the gathered JSON files.
type archive struct {
	Version string
	Build   string
	Arch    string
	Flavor  string
	URL     string
	SHA256  string
	Sources []string // public repositories that have the checksum
	Signed  string   `json:"signed_shasums"` // the result of verifying the signature over it
	Warning string   // why it should not be offered
	Newest  bool     `json:"newest_build_here"`
}

func gathered(data, name string) ([]archive, error) {
	text, err := os.ReadFile(filepath.Join(data, name))
	if err != nil {
		return nil, err
	}
	var file struct{ Entries []archive }
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	return slices.DeleteFunc(file.Entries, func(a archive) bool { return a.Warning != "" }), nil
}

func (a archive) entry(id versions.ID, series string) (versions.Release, error) {
	eol, ok := endOfLife[id][series]
	if !ok {
		return versions.Release{}, fmt.Errorf("no end-of-life date of %s %s", id, series)
	}
	return versions.Release{ID: id, Version: a.Version, Build: a.Build, Arch: a.Arch, URI: a.URL, SHA256: a.SHA256,
		Strip: 1, EOL: eol}, nil
}

func node(data string) (versions.Inventory, error) {
	archives, err := gathered(data, "node-linux.json")
	if err != nil {
		return nil, err
	}
	var all versions.Inventory
	for _, a := range archives {
		major, _, _ := strings.Cut(a.Version, ".")
		e, err := a.entry(versions.Node, major)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// cpython takes the newest build of each version, stripped where there is one: half the size, and nobody debugs it.
func cpython(data string) (versions.Inventory, error) {
	archives, err := gathered(data, "pbs-linux-gnu.json")
	if err != nil {
		return nil, err
	}
	archives = slices.DeleteFunc(archives, func(a archive) bool { return !a.Newest })
	slices.SortStableFunc(archives, func(a, b archive) int { return strings.Compare(b.Flavor, a.Flavor) }) // ..._stripped first
	var all versions.Inventory
	for _, a := range archives {
		same := func(e versions.Release) bool { return e.Version == a.Version && e.Arch == a.Arch }
		if slices.ContainsFunc(all, same) {
			continue
		}
		e, err := a.entry(versions.Python, a.Version[:strings.LastIndex(a.Version, ".")])
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func uv(data string) (versions.Inventory, error) {
	var file struct {
		Metadata struct {
			Dependencies []struct {
				ID                           versions.ID
				Version, Arch, URI, Checksum string
			}
		}
	}
	if _, err := toml.DecodeFile(filepath.Join(data, "dependencies.toml"), &file); err != nil {
		return nil, err
	}
	var all versions.Inventory
	for _, d := range file.Metadata.Dependencies {
		if d.ID == versions.UV {
			all = append(all, versions.Release{ID: d.ID, Version: d.Version, Arch: d.Arch, URI: d.URI,
				SHA256: strings.TrimPrefix(d.Checksum, "sha256:"), Strip: 1})
		}
	}
	return all, nil
}
