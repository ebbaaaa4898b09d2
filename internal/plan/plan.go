// Package plan decides what a build does. It is pure: no files, no clock, no environment.
package plan

import (
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Question is all that a plan is made from.
type Question struct {
	App       app.App
	Config    config.Config
	Inventory versions.Inventory
	Arch      string                       // "amd64" or "arm64"
	Today     string                       // "2026-11-29", for the end of support of a release
	Last      Last                         // of the last build
	Vars      map[string]string            // the variables of app steps
	Install   map[string]string            // the variables of the installation of Node packages
	Pip       map[string]manager.PipOption // pip's settings; nil if only Vars has any
	Poetry    bool                         // a binding has settings of Poetry
	Places    Places
}

// Plan describes what a build installs, and the steps, processes and notes that follow.
type Plan struct {
	Config config.Config // with the settings of other platforms' files
	Reason string        // why Tandem applies
	Python *Python
	Node   *Node      // nil if Node.js is not used
	Manage app.Manage // Django's manage.py; without a Path if there is none
	Debian Debian
	Notes  []StagedNote
	Open   Open // nothing without errors

	Steps     []Step            // all of a build, in order; with open conditions before Settle
	Processes []process.Process // the same

	app    app.App
	places Places
}

// Python is the interpreter and the way to install the packages.
type Python struct {
	Runtime
	Manager manager.ID
	Sources manager.Sources // what the packages are made from
	Wanted  manager.Wanted
	Dir     string // in which the manager works, relative to the app's root

	GitVersions []manager.GitVersion // as in manager.Target
	Pip         bool                 // pip is in the environment too: a hook calls it
	Also        []string             // as in manager.Target
	Provided    bool                 // an earlier buildpack has installed the packages; of the rest only Runtime is set

	Installer Installer // once the plan has no errors

	target     manager.Target   // see Target; once the plan has no errors
	unreadable []app.Unreadable // files that the plan depends on
}

// Node is the runtime and the projects that are built with it; none if only a hook or a process calls it.
type Node struct {
	Runtime
	Projects []Project
	Launch   Launch
}

// Project is a directory with a package.json that is installed and built. Its paths are relative to the app's root.
type Project struct {
	Package  *app.Node
	Scripts  map[string]string // those that may run; nil: it is only installed, for its workspaces
	Manager  manager.ID
	Tool     Tool // which program of the manager
	Settings app.ManagerSettings
	Files    []app.SettingsFile // that the manager reads
	Install  []string           // the command; nil: there is nothing to install
	Provided bool               // an earlier buildpack has installed the packages
	Update   [][]string         // the commands that update the packages of another lockfile; nil if there are none
	Inputs   []string           // what the packages are made from
	Roots    []app.Path         // what the installation makes and leaves the app after the build
}

// Tool is the package manager program that a project requires. The zero Tool comes with Node.js.
type Tool struct {
	Version   versions.Request // whole, or a range
	Package   string           // the package in the registry that has the program; "" with File
	Hash      string           // "sha512.…", as in packageManager; "": none
	Integrity string           // as the registry writes it, of a version that is ours; "": none
	File      string           // a program that the app includes, relative to the app's root; "": none
}

// Requested returns the files that app.Read must read for a plan with c. others has the runtimes and packages of
// earlier buildpacks.
func Requested(c config.Config, others app.Others) app.Requested {
	return app.Requested{
		Manage: c.ManagePath, Projects: c.NodeProjects.Dirs, Requirements: c.Requirements, Others: others,
		Python: c.PythonProject.Path,
	}
}

// New decides all that can be decided before anything is done. The errors, joined, are the user's (*fail.Error). With
// one, the plan has what could be decided anyway; see Open.
func New(q Question) (Plan, error) {
	settled, said := withEvidence(q.App, q.Config)
	q.Config = settled
	if q.Pip == nil {
		q.Pip = manager.PipVariables(q.Vars)
	}
	p, err := decide(q)
	errs := []error{err, nil, nil, nil}
	if p.Python != nil {
		p.Python.Runtime, errs[1] = q.runtime(p.Python.Ask, q.App.Others.Python)
	}
	if p.Node != nil {
		p.Node.Runtime, errs[2] = q.runtime(p.Node.Ask, q.App.Others.Node)
	}
	errs[3] = variablesUnset(p.Node, isSet(q.Install))
	first := slices.Concat([]note.Note{{ID: "app/applies", Text: p.Reason}}, said,
		missing(q.App, q.Config, isSet(q.Vars)), valuesElsewhere(q.App, isSet(q.Vars)),
		settingsDiffer(q.App, q.Config, isSet(q.Vars)), settingsChosen(q.App, isSet(q.Vars)))
	last := slices.Concat(p.otherVersions(), p.packageEngines(), p.unverified(q.Vars))
	p.Notes = slices.Concat(inStage(Prepare, first), p.Notes, inStage(Prepare, last))
	if err := fail.Join(errs...); err != nil {
		return q.partly(p), err
	}
	return q.follow(p), nil
}

// isSet returns a function that reports whether vars has a variable, even an empty one.
func isSet(vars map[string]string) func(name string) bool {
	return func(name string) bool { _, set := vars[name]; return set }
}

// decide decides how packages are installed and what the image gets of Node.js, but not on releases.
func decide(q Question) (Plan, error) {
	a := q.App
	p := Plan{Config: q.Config, app: a}
	p.Reason, _ = Applies(a)
	if a.Python == nil {
		return p, fail.Join(fail.Join(app.Errors(a.Unreadable)...), notPython())
	}
	var said note.List
	if file, python, node := languages(a); node && !python {
		said.Hint("app/python-not-listed",
			"%s lists Node.js and not Python. Python is used because of %s", file, show.List(a.Python.Signs))
	}
	unreadable := slices.Clone(a.Unreadable)
	if !q.Config.Apt.Off {
		unreadable = append(unreadable, a.Aptfile.Unreadable...)
	}
	var errs [5]error
	var django, python, node, launch note.List
	p.Manage, django, errs[1] = manage(a, q.Config)
	errs[1] = fail.Join(errs[1], q.settingsMissing())
	p.Python, python, errs[0] = q.python(p.Manage)
	unreadable = append(unreadable, p.Python.unreadable...)
	if p.Node, node, errs[2] = q.node(); errs[2] == nil && !q.Config.IsInvalid(launchSettings()...) {
		node = append(node, providedNode(p.Node, a.Others)...)
		launch, errs[3] = q.launch(p.Node)
	}
	errs[4] = submoduleError(a, q.Config, p)
	p.Open = p.openParts(errs[0], errs[1], errs[2], errs[3])
	p.Notes = inStage(Prepare, slices.Concat(said, django, python, node, launch, p.fileNotes(), unfetched(a)))
	return p, withoutEchoes(unreadable, errs[:])
}

// fileNotes notes links and files that do not do in the image what they seem to do.
func (p Plan) fileNotes() (said note.List) {
	said = p.onlyInDockerfile()
	if p.Node != nil && len(p.app.Links) > 0 && !p.Node.Launch.Modules {
		cure := "" // collectstatic copies the files
		if p.Manage.Path == "" || p.Config.Collectstatic.Disable.On {
			cure = fmt.Sprintf(". To have the files in the image, copy them in bin/post_compile, or set %s=true",
				config.NodeModulesLaunch)
		}
		said.Hint("node/link-into-modules",
			"%s: a link into node_modules, which the build can use. It is broken in the image, "+
				"because there is no node_modules%s", show.List(p.app.Links), cure)
	}
	if dir := p.app.ProcfileDir; dir != "." {
		said.Hint("procfile/directory", "Processes: from %s. They start in %s", show.Name(path.Join(dir, "Procfile")),
			show.Name(dir))
	}
	for _, file := range p.app.OtherProcfiles {
		said.Hint("procfile/other-directory",
			"Processes: %s is ignored. A Procfile in the root directory is read, and its processes "+
				"start there: cd %s && …", show.Name(file), show.Path(path.Dir(file)))
	}
	return said
}
