//go:debug x509usefallbackroots=1

// Command main is the buildpack: bin/detect and bin/build are links to it, and bin/tandem, by whose name it explains a
// build. That makes it larger by 0.1 MB of 10; a program of its own, cmd/tandem, has 7.
//
// A ca-certificates binding is trusted by our own downloads as the fallback roots; the directive above makes Go use
// them even where the image has certificates of its own. https://pkg.go.dev/crypto/x509#SetFallbackRoots
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"
	"github.com/paketo-buildpacks/libpak/v2/log"
	"github.com/paketo-buildpacks/libpak/v2/utils"

	"github.com/tandem-cnb/tandem/build"
	"github.com/tandem-cnb/tandem/detect"
	"github.com/tandem-cnb/tandem/internal/cli"
	"github.com/tandem-cnb/tandem/internal/msgfmt"
	"github.com/tandem-cnb/tandem/internal/toolrun"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// main runs bin/detect, bin/build or bin/tandem, by the name of the program. In the steps of a build it is also uv,
// poetry, pipenv, pdm and msgfmt.
func main() {
	if toolrun.Is(os.Args[0]) {
		os.Exit(toolrun.Main(os.Args, os.Environ(), os.Stderr))
	}
	if msgfmt.Is(os.Args[0]) {
		os.Exit(msgfmt.Main(os.Args, os.Stdin, os.Stdout, os.Stderr))
	}
	if filepath.Base(os.Args[0]) == "tandem" {
		os.Exit(cli.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
	}
	libpak.BuildpackMain(detect.Detect, build.Build, libcnb.WithLogger(quiet{}),
		libcnb.WithExitHandler(exits{utils.NewExitHandler()}),
		libcnb.WithTOMLWriter(utils.NewTOMLWriter(utils.WithTOMLWriterLogger(log.NewDiscardLogger()))))
}

// exits ends the program. libpak's own handler repeats the title of the build before an error.
type exits struct{ utils.ExitHandler }

// Error prints err in the colors of the log, and exits with the code that the specification has for an error.
func (e exits) Error(err error) {
	var named log.IdentifiableError
	if errors.As(err, &named) { // libpak's, with the name of the buildpack
		err = named.Err
	}
	fmt.Fprintln(os.Stderr, "\n"+ui.Error(err.Error(), ui.Colored(os.Environ())))
	os.Exit(utils.ErrorStatusCode)
}

// quiet is libcnb's logger. At debug level libcnb prints the platform's whole environment, secrets included; this one
// never does.
type quiet struct{}

func (quiet) Debug(...any)           {}
func (quiet) Debugf(string, ...any)  {}
func (quiet) DebugWriter() io.Writer { return io.Discard }
func (quiet) IsDebugEnabled() bool   { return false }
