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
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Plan is what has to be installed and what follows from it.
type Plan struct {
	Reason string // why Tandem takes part
	Python *Python
	Node   *Node      // nil: Node takes no part
	Manage app.Manage // Django's manage.py; no Path: there is none
	Notes  []string   // decisions worth a line in the log

	last   Lines
	others app.Others
}

// Python is the interpreter and the way to install the packages.
type Python struct {
	Ask     versions.Ask
	Manager manager.ID
	Sources manager.Sources // what the packages are made from
	Wanted  manager.Wanted
	Dir     string // in which the manager works, relative to the app's root folder
	Pip     bool   // pip is in the environment too: a hook calls it
	Given   bool   // an earlier buildpack has installed the packages: of the rest only Ask means anything

	unread []error // problems of the files that the plan depends on
}

// Node is the runtime and the projects that are built with it; none where only a hook or a process calls it.
type Node struct {
	Ask      versions.Ask
	Projects []Project
	Launch   Launch
}

// Project is a folder with a package.json that is installed and built. Its paths are relative to the app's root folder.
type Project struct {
	Package  *app.Node
	Scripts  map[string]string // those that may run; nil: it is only installed, for its workspaces
	Manager  manager.ID
	Tool     Tool // which program of the manager
	Settings app.ManagerSettings
	Files    []app.SettingsFile // that the manager reads
	Install  []string           // the command; nil: there is nothing to install
	Given    bool               // an earlier buildpack has installed the packages
	Update   [][]string         // the commands that bring the packages of another lock up to date; nil: there are none
	Inputs   []string           // what the packages are made from
	Roots    []string           // what the installation makes and leaves the app after the build
	Again    []Step             // scripts of the app that the installation runs, and that run again where its packages are kept from an earlier build
}

// Tool is the program of a package manager that a project wants. The zero Tool is the one that comes with Node.js.
type Tool struct {
	Version   versions.Request // whole, or a range
	Hash      string           // "sha512.…", as in packageManager; "": none
	Integrity string           // as the registry writes it, of a version that is ours; "": none
	File      string           // a program that the app brings, relative to its root folder; "": none
}

// Applies says whether Tandem takes part in a build of a, and why or why not, in one line.
func Applies(a app.App) (reason string, ok bool) {
	switch {
	case a.Python == nil && a.NodeIn(".") == nil:
		return "no file of a Python app found (manage.py, requirements.txt, pyproject.toml, uv.lock, …)" + elsewhere(a), false
	case a.Python == nil:
		return "package.json, but no file of a Python app: a Node.js buildpack is the right one" + elsewhere(a), false
	case a.NodeIn(".") != nil && !a.Python.Strong:
		return fmt.Sprintf("package.json, and of Python only %s: a Node.js buildpack is the right one", show.List(a.Python.Signs)), false
	case a.NodeIn(".") != nil:
		return fmt.Sprintf("Python app (%s) with a front end (package.json)", show.List(a.Python.Signs)), true
	}
	where := ""
	if len(a.Node) > 0 {
		where = " in the root folder"
	}
	return fmt.Sprintf("Python app (%s) without a package.json%s", show.List(a.Python.Signs), where), true
}

// elsewhere says how a Python app in a folder comes to be one.
func elsewhere(a app.App) string {
	if len(a.Elsewhere) == 0 {
		return ""
	}
	return fmt.Sprintf(". If %s describes one, name it (%s=%s), or build that folder alone", show.Name(a.Elsewhere[0]), config.PythonRequirements, show.Word(a.Elsewhere[0]))
}

// New decides on runtimes and packages; last are the lines of the build before. The errors, joined, are the user's (*fail.Error):
// all that can be known at once. With one, the plan has what could be decided all the same.
func New(a app.App, c config.Config, last Lines) (Plan, error) {
	p := Plan{last: last, others: a.Others}
	p.Reason, _ = Applies(a)
	if a.Python == nil {
		return p, fail.Join(fail.Join(a.Problems...), notPython())
	}
	if file, python, node := languages(a); node && !python {
		p.note("%s lists Node.js and not Python. Python takes part because of %s", file, show.List(a.Python.Signs))
	}
	problems := slices.Clone(a.Problems)
	var errs [4]error
	p.Manage, errs[1] = manage(a, c)
	p.Python, errs[0] = p.python(a, c)
	problems = append(problems, p.Python.unread...)
	if p.Node, errs[2] = p.node(a, c); errs[2] == nil {
		p.givenNode(a.Others)
		errs[3] = p.launch(a, c)
	}
	if p.Node != nil && len(a.Links) > 0 && !p.Node.Launch.Modules {
		p.note("%s: a link into node_modules, good for the build; in the image it leads nowhere, since node_modules is not shipped", show.List(a.Links))
	}
	for _, file := range a.Unread {
		p.note("Processes: %s is not read, only a Procfile in the root folder is, and its processes start there: cd %s && …", show.Name(file), show.Path(path.Dir(file)))
	}
	return p, withoutEchoes(problems, errs[:])
}

// echoes are errors about what was not found. Beside a file that cannot be read they say nothing new: it may stand there.
var echoes = []string{"python/no-requirements", "python/requirements-choice", "config/unknown-name", "node/script-missing", "node/several-projects"}

// withoutEchoes are the problems of files and the errors that do not come from them, each once.
func withoutEchoes(problems, errs []error) error {
	unread := slices.ContainsFunc(problems, func(err error) bool {
		user, ok := fail.User(err)
		return ok && user.ID != "procfile/line" && user.ID != "version/file-invalid" // these name no packages and no scripts
	})
	var all []error
	said := map[string]bool{} // a file of two languages has been read for each
	for _, err := range append(slices.Clone(problems), fail.Each(fail.Join(errs...))...) {
		user, ok := fail.User(err)
		if !ok {
			all = append(all, err)
		} else if text := user.Error(); !said[text] && !(unread && slices.Contains(echoes, user.ID)) {
			said[text] = true
			all = append(all, err)
		}
	}
	return fail.Join(all...)
}

func (p *Plan) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}
