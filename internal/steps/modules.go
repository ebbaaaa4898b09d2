package steps

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/static"
)

// modules adds up the files below a node_modules in directories that collectstatic copies. It copies no hidden files.
func (d Dirs) modules(dirs []string) (m static.Modules) {
	sizes := map[string]int64{}
	for _, dir := range dirs {
		fsys, root := d.Behind(dir)
		if !strings.Contains("/"+root+"/", modulesDir) {
			continue
		}
		_ = fs.WalkDir(fsys, root, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // what cannot be read is not collected
			case strings.HasPrefix(entry.Name(), ".") && name != root:
				if entry.IsDir() {
					return fs.SkipDir
				}
			case entry.Type().IsRegular():
				if info, err := entry.Info(); err == nil {
					m.Files++
					m.Bytes += info.Size()
					sizes[packageOf(name)] += info.Size()
				}
			}
			return nil
		})
	}
	const named = 3
	var names []string
	for name := range sizes {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(sizes[b], sizes[a]), cmp.Compare(a, b)) })
	for _, name := range names[:min(named, len(names))] {
		m.Packages = append(m.Packages, show.Name(name)+" "+show.Size(sizes[name]))
	}
	return m
}

// modulesDir is the directory of packages, in a path.
const modulesDir = "/node_modules/"

// packageOf returns the name of the package that has a file below node_modules.
func packageOf(file string) string {
	_, rel, _ := strings.Cut("/"+file, modulesDir)
	name, rest, _ := strings.Cut(rel, "/")
	if strings.HasPrefix(name, "@") {
		below, _, _ := strings.Cut(rest, "/")
		return path.Join(name, below)
	}
	return name
}
