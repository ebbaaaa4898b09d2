// Package tandem has files of the repository for programs that run without it.
package tandem

import "embed"

// Descriptor is buildpack.toml.
//
//go:embed buildpack.toml
var Descriptor []byte

// ErrorPages has docs/errors, which explains each error.
//
//go:embed docs/errors/*.md
var ErrorPages embed.FS
