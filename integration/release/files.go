package release

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// sums is the file with the SHA-256 of all others, in the format of sha256sum.
const sums = "SHA256SUMS"

// files makes the files of the release: the command tandem for each system, the buildpack and the composites around it
// for both architectures, bills of materials, and their checksums.
func (r release) files(ctx context.Context) error {
	if err := errors.Join(os.RemoveAll(r.dir()), os.MkdirAll(r.dir(), 0o755)); err != nil {
		return err
	}
	for _, target := range devenv.CommandTargets {
		name := "tandem-" + strings.Replace(target, "/", "-", 1)
		if strings.HasPrefix(target, "windows/") {
			name += ".exe"
		}
		if err := r.dev.Command(ctx, target, r.path(name)); err != nil {
			return err
		}
	}
	if err := r.dev.Package(ctx, "", r.carried); err != nil {
		return err
	}
	packages, err := filepath.Glob(filepath.Join(r.dev.Root, "dist/*.cnb"))
	if err != nil || len(packages) == 0 {
		return errors.Join(err, errors.New("make package has made no file"))
	}
	for _, file := range packages {
		if err := os.Rename(file, r.path(filepath.Base(file))); err != nil {
			return err
		}
	}
	return errors.Join(r.writeBOMs(ctx), r.writeSums())
}

// writeSums writes the checksums of all files.
func (r release) writeSums() error {
	names, err := r.names()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, name := range names {
		sum, err := devenv.DigestFile(r.path(name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&text, "%s  %s\n", sum, name)
	}
	return os.WriteFile(r.path(sums), []byte(text.String()), 0o644)
}

// names returns the names of the files that have a checksum, in order.
func (r release) names() (names []string, err error) {
	entries, err := os.ReadDir(r.dir())
	for _, entry := range entries {
		if name := entry.Name(); strings.HasPrefix(name, "tandem-") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, err
}

// verifyFiles compares the files with their checksums, the bills of materials with the programs, and runs the command
// for this machine.
func (r release) verifyFiles(ctx context.Context) error {
	text, err := os.ReadFile(r.path(sums))
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if want := len(devenv.CommandTargets) + 2; len(lines) < want {
		return fmt.Errorf("%s has %d files, want at least %d", sums, len(lines), want)
	}
	for _, line := range lines {
		want, name, _ := strings.Cut(line, "  ")
		if got, err := devenv.DigestFile(r.path(name)); err != nil || got != want {
			return errors.Join(err, fmt.Errorf("%s has the checksum %s, want %s", name, got, want))
		}
	}
	if err := r.verifyBOMs(); err != nil {
		return err
	}
	program := r.path("tandem-" + runtime.GOOS + "-" + runtime.GOARCH)
	out, err := r.dev.Output(ctx, "", program, "version")
	if err != nil || strings.TrimSpace(out) != "Tandem "+r.version {
		return errors.Join(err, fmt.Errorf("tandem version prints %q, want %q", out, "Tandem "+r.version))
	}
	return nil
}
