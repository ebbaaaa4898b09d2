package devenv

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// Restore leaves what a later build on another machine would find: the layers for the cache, their toml without [types].
// Launch layers come back only by way of an image. https://github.com/buildpacks/spec/blob/main/platform.md#restorer
func (p *Phases) Restore() error {
	layers, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, file := range layers {
		cached, err := restoreLayer(file)
		if err != nil {
			return err
		}
		if cached {
			kept[filepath.Base(file)] = true
			kept[strings.TrimSuffix(filepath.Base(file), ".toml")] = true
		}
	}
	entries, err := os.ReadDir(p.Layers)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !kept[entry.Name()] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.Layers, entry.Name())))
		}
	}
	return errors.Join(err, os.RemoveAll(p.path("layers/config")), os.RemoveAll(p.path("layers/sbom")))
}

// restoreLayer strips [types] from a layer's toml and says whether the layer is one for the cache.
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
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0) // in place: it stays the build user's
	if err != nil {
		return false, err
	}
	return true, errors.Join(toml.NewEncoder(out).Encode(content), out.Close())
}

// Save puts aside what is in the layers' folder, as a build has left it or Restore has; Rewind brings it back.
func (p *Phases) Save() error { return copyTree(p.path("layers"), p.path("saved"), true) }

// Rewind makes everything that builds change what it was when Save was called: layers, HOME and files for a while.
func (p *Phases) Rewind() error {
	for _, name := range []string{"app", "home", "tmp", "layers"} {
		if err := os.RemoveAll(p.path(name)); err != nil {
			return err
		}
	}
	for _, name := range []string{"home", "tmp"} {
		if err := errors.Join(os.Mkdir(p.path(name), 0o755), p.own(p.path(name))); err != nil {
			return err
		}
	}
	if err := copyTree(p.path("saved"), p.path("layers"), true); err != nil {
		return err
	}
	// Restore writes these in place, and what is put aside must stay.
	records, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	for _, record := range records {
		err = errors.Join(err, ofItsOwn(record))
	}
	return errors.Join(err, p.own(p.path("layers")))
}

// ofItsOwn makes a file that has other names one that has no other.
func ofItsOwn(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return errors.Join(os.Remove(file), os.WriteFile(file, content, 0o644))
}
