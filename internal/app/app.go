// Package app reads an application's folder into facts. It decides nothing.
package app

import (
	"io/fs"
)

// App is what the files of an application say.
type App struct {
	Python   *Python   // nil: nothing says Python
	Node     *Node     // nil: no package.json
	Procfile []Process // in the file's order
	Hooks    Hooks

	Uploaded []string // node_modules and virtual environments that came with the source
	Private  []string // what rarely should be in an image: .env, .git, keys, databases

	Problems []error // files that cannot be read or understood, as the user should read it
}

// Version is a wanted version and the place that says so.
type Version struct{ Want, Source string }

// Read gathers the facts; requirements are the files that the user names, if he says which. It never fails: what cannot be
// understood is in Problems.
func Read(fsys fs.FS, requirements ...string) App {
	r := &reader{fsys: fsys}
	a := App{Python: r.readPython(requirements), Node: r.readNode(), Procfile: r.readProcfile(), Hooks: ReadHooks(fsys)}
	a.Uploaded = r.uploaded()
	a.Private = r.private(a.Uploaded)
	a.Problems = r.problems
	return a
}
