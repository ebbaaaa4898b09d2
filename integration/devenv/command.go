package devenv

import (
	"context"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

// CommandTargets are the systems and architectures for which the command tandem is released, in the words of Go.
var CommandTargets = []string{
	"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64",
}

// Command compiles the command tandem for one of the CommandTargets into a file, with no trace of this machine.
func (e *Env) Command(ctx context.Context, target, file string) error {
	system, arch, _ := strings.Cut(target, "/")
	return e.Step("compile tandem for "+target, func() error {
		sh := e.shell(e.Root, run.Env{"CGO_ENABLED": "0", "GOOS": system, "GOARCH": arch})
		return told(sh.Run(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", file,
			"./cmd/tandem"))
	})
}

// Version returns the version in buildpack.toml.
func (e *Env) Version() (string, error) {
	_, version, err := identity(e.Root)
	return version, err
}
