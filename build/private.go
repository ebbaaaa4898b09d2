package build

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// The build has two directories of its own. private is for what it acts on itself: downloads, the programs that it starts, credentials. It is
// beside the layers, so that files can be linked into them, and is none: it has no metadata, and the lifecycle exports only what has.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-types
//
// scratch is for what the app's commands may write too: homes, logs and caches of tools. Both have the same names in every build: random
// names would get into the tools' caches.

// emptyPrivate makes the private directory anew: a build that was killed may have left something, or bin/pre_compile has laid it there.
func (b *builder) emptyPrivate() error {
	if err := removeTree(b.private); err != nil {
		return fmt.Errorf("empty the private directory: %w", err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(b.private), 0o755), os.Mkdir(b.private, 0o700)); err != nil {
		return fmt.Errorf("make the private directory: %w", err)
	}
	if len(b.trusted) == 0 {
		return nil
	}
	return os.WriteFile(b.certificatesFile(), b.trusted, 0o644)
}

// emptyScratch empties what a killed build may have left.
func (b *builder) emptyScratch() error {
	if err := removeTree(b.scratch); err != nil {
		return fmt.Errorf("empty scratch folder: %w", err)
	}
	return os.MkdirAll(filepath.Join(b.scratch, "home"), 0o755)
}

func (b *builder) certificatesFile() string { return filepath.Join(b.private, "certificates.pem") }

// end leaves nothing behind, however the build has ended: nothing that runs, and no file of the build's own. It returns err, or its own.
func (b *builder) end(err error) error {
	b.stop() // what is still being compiled or packed is of no use after an error, and done otherwise
	b.set.Wait()
	left := errors.Join(b.reap("The build"), removeTree(b.private), removeTree(b.scratch))
	if err == nil || left == nil {
		return errors.Join(err, left)
	}
	b.main.Warn("Files of the build are left: %s", left)
	return err
}

// reap ends what commands have left running. No command of the build's may run but byte code's, which nobody else has started.
func (b *builder) reap(step string) error {
	names, err := b.reaper.Reap()
	if len(names) > 0 {
		b.main.Header("%s left processes running, which are ended now: %d (%s)", step, len(names), some(quoted(names)))
	}
	if err == nil {
		return nil
	}
	return &fail.Error{
		ID: "step/left-running", What: step + " left a process running that cannot be ended", Why: err.Error() + ".", Err: err,
		Fix: "End all processes where they are started. In a script, the last lines could be:\n    kill $(jobs -p)\n    wait",
	}
}

// quoted are names of processes, which may have anything in them.
func quoted(names []string) (all []string) {
	for _, name := range names {
		all = append(all, strings.Trim(fmt.Sprintf("%q", name), `"`))
	}
	return all
}

// removeTree removes a directory of the build's own. Tools write some from which nothing can be removed, such as Go's module cache.
func removeTree(dir string) error {
	err := os.RemoveAll(dir)
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return nil
	}) // what is wrong is said below
	return os.RemoveAll(dir)
}
