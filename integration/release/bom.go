package release

import (
	"context"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// bomSuffix is the end of the name of a bill of materials, after the name of the file that it is about.
const bomSuffix = ".cdx.json"

// programs returns the programs of the release: by the name of a file of the release, the program in it.
func (r release) programs() (map[string]string, error) {
	found := map[string]string{}
	for _, arch := range architectures {
		found["tandem-linux-"+arch+".cnb"] = filepath.Join(r.dev.Root, "dist", "linux-"+arch, "bin/build")
	}
	names, err := r.names()
	for _, name := range names {
		if !strings.HasSuffix(name, ".cnb") && !strings.HasSuffix(name, bomSuffix) {
			found[name] = r.path(name)
		}
	}
	return found, err
}

// writeBOMs writes a bill of materials for each program.
func (r release) writeBOMs(ctx context.Context) error {
	programs, err := r.programs()
	if err != nil {
		return err
	}
	for name, program := range programs {
		if err := r.dev.WriteBOM(ctx, program, r.version, r.path(name+bomSuffix)); err != nil {
			return err
		}
	}
	return nil
}

// verifyBOMs compares the bills of materials with what Go has written into the programs.
func (r release) verifyBOMs() error {
	programs, err := r.programs()
	for name, program := range programs {
		err = errors.Join(err, verifyBOM(program, r.path(name+bomSuffix)))
	}
	return err
}

// verifyBOM compares the system, the architecture and the modules in a bill of materials with those of a program.
func verifyBOM(program, file string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	want := map[string]string{"std": strings.TrimPrefix(info.GoVersion, "go")}
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		want[module.Path] = module.Version
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var bom struct {
		Metadata struct {
			Component struct{ PURL string }
		}
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal(text, &bom); err != nil {
		return fmt.Errorf("parse %s: %w", file, err)
	}
	for _, setting := range info.Settings {
		part := strings.ToLower(setting.Key) + "=" + setting.Value
		if (setting.Key == "GOOS" || setting.Key == "GOARCH") && !strings.Contains(bom.Metadata.Component.PURL, part) {
			return fmt.Errorf("%s is about %s, want %s", file, bom.Metadata.Component.PURL, part)
		}
	}
	got := map[string]string{}
	for _, component := range bom.Components {
		got[component.Name] = strings.TrimPrefix(component.Version, "go")
	}
	if !maps.Equal(got, want) {
		return fmt.Errorf("%s has %v, want %v", file, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	return nil
}
