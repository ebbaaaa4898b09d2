package node

import (
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/tree"
)

// compiledByGyp returns the packages that node-gyp has compiled: it leaves its settings in their directories.
// https://github.com/nodejs/node-gyp#commands
func compiledByGyp(fsys fs.FS, dir string) (names []string, err error) {
	modules := path.Join(dir, "node_modules")
	for _, pattern := range []string{"*", "@*/*", "*/node_modules/*", "@*/*/node_modules/*"} {
		found, err := fs.Glob(fsys, path.Join(tree.Literal(modules), pattern, "build", "config.gypi"))
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			names = append(names, strings.TrimPrefix(path.Dir(path.Dir(file)), modules+"/"))
		}
	}
	return names, nil
}
