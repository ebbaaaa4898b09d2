package software

import (
	"encoding/json"
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/purl"
)

// nodePackage has the fields of a package.json, or of an entry of npm's lockfile, that describe a package.
type nodePackage struct {
	Name, Version string
	License       any // a text, or an object with a type in packages of 2012
	Licenses      any // a list of such objects
	Link          bool
}

// Node returns the packages of Node.js in the directories roots, each a node_modules. The places of a component are the
// directories of the package. npm lists them in a file of its own; otherwise each package.json is read.
func Node(fsys fs.FS, roots []string) (found []bom.Component) {
	for _, root := range roots {
		listed, ok := hidden(fsys, root)
		if !ok {
			w := walk{fsys: fsys, modules: path.Base(root)}
			w.packages(root, 0)
			listed = w.found
		}
		found = append(found, listed...)
	}
	return found
}

// hidden reads the lockfile that npm keeps in node_modules: it lists what is there, without packages for other systems.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#hidden-lockfiles
func hidden(fsys fs.FS, root string) (found []bom.Component, ok bool) {
	var lock struct{ Packages map[string]nodePackage }
	if !decode(fsys, path.Join(root, ".package-lock.json"), &lock) {
		return nil, false
	}
	modules := path.Base(root) + "/"
	for dir, p := range lock.Packages {
		at := strings.LastIndex(dir, modules)
		if at < 0 || p.Link || !fs.ValidPath(dir) {
			continue
		}
		if p.Name == "" { // otherwise it is an alias
			p.Name = dir[at+len(modules):]
		}
		found = p.add(found, path.Join(path.Dir(root), dir))
	}
	return found, true
}

// walk collects the packages below directories.
type walk struct {
	fsys    fs.FS
	modules string // the name of the directories that have packages
	found   []bom.Component
	entries int
}

// packages adds the packages of a node_modules and those within them. Links are not followed: they lead to packages
// that have another directory, or to the app's own. pnpm has all packages in .pnpm.
func (w *walk) packages(dir string, level int) {
	for _, entry := range w.list(dir, level) {
		name := entry.Name()
		at := path.Join(dir, name)
		switch {
		case !entry.IsDir():
		case name == ".pnpm":
			for _, version := range w.list(at, level) {
				w.packages(path.Join(at, version.Name(), w.modules), level+1)
			}
		case strings.HasPrefix(name, "."):
		case strings.HasPrefix(name, "@"):
			for _, scoped := range w.list(at, level) {
				if scoped.IsDir() {
					w.one(path.Join(at, scoped.Name()), level)
				}
			}
		default:
			w.one(at, level)
		}
	}
}

// list returns the entries of a directory, unless there are too many already.
func (w *walk) list(dir string, level int) []fs.DirEntry {
	if level > limits.Levels || w.entries > limits.Entries {
		return nil
	}
	entries, _ := fs.ReadDir(w.fsys, dir) // a directory that is absent has no packages
	w.entries += len(entries)
	return entries
}

// one adds the package in a directory, and those in its own node_modules.
func (w *walk) one(dir string, level int) {
	var p nodePackage
	if decode(w.fsys, path.Join(dir, "package.json"), &p) {
		w.found = p.add(w.found, dir)
	}
	w.packages(path.Join(dir, w.modules), level+1)
}

// decode reads a JSON file of a package into value, and reports whether it could.
func decode(fsys fs.FS, name string, value any) bool {
	file := open(fsys, name)
	if file == nil {
		return false
	}
	data, err := limits.ReadAndClose(file, name, limits.Size(name))
	return err == nil && json.Unmarshal(data, value) == nil
}

// add adds a package in dir, if it has a name and a version.
func (p nodePackage) add(to []bom.Component, dir string) []bom.Component {
	if p.Name == "" || p.Version == "" {
		return to
	}
	return append(to, bom.Component{
		PURL: purl.Of(purl.NPM, text(p.Name), text(p.Version)), License: p.license(), Evidence: bom.Installed,
		Places: []string{dir},
	})
}

// license returns the license as the package declares it.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#license
func (p nodePackage) license() string {
	if all, ok := p.Licenses.([]any); ok && p.License == nil {
		var names []string
		for _, one := range all {
			if name := licenseName(one); name != "" {
				names = append(names, name)
			}
		}
		return text(strings.Join(names, " OR "))
	}
	return text(licenseName(p.License))
}

// licenseName returns a license that is a text or an object with a type.
func licenseName(license any) string {
	if object, ok := license.(map[string]any); ok {
		license = object["type"]
	}
	name, _ := license.(string)
	return name
}
