// Package plan decides what a build does. It is pure: no files, no clock, no environment.
package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Plan is what has to be installed and what follows from it.
type Plan struct {
	Reason string // why Tandem takes part
	Python *Python
	Node   *Node    // nil: Node takes no part
	Notes  []string // decisions worth a line in the log
}

// Python is the interpreter and the way to install the packages.
type Python struct {
	Version app.Version
	Manager manager.Python
	Sources manager.Sources // what the packages are made from
	Wanted  manager.Wanted
}

// Node is the runtime and the way to install the packages.
type Node struct {
	Version  app.Version
	Manager  *manager.Node // nil: there is nothing to install
	Install  []string
	Prebuild bool // package.json has a heroku-prebuild script
	Files    []string
	Settings []string // of npm, without credentials
	Roots    []string // what the installation makes, relative to the app
}

// Applies says whether Tandem takes part in a build of a, and why or why not, in one line.
func Applies(a app.App) (reason string, ok bool) {
	switch {
	case a.Python == nil && a.Node == nil:
		return "no file of a Python app found (manage.py, requirements.txt, pyproject.toml, uv.lock, …)", false
	case a.Python == nil:
		return "package.json, but no file of a Python app: a Node.js buildpack is the right one", false
	case a.Node != nil && !a.Python.Strong:
		return fmt.Sprintf("package.json, and of Python only %s: a Node.js buildpack is the right one", list(a.Python.Signs)), false
	case a.Node != nil:
		return fmt.Sprintf("Python app (%s) with a front end (package.json)", list(a.Python.Signs)), true
	}
	return fmt.Sprintf("Python app (%s) without a package.json", list(a.Python.Signs)), true
}

// New decides on runtimes and packages. The error is the user's, a *fail.Error.
func New(a app.App, c config.Config) (Plan, error) {
	if len(a.Problems) > 0 {
		return Plan{}, a.Problems[0]
	}
	var p Plan
	var err error
	p.Reason, _ = Applies(a)
	if p.Python, err = p.python(a, c); err != nil {
		return Plan{}, err
	}
	if p.Node, err = p.node(a, c); err != nil {
		return Plan{}, err
	}
	return p, nil
}

func (p *Plan) note(format string, args ...any) {
	p.Notes = append(p.Notes, fmt.Sprintf(format, args...))
}

// list is "a", "a and b" or "a, b and c".
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
