package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// files maps names, relative to the directory of package versions, to texts.
type files map[string]string

const (
	inventoryFile = "inventory.json"
	seriesFile    = "series.json"
	managersFile  = "managers.json"
	pageFile      = "data.md"
	refusedFile   = "gen/refused.toml" // written by hand
	toolsDir      = "../manager/tools/"
)

// pythonTools are the package managers that uv installs.
var pythonTools = []string{"pdm", "pip", "pipenv", "poetry"}

// requirementsOf returns what uv resolves for a package manager, with commas between requirements.
func requirementsOf(tool string) string {
	switch tool {
	case "poetry":
		return tool + ", poetry-plugin-export"
	case "pdm": // 2.29 imports a class that hishel 2 does not have, and sets no upper limit
		return tool + ", hishel<2"
	}
	return tool
}

// names lists the files that the generator reads.
func names() []string {
	all := []string{inventoryFile, seriesFile, managersFile, pageFile, refusedFile}
	for _, name := range pythonTools {
		all = append(all, toolFile(name))
	}
	return all
}

func toolFile(name string) string { return toolsDir + name + ".txt" }

// data is what the files say.
type data struct {
	inventory versions.Inventory
	series    []versions.Series
	managers  []versions.ManagerSeries
	page      page
	refused   refusals
	tools     map[string]string // texts of requirements by the names of tools
}

func parse(f files) (d data, err error) {
	if d.inventory, err = loadInventory(f[inventoryFile]); err != nil {
		return d, err
	}
	for name, into := range map[string]any{seriesFile: &d.series, managersFile: &d.managers} {
		if err := json.Unmarshal([]byte(f[name]), into); err != nil {
			return d, fmt.Errorf("parse %s: %w", name, err)
		}
	}
	if d.page, err = parsePage(f[pageFile]); err != nil {
		return d, fmt.Errorf("parse %s: %w", pageFile, err)
	}
	if d.refused, err = parseRefusals(f[refusedFile]); err != nil {
		return d, fmt.Errorf("parse %s: %w", refusedFile, err)
	}
	d.tools = map[string]string{}
	for _, name := range pythonTools {
		d.tools[name] = f[toolFile(name)]
	}
	return d, nil
}

// loadInventory parses and checks an inventory as a build does.
func loadInventory(text string) (versions.Inventory, error) {
	return versions.Load("", func(name string) ([]byte, error) {
		if name != inventoryFile {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	})
}

// files returns the texts of all files that are generated.
func (d data) files() (files, error) {
	slices.SortStableFunc(d.inventory, byRelease)
	slices.SortStableFunc(d.series, bySeries)
	out := files{}
	for name, text := range d.tools {
		out[toolFile(name)] = text
	}
	var errs [4]error
	out[inventoryFile], errs[0] = lines(d.inventory)
	out[seriesFile], errs[1] = lines(d.series)
	out[managersFile], errs[2] = lines(d.managers)
	out[pageFile], errs[3] = d.page.text(d.inventory)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, err
	}
	_, err := loadInventory(out[inventoryFile])
	return out, err
}

// lines returns a JSON array with one entry a line, so that an update can be reviewed.
func lines[T any](all []T) (string, error) {
	var out []string
	for _, entry := range all {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(entry); err != nil {
			return "", err
		}
		out = append(out, strings.TrimSpace(line.String()))
	}
	return "[\n" + strings.Join(out, ",\n") + "\n]\n", nil
}

// byRelease sorts releases by runtime, latest version and build first, then architecture: an update adds lines at the
// top of a block.
func byRelease(a, b versions.Release) int {
	return cmp.Or(
		cmp.Compare(a.ID, b.ID),
		semver.MustParse(b.Version).Compare(semver.MustParse(a.Version)),
		cmp.Compare(b.Build, a.Build),
		cmp.Compare(a.Arch, b.Arch),
	)
}

// bySeries sorts series by runtime, latest first.
func bySeries(a, b versions.Series) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), semver.MustParse(b.Name).Compare(semver.MustParse(a.Name)))
}
