// Package tandem is the buildpack's descriptor, for those who have the program without its folder.
package tandem

import _ "embed"

// Descriptor is buildpack.toml.
//
//go:embed buildpack.toml
var Descriptor []byte
