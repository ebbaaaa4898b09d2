// Package app reads an application's folder into facts. It decides nothing.
package app

import (
	"io/fs"
)

// App is what the files of an application say.
type App struct {
	Python    *Python   // nil: nothing says Python
	Node      []*Node   // each package.json that may be a project of its own; the root's is the first
	Procfile  []Process // in the file's order
	Elsewhere []string  // where nothing says Python: requirements.txt in folders
	Unread    []string  // where the root folder has no Procfile: those in the folders of manage.py and of the packages
	Profiles  []string  // scripts that other platforms source before each process: .profile, .profile.d/*.sh
	Hooks     Hooks

	Uploaded []string // node_modules and virtual environments that came with the source
	Private  []string // what rarely should be in an image: .env, .git, keys, databases
	Links    []string // symbolic links into a node_modules

	Translations []string // .po files without the .mo file that programs read

	Others Others // what earlier buildpacks of the same build have made

	Evidence []Evidence // of other platforms, in the order in which it counts

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

// Asked are the places in the app that the user has named.
type Asked struct {
	Manage   string   // "": to be found
	Projects []string // folders of Node projects; nil: to be found

	Requirements []string // requirements files; nil: to be found

	Others Others // what is there besides the source
}

// Read gathers the facts where nothing is named.
func Read(fsys fs.FS) App { return Asked{}.Read(fsys) }

// Read gathers the facts. It never fails: what cannot be understood is in Problems.
func (asked Asked) Read(fsys fs.FS) App {
	r := newReader(fsys)
	r.asked = asked
	a := App{Python: r.readPython(asked.Requirements), Node: r.readNodes(asked.Projects),
		Procfile: r.readProcfile(), Hooks: r.hooks()}
	if a.Python == nil {
		a.Elsewhere = r.requirementsElsewhere()
	}
	a.Unread = r.procfilesBelow(a.Python)
	a.Profiles = r.profiles()
	a.Others = asked.Others
	a.Others.Pruned = r.pruned(a.Node)
	a.Uploaded = a.Others.ownUploads(r.uploaded())
	a.Private = r.private(a.Uploaded)
	a.Links = r.links()
	a.Translations = r.translations(a.Uploaded)
	a.Evidence = r.readEvidence()
	a.Problems = r.problems
	if r.tooMany != nil {
		a.Problems = append(a.Problems, r.tooMany)
	}
	return a
}
