package build

import (
	"path"
	"strings"
)

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
