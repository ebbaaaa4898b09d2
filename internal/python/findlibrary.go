package python

import (
	_ "embed"
	"errors"
	"os"
	"path/filepath"
)

// findLibrary lets ctypes.util.find_library find libraries of Debian packages in the image.
//
//go:embed libraries.py
var findLibrary []byte

// findsModule is the name of the module that a .pth file imports at the start of Python.
// https://docs.python.org/3/library/site.html
const findsModule = "_tandem_libraries"

// addFindLibrary writes the module into the environment.
func addFindLibrary(venv string) error {
	sites, err := filepath.Glob(sitePackages(venv))
	if err != nil || len(sites) == 0 {
		return err
	}
	file := filepath.Join(sites[0], findsModule)
	return errors.Join(os.WriteFile(file+".py", findLibrary, 0o644),
		os.WriteFile(file+".pth", []byte("import "+findsModule+"\n"), 0o644))
}
