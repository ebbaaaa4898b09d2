package devenv

import (
	"context"
	"debug/buildinfo"
	"path/filepath"
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

// Cosign runs cosign in dir. A key that it makes has no password.
func (e *Env) Cosign(ctx context.Context, dir string, args ...string) error {
	tools, err := e.tool(ctx, "release", cosignVersion)
	if err != nil {
		return err
	}
	sh := e.shell(dir, run.Env{"COSIGN_PASSWORD": ""})
	return told(sh.Run(ctx, append([]string{filepath.Join(tools, "cosign")}, args...)...))
}

// WriteBOM writes the bill of materials of a Go program, whose version is given, in the format of CycloneDX. The same
// program always gives the same file.
func (e *Env) WriteBOM(ctx context.Context, program, version, file string) error {
	tools, err := e.tool(ctx, "release", cosignVersion)
	if err != nil {
		return err
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	target := run.Env{} // the tool takes its own for the program's
	for _, setting := range info.Settings {
		if setting.Key == "GOOS" || setting.Key == "GOARCH" {
			target[setting.Key] = setting.Value
		}
	}
	return told(e.shell("", target).Run(ctx, filepath.Join(tools, "cyclonedx-gomod"), "bin", "-json", "-std",
		"-noserial", "-notimestamp", "-version", "v"+version, "-output", file, program))
}
