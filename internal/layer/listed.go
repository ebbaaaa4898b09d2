package layer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// RemoveMatching removes the entries of dir that match one of the patterns. dir must not be the app's, and the patterns
// must be constants. Links that lead out of dir are not followed.
func RemoveMatching(dir string, patterns ...string) error {
	within, err := tree.Open(dir)
	if err != nil {
		return err
	}
	defer within.Close()
	for _, pattern := range patterns {
		names := []string{pattern}
		if strings.ContainsAny(pattern, "*?[") {
			if names, err = fs.Glob(within.FS(), pattern); err != nil {
				return fmt.Errorf("remove %s: %w", pattern, err)
			}
		}
		for _, name := range names {
			p, err := app.In(".", name)
			if err == nil {
				err = within.RemoveAll(p)
			}
			if err != nil {
				return fmt.Errorf("remove %s of %s: %w", name, filepath.Base(dir), err)
			}
		}
	}
	return nil
}

// RemoveListed removes the entries that match one of the patterns from a sealed layer and from its manifest.
func RemoveListed(dir string, listed archive.Manifest, patterns ...string) error {
	return errors.Join(RemoveMatching(dir, patterns...), listed.Remove(patterns...))
}

// WriteListed writes a new file into a sealed layer and its manifest. Permissions do not depend on the umask.
func WriteListed(dir string, listed archive.Manifest, name string, data []byte) error {
	const perm = 0o644
	if err := MakeListedDir(dir, listed, path.Dir(name)); err != nil {
		return err
	}
	file := filepath.Join(dir, name)
	err := errors.Join(os.RemoveAll(file), os.WriteFile(file, data, perm), os.Chmod(file, perm))
	listed.Put(name, archive.FileOf(data, perm))
	return err
}

// MakeListedDir creates a directory at the top of a sealed layer, and lists it in the manifest. It does nothing if the
// manifest has it.
func MakeListedDir(dir string, listed archive.Manifest, name string) error {
	if _, there := listed[name]; there {
		return nil
	}
	made := filepath.Join(dir, name)
	listed.Put(name, archive.Entry{Mode: fs.ModeDir | 0o755})
	return errors.Join(os.MkdirAll(made, 0o755), os.Chmod(made, 0o755))
}
