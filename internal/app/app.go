// Package app reads an application's folder into facts. It decides nothing.
package app

import (
	"io/fs"
)

// App is what the files of an application say.
type App struct {
	Python   *Python   // nil: nothing says Python
	Node     []*Node   // each package.json that may be a project of its own; the root's is the first
	Procfile []Process // in the file's order
	Hooks    Hooks

	Uploaded []string // node_modules and virtual environments that came with the source
	Private  []string // what rarely should be in an image: .env, .git, keys, databases

	Problems []error // files that cannot be read or understood, as the user should read it
}

// NodeIn is the package.json of a folder; nil: there is none.
func (a App) NodeIn(dir string) *Node {
	for _, n := range a.Node {
		if n.Dir == dir {
			return n
		}
	}
	return nil
}

// Version is a wanted version and the place that says so.
type Version struct{ Want, Source string }

// Read gathers the facts; projects are the folders that the user has named as Node's. It never fails: what cannot be understood
// is in Problems.
func Read(fsys fs.FS, projects ...string) App {
	r := &reader{fsys: fsys}
	a := App{Python: r.readPython(), Node: r.readNodes(projects), Procfile: r.readProcfile(), Hooks: ReadHooks(fsys)}
	a.Uploaded = r.uploaded()
	a.Private = r.private(a.Uploaded)
	a.Problems = r.problems
	return a
}
