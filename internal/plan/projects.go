package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// choice has the packages that are Node.js projects, and the reason for the log.
type choice struct {
	packages []*app.Node
	why      string
	found    bool // a directory below the root that no variable names
	alone    bool // Node.js is requested without a project
}

// projects chooses Node.js's projects. The rules apply from first to last. In doubt a project is included: the build is
// slower, but not broken.
func projects(a app.App, c config.Config) (choice, error) {
	if len(c.NodeProjectPath) > 0 {
		return namedProjects(a, c.NodeProjectPath)
	}
	if why := withoutNode(a); why != "" && nodeVariable(c) == "" {
		return choice{why: why}, nil
	}
	root := a.NodeIn(".")
	if root != nil && len(root.Unreadable) > 0 {
		return choice{packages: []*app.Node{root}}, nil // its problem is to be read
	}
	if root != nil {
		if why := whyNodeProject(root); why != "" {
			return choice{packages: append([]*app.Node{root}, soleBuildingWorkspace(a, root)...), why: why}, nil
		}
	}
	found := frontEnds(a)
	switch {
	case len(found) > 1:
		return choice{}, severalProjects(found)
	case len(found) == 1:
		return choice{packages: found, why: whyNodeProject(found[0]), found: true}, nil
	case len(a.Node) == 0 && !launches(a, c):
		return choice{}, nil
	}
	why := whyNodeRequested(a, c)
	switch {
	case root != nil && why != "":
		return choice{packages: []*app.Node{root}, why: why}, nil
	case why != "": // whoever calls it does the rest too
		return choice{why: why, alone: true}, nil
	case root == nil:
		return choice{why: "no package.json has a script for the build or, outside of static, a lockfile, so Tandem " +
			"does not use them." + others(a)}, nil
	}
	return choice{why: "package.json has no script for the build, no dependencies, and only tools for development"}, nil
}

// namedProjects returns the projects in the directories that the user has named, or an error if one has no
// package.json.
func namedProjects(a app.App, dirs []string) (out choice, err error) {
	out.why = config.NodeProjectPath + " names it"
	for _, dir := range dirs {
		n := a.NodeIn(dir)
		if n == nil {
			return out, &fail.Error{
				ID: "node/no-package-json", What: "There is no package.json in " + show.Name(dir),
				Why: fmt.Sprintf("%s is %s. Each of its directories must have one.%s", config.NodeProjectPath,
					show.Value(strings.Join(dirs, ",")), others(a)),
				Fix: fail.Fix{
					fail.Say{Text: "Correct the directory, relative to the app's root, and commit the file:"},
					fail.Set{Name: config.NodeProjectPath, Value: "frontend"},
				},
			}
		}
		out.packages = append(out.packages, n)
	}
	return out, nil
}

// others lists all files package.json, for an error about one that is missing. It is empty if the app has none.
func others(a app.App) string {
	var found []string
	for _, n := range a.Node {
		found = append(found, n.Path("package.json"))
	}
	if len(found) == 0 {
		return ""
	}
	return " Found: " + show.List(found) + "."
}

// whyNodeProject returns the reason why a package.json shows that the build needs Node.js. It is empty if there is
// none.
func whyNodeProject(n *app.Node) string {
	switch {
	case buildScript(n.Scripts) != "", n.Scripts[prebuild] != "":
		return show.Name(n.Path("package.json")) + " has a script for the build"
	case installScript(n) != "":
		return show.Name(n.Path("package.json")) + " has a script " + installScript(n)
	case len(n.Dependencies) > 0:
		return show.Name(n.Path("package.json")) + " has dependencies"
	case len(n.Workspaces) > 0:
		return show.Name(n.Path("package.json")) + " has workspaces"
	}
	for _, name := range n.DevDependencies {
		if !forDevelopment(name) {
			return show.Name(name) + " may be a build tool"
		}
	}
	return ""
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

// whyNodeRequested returns the reason outside of package.json why the build needs Node.js. It is empty if there is
// none.
func whyNodeRequested(a app.App, c config.Config) string {
	if variable := nodeVariable(c); variable != "" {
		return variable + " is set"
	}
	if a.Hooks.NameNode() {
		return "a hook names it"
	}
	for _, process := range a.Procfile {
		if app.NamesNode(process.Command) {
			return "the Procfile names it"
		}
	}
	return ""
}
