//go:debug x509usefallbackroots=1

// Command main is the buildpack: bin/detect and bin/build are links to it.
//
// A ca-certificates binding is trusted by our own downloads as the fallback roots; the directive above makes Go use them
// even where the image has certificates of its own. https://pkg.go.dev/crypto/x509#SetFallbackRoots
package main

import (
	"io"

	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/build"
	"github.com/tandem-cnb/tandem/detect"
)

func main() {
	libpak.BuildpackMain(detect.Detect, build.Build, libcnb.WithLogger(quiet{}))
}

// quiet is libcnb's logger. At debug level libcnb prints the platform's whole environment, secrets included; this one never does.
type quiet struct{}

func (quiet) Debug(...any)           {}
func (quiet) Debugf(string, ...any)  {}
func (quiet) DebugWriter() io.Writer { return io.Discard }
func (quiet) IsDebugEnabled() bool   { return false }
