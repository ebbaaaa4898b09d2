package config

import (
	"fmt"

	"github.com/BurntSushi/toml"
	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"
)

// FromDescriptor reads the variables env with the defaults that the text of a buildpack.toml declares.
func FromDescriptor(descriptor []byte, env map[string]string) (Config, error) {
	var declared struct {
		Metadata struct {
			Configurations []struct{ Name, Default string }
		}
	}
	if _, err := toml.Decode(string(descriptor), &declared); err != nil {
		return Config{}, fmt.Errorf("parse buildpack.toml: %w", err)
	}
	return Read(func(name string) (string, bool) {
		if value, set := env[name]; set {
			return value, true
		}
		for _, c := range declared.Metadata.Configurations {
			if c.Name == name {
				return c.Default, false
			}
		}
		return "", false
	})
}

// NameAndHomepage returns the name and the homepage that the text of a buildpack.toml declares.
func NameAndHomepage(descriptor []byte) (name, homepage string) {
	var declared struct {
		Buildpack struct{ Name, Homepage string }
	}
	_, _ = toml.Decode(string(descriptor), &declared) // it is embedded, and FromDescriptor reports errors
	return declared.Buildpack.Name, declared.Buildpack.Homepage
}

// FromBuildpack reads the variables of this process with the defaults that buildpack.toml declares.
func FromBuildpack(buildpack libcnb.Buildpack) (Config, error) {
	metadata, err := libpak.NewBuildModuleMetadata(buildpack.Metadata)
	if err != nil {
		return Config{}, fmt.Errorf("read buildpack.toml: %w", err)
	}
	resolver, err := libpak.NewConfigurationResolver(metadata)
	if err != nil {
		return Config{}, fmt.Errorf("read configurations of buildpack.toml: %w", err)
	}
	return Read(resolver.Resolve)
}
