package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// evidence has the reasons why a build needs Node.js, for the log. Each is empty if there is none.
type evidence struct {
	root      *app.Node // nil if the root has no package.json
	strong    string    // package.json of the root, or of one of its workspaces, shows a build
	weak      string    // it shows only packages, and no other platform's list contradicts
	python    string    // Python needs the packages of the root
	requested string    // a variable, a hook, a process or a command requests Node.js
	needed    bool      // what requests it is in the app, or in the image, and may need the packages of the root
	listed    string    // another platform's list has no Node.js, and nothing but weak evidence contradicts
}

// evidenceOf reads the evidence of the root's package.json and of the rest of the app.
func evidenceOf(a app.App, c config.Config, root *app.Node) (e evidence) {
	e = evidence{root: root, requested: whyNodeRequested(a, c)}
	if root != nil {
		e.python = whyPython(a)
		why, strong := whyNodeProject(root)
		if building := buildingWorkspaces(a, root); !strong && len(building) > 0 {
			why, strong = whyNodeProject(building[0])
		}
		if strong {
			e.strong = why
		} else {
			e.weak = why
		}
	}
	if e.requested == "" {
		e.listed = withoutNode(a)
	}
	if e.listed != "" {
		e.weak = ""
	}
	e.needed = e.python != "" || e.weak != "" && (c.NodeLaunch.On || c.NodeModulesLaunch.On || whyNodeUsed(a, c) != "")
	return e
}

// whyNodeProject returns the reason why a package.json itself shows that the build needs Node.js. It is empty if there
// is none. devDependencies are not a reason: no list of linters, test runners and their plugins is ever complete. The
// evidence is strong if it shows a build, and weak if it shows only packages.
func whyNodeProject(n *app.Node) (why string, strong bool) {
	file := show.Name(n.Path("package.json"))
	_, hasPrebuild := n.Scripts[prebuild]
	switch {
	case app.BuildScript(n.Scripts) != "", hasPrebuild:
		return file + " has a script for the build", true
	case installScript(n) != "":
		return file + " has a script " + installScript(n), true
	case len(n.Dependencies) > 0:
		return file + " has dependencies", false
	case len(n.Workspaces) > 0:
		return file + " has workspaces", false
	}
	return "", false
}

// whyPython returns the reason why the app's Python files and packages need Node.js. It is empty if there is none.
func whyPython(a app.App) string {
	switch calls := a.Calls; {
	case len(calls.Packages) > 0:
		return fmt.Sprintf("%s, a Python package of the app, calls it", show.Name(calls.Packages[0]))
	case calls.Node.File != "":
		return usesNode(calls.Node)
	case calls.Program.File != "":
		return usesNode(calls.Program)
	}
	return ""
}

// usesNode says what a Python file calls or names.
func usesNode(c app.Call) string {
	return fmt.Sprintf("%s, names %s", c.Place(), show.Value(c.Text))
}

// nodeVariable returns the name of the first variable that requests Node.js. It is empty if none is set.
func nodeVariable(c config.Config) string {
	switch {
	case c.NodeVersion != "":
		return config.NodeVersion
	case len(c.RunScripts.Names) > 0:
		return config.RunScripts
	case c.NodeLaunch.On:
		return config.NodeLaunch
	case c.NodeModulesLaunch.On:
		return config.NodeModulesLaunch
	}
	return ""
}

// whyNodeRequested returns the reason outside of package.json and of Python why the build needs Node.js. It is empty if
// there is none.
func whyNodeRequested(a app.App, c config.Config) string {
	if variable := nodeVariable(c); variable != "" {
		return variable + " is set"
	}
	return whyNodeUsed(a, c)
}

// whyNodeUsed returns the hook, the process or the command that names Node.js. It is empty if there is none.
func whyNodeUsed(a app.App, c config.Config) string {
	if a.Hooks.NameNode() {
		return "a hook names it"
	}
	for _, process := range a.Procfile {
		if app.NamesNode(process.Command) {
			return "the Procfile names it"
		}
	}
	for _, words := range slices.Concat(c.CommandsBefore, c.CommandsAfter) {
		if app.NamesNode(strings.Join(words, " ")) {
			return show.Name(words[0]) + ", a management command of the build, names it"
		}
	}
	return ""
}

// idleBuilds warns of what looks like a build that nothing starts.
func idleBuilds(n *app.Node) (said note.List) {
	file := show.Name(n.Path("package.json"))
	if names := otherBuilds(n.Scripts); len(names) > 0 {
		said.Warn("node/idle-script", "Node.js is not used, and %s has %s, which no step runs. To run that: %s=%s",
			file, show.List(names), config.RunScripts, show.Word(strings.Join(names, ",")))
	}
	for _, b := range n.Bundlers {
		said.Warn("node/idle-bundler", "Node.js is not used: no script calls %s for %s. Add one to %s:\n    %s",
			b.Program, show.Name(b.File), file, buildWith(b))
	}
	return said
}

// buildWith returns the script of package.json that builds with a bundler.
func buildWith(b app.Bundler) string {
	command := b.Program + " build"
	switch b.Program {
	case "webpack":
		command = "webpack --mode production"
	case "rollup":
		command = "rollup --config"
	}
	return fmt.Sprintf(`"build": %q`, command)
}
