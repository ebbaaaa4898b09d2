//go:debug x509usefallbackroots=1

// Command main is the buildpack: bin/detect and bin/build are links to it, and bin/tandem, by whose name it explains a
// build. That makes it larger by 0.1 MB of 10; a program of its own, cmd/tandem, has 7.
//
// A ca-certificates binding is trusted by our own downloads as the fallback roots; the directive above makes Go use
// them even where the image has certificates of its own. https://pkg.go.dev/crypto/x509#SetFallbackRoots
package main

import (
	"io"
	"os"
	"path/filepath"

	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/build"
	"github.com/tandem-cnb/tandem/detect"
	"github.com/tandem-cnb/tandem/internal/explain"
)

func main() {
	if filepath.Base(os.Args[0]) == "tandem" {
		os.Exit(explain.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
	}
	libpak.BuildpackMain(detect.Detect, build.Build, libcnb.WithLogger(quiet{}))
}

// quiet is libcnb's logger. At debug level libcnb prints the platform's whole environment, secrets included; this one
// never does.
type quiet struct{}

func (quiet) Debug(...any)           {}
func (quiet) Debugf(string, ...any)  {}
func (quiet) DebugWriter() io.Writer { return io.Discard }
func (quiet) IsDebugEnabled() bool   { return false }
