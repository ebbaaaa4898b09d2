package build

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// built is uv's line for a package without a wheel: it was made here from its sources.
var built = regexp.MustCompile(`(?m)^\s*Built (\S+)`)

// sayCompiled names what a compiler of this build image has made: its bytes may differ from machine to machine.
func sayCompiled(log *ui.Branch, names []string) {
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	log.Header("Made from sources here, so that another machine may get other bytes: %s",
		show.Series(slices.Compact(names)))
}

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
