package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/similar"
)

// setting is a variable that buildpack.toml declares.
type setting struct{ Name, Default string }

// settings returns the variables that the metadata of a buildpack.toml declares.
func settings(metadata map[string]any) ([]setting, error) {
	var declared struct{ Configurations []setting }
	// Through TOML again, the values of the map are checked against their types.
	text, err := toml.Marshal(metadata)
	if err == nil {
		err = toml.Unmarshal(text, &declared)
	}
	if err != nil {
		return nil, fmt.Errorf("read configurations of buildpack.toml: %w", err)
	}
	return declared.Configurations, nil
}

// FromMetadata reads the variables env, with the defaults that the metadata of a buildpack.toml declares. The error is
// one of Read, or an internal one if the metadata is not valid.
func FromMetadata(metadata map[string]any, env map[string]string) (Config, error) {
	declared, err := settings(metadata)
	if err != nil {
		return Config{}, err
	}
	return Read(func(name string) (string, bool) {
		if value, set := env[name]; set {
			return value, true
		}
		for _, c := range declared {
			if c.Name == name {
				return c.Default, false
			}
		}
		return "", false
	})
}

// Misspelled returns a warning for each variable of env whose name is almost one that the metadata of a buildpack.toml
// declares. Names that are less alike belong to other buildpacks.
func Misspelled(metadata map[string]any, env map[string]string) (warnings []string) {
	declared, _ := settings(metadata) // FromMetadata has reported the error
	for _, name := range slices.Sorted(maps.Keys(env)) {
		isName := func(s setting) bool { return s.Name == name }
		if !strings.HasPrefix(name, "BP_") || slices.ContainsFunc(declared, isName) {
			continue
		}
		for _, s := range declared {
			if strings.HasPrefix(s.Name, "BP_") && similar.Distance(name, s.Name) <= 2 {
				warnings = append(warnings, name+" is not known: did you mean "+s.Name+"?")
				break
			}
		}
	}
	return warnings
}

// Counterparts returns a hint for each variable of env that Paketo's buildpacks read, and that Tandem has by another
// name. Their other variables are for what Tandem does not do, or have the same name.
// https://paketo.io/docs/reference/configuration
func Counterparts(env map[string]string) (hints []string) {
	for _, c := range []struct{ name, instead string }{
		{"BP_LAUNCHPOINT", "a line in the Procfile"},
		{"BP_PIP_REQUIREMENT", PythonRequirements},
		{"BP_POETRY_VERSION", "requires-poetry in pyproject.toml"},
	} {
		if _, set := env[c.name]; set {
			hints = append(hints, c.name+" is a name of Paketo's, which Tandem does not read: use "+c.instead)
		}
	}
	return hints
}
