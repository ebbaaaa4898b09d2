// Package app reads an application directory into facts, which are plain data. It decides nothing.
package app

import (
	"io/fs"

	"github.com/tandem-cnb/tandem/internal/recipe"
)

// App has the facts that the files of an application state.
type App struct {
	Python *Python // nil if nothing says Python
	Node   []*Node // each package.json that may be a project of its own, the one of the root first
	Procfiles
	Elsewhere    []string // files in directories that list Python packages, if no other file does
	Hooks        Hooks
	Aptfile      Aptfile
	Calls        Calls  // of Node.js, by Python
	DeepFrontEnd string // a directory with a build script that is too deep to be a project; "" if there is none
	Clone

	Uploaded []Path   // node_modules and virtual environments that came with the source
	Private  []string // files that an image should rarely have: .env, .git, keys, databases
	Links    []string // symbolic links into a node_modules

	Translations []string // .po files without the .mo file that programs read

	Others Others // what earlier buildpacks of the same build have left

	Platforms

	Unreadable []Unreadable // files that every build needs
}

// Platforms has what files for other platforms show about the app.
type Platforms struct {
	Evidence      []Evidence       // their own files, in the order of precedence
	Recipes       []recipe.Command // what Dockerfiles and pipelines call of package managers and of Node.js packages
	Copies        []recipe.Copy    // of the Dockerfiles
	RootElsewhere RootElsewhere
	Profiles      []string    // scripts that they source before each process: .profile, .profile.d/*.sh
	PostDeploy    *PostDeploy // nil if there is none
}

// Procfiles are the Procfile of the app and those that are not read.
type Procfiles struct {
	Procfile       []Process // in the file's order
	ProcfileDir    string    // the directory of the Procfile, in which its processes start
	OtherProcfiles []string  // those next to manage.py and to the packages, if the root has no Procfile
}

// NodeIn returns the package.json of a directory, or nil if there is none.
func (a App) NodeIn(dir string) *Node {
	for _, n := range a.Node {
		if n.Dir == dir {
			return n
		}
	}
	return nil
}

// Requested has the paths in the app that the user has set, and what the build has found outside of the app.
type Requested struct {
	Manage       string   // path of manage.py; "" to search for it
	Projects     []string // directories of Node projects; nil to search for them
	Requirements []string // requirements files; nil to search for them
	Python       string   // directory of the Python project, "." for the root; "" to search for it

	Others Others
}

// Read reads the facts, each file once. It never fails: files that cannot be read or understood are Unreadable, in App
// or in the part that needs them.
func Read(fsys fs.FS, requested Requested) App {
	r := newReader(fsys)
	r.requested = requested
	a := App{
		Clone: r.readClone(), Hooks: r.hooks(),
		Python: r.readPython(requested.Requirements), Node: r.readNodes(requested.Projects),
	}
	a.Calls, a.DeepFrontEnd = r.readCalls(a.Python, a.Node), r.deepFrontEnd(a.Node)
	a.ProcfileDir = r.procfileDir(a.Python)
	a.Procfile = r.readProcfile(a.ProcfileDir)
	// Packages in other directories do not make it a Python app, but the user may have meant them.
	if a.Python == nil || !r.describesPackages(a.Python.Dir) {
		a.Elsewhere = r.packagesElsewhere()
	}
	a.OtherProcfiles = r.procfilesBelow(a)
	a.Copies = r.copies(a)
	a.Profiles, a.PostDeploy, a.Aptfile = r.profiles(), r.postDeploy(), r.readAptfile()
	a.Others = requested.Others
	a.Others.Pruned = r.pruned(a.Node)
	// What an earlier buildpack has made in this build did not come with the source.
	a.Uploaded = a.Others.ownUploads(r.uploaded())
	a.Private = r.private(a.Uploaded)
	a.Links = r.links()
	a.Translations = r.translations(a.Uploaded)
	a.Recipes = r.recipes(a)
	a.Evidence, a.RootElsewhere = r.readEvidence(), r.rootElsewhere()
	a.Pointers = r.pointers()
	a.Unreadable = r.unreadable
	if r.tooMany != nil {
		a.Unreadable = append(a.Unreadable, Unreadable{".", r.tooMany, Unknown})
	}
	return a
}

// Prepared are the facts that a build needs before bin/pre_compile, which may change all others.
type Prepared struct {
	Hook            *Hook    // bin/pre_compile; nil if there is none
	Revision        string   // as in App
	SettingsModules []string // of Django in the root, for an error of the hook; nil without one
}

// PreCompile reads them.
func PreCompile(fsys fs.FS) Prepared {
	r := newReader(fsys)
	p := Prepared{Hook: r.hooks().PreCompile, Revision: r.revision()}
	if p.Hook != nil {
		p.SettingsModules = r.settingsModules("")
	}
	return p
}

// Leftovers returns the node_modules and virtual environments that are in the app after its steps.
func Leftovers(fsys fs.FS) []Path { return newReader(fsys).uploaded() }
