package build

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/tree"
)

// built is uv's line for a package without a wheel: it was made here from its sources.
var built = regexp.MustCompile(`(?m)^\s*Built (\S+)`)

// compiledByUV finds the packages in uv's output.
func compiledByUV(output string) (names []string) {
	for _, m := range built.FindAllStringSubmatch(output, -1) {
		names = append(names, m[1])
	}
	return names
}

// compiledByGyp finds the packages that node-gyp has built: it leaves its settings in their folders.
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
