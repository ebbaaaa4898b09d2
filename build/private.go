package build

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// The build has two directories of its own, with the same names in every build: random names would get into the caches
// of tools.
//
// The private directory is for what the build itself acts on: downloads, the programs that it starts, credentials. It
// is next to the layers, so that files can be linked into them. It is not a layer: it has no metadata, and the
// lifecycle exports only what has. https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-types
//
// The scratch directory is for what commands of the app may write: their home, logs and functions for hooks.

// emptyPrivate makes the private directory again: a build that was killed, or bin/pre_compile, may have left something.
func (h Host) emptyPrivate() error {
	if err := tree.Remove(h.Private); err != nil {
		return fmt.Errorf("empty the private directory: %w", err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(h.Private), 0o755), os.Mkdir(h.Private, 0o700)); err != nil {
		return fmt.Errorf("make the private directory: %w", err)
	}
	if len(h.guard.certificates) == 0 {
		return nil
	}
	return os.WriteFile(h.certificatesFile(), h.guard.certificates, 0o644)
}

// emptyScratch makes the scratch directory again.
func (h Host) emptyScratch() error {
	if err := tree.Remove(h.Scratch); err != nil {
		return fmt.Errorf("empty the scratch directory: %w", err)
	}
	return os.MkdirAll(environ.Home(h.Scratch), 0o755)
}

// forgetStore removes what a command of the build may have written for the next one. libcnb writes the build's own
// afterwards, if there is something to write, and otherwise leaves the file.
func (h Host) forgetStore() error {
	return tree.Remove(filepath.Join(h.In.Layers.Path, "store.toml"))
}

// certificatesFile returns the path of the bundle that the variables of all tools name: see binding.Certificates.
func (h Host) certificatesFile() string { return filepath.Join(h.Private, "certificates.pem") }

// end stops all that still runs and removes the build's own files, whatever err is. It returns err, or what it could
// not do.
func (h Host) end(err error) error {
	h.guard.stop() // after an error, what is still being packed is of no use; otherwise it is done
	h.Layers.Wait()
	left := fail.Join(h.reap("the build"), tree.Remove(h.Private), tree.Remove(h.Scratch), h.forgetStore())
	if err == nil {
		return left
	}
	if left != nil {
		h.main().Warn("the build could not clean up: %s", left)
	}
	return err
}
