package build

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// removeListed removes the entries that match one of the patterns from a sealed layer and from its manifest.
func removeListed(dir string, listed archive.Manifest, patterns ...string) error {
	return errors.Join(removeMatching(dir, patterns...), listed.Remove(patterns...))
}

// writeListed writes a new file into a sealed layer and its manifest. Permissions do not depend on the umask.
func writeListed(dir string, listed archive.Manifest, name string, data []byte, perm fs.FileMode) error {
	if _, there := listed[path.Dir(name)]; !there {
		if err := makeListedDir(dir, listed, path.Dir(name)); err != nil {
			return err
		}
	}
	file := filepath.Join(dir, name)
	err := errors.Join(os.RemoveAll(file), os.WriteFile(file, data, perm), os.Chmod(file, perm))
	listed.Put(name, archive.FileOf(data, perm))
	return err
}

// makeListedDir makes a directory at the top of a sealed layer.
func makeListedDir(dir string, listed archive.Manifest, name string) error {
	made := filepath.Join(dir, name)
	listed.Put(name, archive.Entry{Mode: fs.ModeDir | 0o755})
	return errors.Join(os.MkdirAll(made, 0o755), os.Chmod(made, 0o755))
}

// emptyDir removes what is in dir.
func emptyDir(dir string) error {
	return errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o755), os.Chmod(dir, 0o755))
}

// byteCodeOf returns the source of a byte-code file, as bytecode.py names it. It is empty for other files.
// https://peps.python.org/pep-3147/
func byteCodeOf(name string) string {
	dir, file := path.Split(name)
	module, isByteCode := strings.CutSuffix(file, ".pyc")
	if path.Base(dir) != "__pycache__" || !isByteCode {
		return ""
	}
	module = strings.TrimSuffix(module, path.Ext(module)) // the tag: .cpython-313
	return path.Join(path.Dir(path.Clean(dir)), module+".py")
}
