// Package tandem has files of the repository for programs that run without it.
package tandem

import "embed"

// Descriptor is buildpack.toml.
//
//go:embed buildpack.toml
var Descriptor []byte

// Pages has docs/errors, which explains each error, and the page about warnings and notes.
//
//go:embed docs/errors/*.md docs/reference/notes.md
var Pages embed.FS
