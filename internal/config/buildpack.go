package config

import (
	"fmt"

	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"
)

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
