package explain

import (
	"github.com/BurntSushi/toml"

	tandem "github.com/tandem-cnb/tandem"
)

// buildpack is what explain needs of buildpack.toml.
type buildpack struct {
	Buildpack struct{ Name, Homepage string }
	Metadata  map[string]any
}

// descriptor returns the buildpack.toml that is part of the program. A test of package config parses it.
func descriptor() (own buildpack) {
	_ = toml.Unmarshal(tandem.Descriptor, &own)
	return own
}
