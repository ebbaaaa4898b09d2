package devenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// Restore leaves what a later build on another machine would find: the cached layers, their toml without [types].
// Launch layers would come from an image. https://github.com/buildpacks/spec/blob/main/platform.md#restorer
func (p *Phases) Restore() error {
	entries, err := os.ReadDir(p.Layers)
	if err != nil {
		return err
	}
	cached := map[string]bool{}
	for _, entry := range entries {
		name, isTOML := strings.CutSuffix(entry.Name(), ".toml")
		if !isTOML {
			continue
		}
		if cached[name], err = restoreLayer(filepath.Join(p.Layers, entry.Name())); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		if !cached[strings.TrimSuffix(entry.Name(), ".toml")] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.Layers, entry.Name())))
		}
	}
	return errors.Join(err, os.RemoveAll(p.path("layers/config")), os.RemoveAll(p.path("layers/sbom")))
}

// restoreLayer removes [types] from a layer's toml and reports whether the layer is cached.
func restoreLayer(file string) (bool, error) {
	content := map[string]any{}
	if _, err := toml.DecodeFile(file, &content); err != nil {
		return false, fmt.Errorf("parse %s: %w", file, err)
	}
	types, _ := content["types"].(map[string]any) // launch.toml, build.toml and store.toml have none
	if cached, _ := types["cache"].(bool); !cached {
		return false, nil
	}
	delete(content, "types")
	text, err := toml.Marshal(content)
	return true, errors.Join(err, os.WriteFile(file, text, 0o644)) // in place: it stays the build user's
}

// Save saves the directory of layers, as a build or Restore has left it; Rewind brings it back.
func (p *Phases) Save() error { return copyTree(p.path("layers"), p.path("saved"), true) }

// Rewind makes everything that builds change what it was when Save was called: layers, HOME and temporary files.
func (p *Phases) Rewind() error {
	err := errors.Join(os.RemoveAll(p.path("app")), p.empty("home", "tmp", "layers"),
		copyTree(p.path("saved"), p.path("layers"), true))
	if err != nil {
		return err
	}
	// Restore writes these in place, and what is saved must stay: each gets contents of its own.
	records, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	for _, record := range records {
		content, readErr := os.ReadFile(record)
		err = errors.Join(err, readErr, os.Remove(record), os.WriteFile(record, content, 0o644))
	}
	return errors.Join(err, p.own(p.path("layers")))
}
