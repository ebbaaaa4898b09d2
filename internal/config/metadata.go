package config

import (
	"fmt"

	"github.com/BurntSushi/toml"
)

// FromMetadata reads the variables env, with the defaults that the metadata of a buildpack.toml declares. The error is
// one of Read, or an internal one if the metadata is not valid.
func FromMetadata(metadata map[string]any, env map[string]string) (Config, error) {
	var declared struct {
		Configurations []struct{ Name, Default string }
	}
	// Through TOML again, the values of the map are checked against their types.
	text, err := toml.Marshal(metadata)
	if err == nil {
		err = toml.Unmarshal(text, &declared)
	}
	if err != nil {
		return Config{}, fmt.Errorf("read configurations of buildpack.toml: %w", err)
	}
	return Read(func(name string) (string, bool) {
		if value, set := env[name]; set {
			return value, true
		}
		for _, c := range declared.Configurations {
			if c.Name == name {
				return c.Default, false
			}
		}
		return "", false
	})
}
