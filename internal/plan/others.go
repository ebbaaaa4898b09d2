package plan

import (
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Need is something that the build plan requires.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#build-plan-toml
type Need struct {
	Name string
	Own  bool // Tandem provides it itself
	How  map[string]any
}

// Buildpacks with ways of their own; of heroku/nodejs it is also the name in the build plan.
const (
	herokuPython = "heroku/python"
	herokuNode   = "heroku/nodejs"
)

// Needs returns the ways to meet all needs of a build of a, the most specific first: from other buildpacks where they
// provide it, otherwise from Tandem. The names belong to Paketo's and Heroku's buildpacks. heroku/python provides none,
// so the build itself finds out what it has installed.
func Needs(a app.App, c config.Config) (ways [][]Need) {
	nodes := [][]Need{nil}
	if nodeApplies(a, c) {
		nodes = nodeNeeds(launches(a, c), needsDev(a, c))
	}
	for _, python := range pythonNeeds(a) {
		for _, node := range nodes {
			ways = append(ways, append(append([]Need{}, python...), node...))
		}
	}
	return ways
}

// OwnNeeds returns the needs that require no other buildpack.
func OwnNeeds() [][]Need { return [][]Need{{ownPython}} }

// ownPython is met by Tandem alone, so every build plan has an alternative without other buildpacks.
var ownPython = Need{Name: "tandem-python", Own: true}

// layers returns the types of the layers that another buildpack must create, as metadata of the build plan.
func layers(launch bool) map[string]any { return map[string]any{"build": true, "launch": launch} }

// pythonNeeds returns the ways to meet the needs for Python, the most specific first. An app with uv's lockfile does
// not require poetry-venv: Paketo's group of buildpacks may offer it for each pyproject.toml, and before uv.
func pythonNeeds(a app.App) (ways [][]Need) {
	from := func(names ...string) (all []Need) {
		for _, name := range names {
			all = append(all, Need{Name: name, How: layers(true)})
		}
		return all
	}
	ways = append(ways, from("site-packages", "cpython"))
	if locks := lockNames(a.Python); len(locks) != 1 || path.Base(locks[0]) != manager.Python(manager.UV).Data().Lock {
		ways = append(ways, from("poetry-venv", "cpython"))
	}
	return append(ways, from("uv-environment"), from("cpython"), []Need{ownPython})
}

// nodeNeeds returns the ways to meet the needs for Node.js, the most specific first. launch reports whether the image
// must have it, and dev whether app steps may need devDependencies. If not, heroku/nodejs installs the packages without
// being required, and a requirement would make it warn of an experiment.
func nodeNeeds(launch, dev bool) (ways [][]Need) {
	node, modules := Need{Name: "node", How: layers(launch)}, Need{Name: "node_modules", How: layers(launch)}
	ways = [][]Need{{modules, node}, {node}}
	if dev { // the scripts are run here, when Python is there too
		ways = append(ways, []Need{{Name: herokuNode, How: map[string]any{"enabled": false, "skip_pruning": true}}})
	}
	return append(ways, []Need{{Name: "tandem-node", Own: true}})
}

// needsDev reports whether Tandem runs a build script, or an app step may call a program of devDependencies.
func needsDev(a app.App, c config.Config) bool {
	return len(c.RunScripts.Names) > 0 || slices.ContainsFunc(a.Node, func(n *app.Node) bool {
		return app.BuildScript(n.Scripts) != "" || len(n.DevDependencies) > 0
	})
}

// provided reports whether an earlier buildpack has installed the Python packages too, so that nothing is left to
// decide.
func provided(o app.Others) (packages bool, said note.List) {
	switch {
	case o.Python == nil:
		return false, nil
	case o.Packages == nil:
		said.Hint("python/runtime-provided",
			"Python %s comes from %s; the packages are installed here", o.Python.Version, o.Python.Buildpack)
		return false, said
	case o.Packages.Buildpack == o.Python.Buildpack:
		said.Hint("python/provided", "Python %s and the Python packages come from %s and are not installed again",
			o.Python.Version, o.Python.Buildpack)
	default:
		said.Hint("python/packages-provided",
			"Python %s comes from %s, the Python packages come from %s. They are not installed again",
			o.Python.Version, o.Python.Buildpack, o.Packages.Buildpack)
	}
	return true, said
}

// providedNode returns a hint about the parts of Node.js that an earlier buildpack has installed.
func providedNode(node *Node, o app.Others) (said note.List) {
	if o.Node == nil || node == nil {
		return nil
	}
	var theirs, ours []string
	for _, project := range node.Projects {
		if project.Provided {
			theirs = append(theirs, project.Package.Path("node_modules"))
		} else if project.Install != nil {
			ours = append(ours, project.Package.Path("node_modules"))
		}
	}
	line := fmt.Sprintf("Node.js %s comes from %s", o.Node.Version, o.Node.Buildpack)
	if o.Node.Buildpack == herokuNode {
		line += ", which puts it into every image"
	}
	if len(theirs) > 0 {
		line += fmt.Sprintf("; %s was there before and is not installed again", show.List(theirs))
	}
	if len(ours) > 0 {
		line += fmt.Sprintf("; %s is installed here", show.List(ours))
	}
	said.Hint("node/provided", "%s", line)
	return said
}

// PrunedBefore warns of devDependencies that an earlier buildpack has not installed, or has removed, and a build script
// may need. production reports whether the user has set NODE_ENV to production for the build.
func (p Plan) PrunedBefore(production bool) []note.Note {
	a := p.app
	if len(a.Others.Pruned) == 0 || len(p.Of(Script)) == 0 || a.Others.Node == nil {
		return nil
	}
	text := fmt.Sprintf("the build scripts run without these devDependencies, which are not in the node_modules "+
		"that was there before: %s\n", show.List(a.Others.Pruned))
	either, setting := "  Leave", p.Unpruned(production)
	switch {
	case setting.Name != "":
		either = "  Or leave"
		text += fmt.Sprintf("  NODE_ENV is production, so %s excludes them. Remove NODE_ENV\n  from the build, since "+
			"the scripts get it anyway, or set\n      %s=%s\n", a.Others.Node.Buildpack, setting.Name, setting.Value)
	case a.Others.Node.Buildpack == herokuNode:
		either = "  Or leave"
		text += "  heroku/nodejs leaves them in with this in project.toml:\n      " +
			"[com.heroku.buildpacks.nodejs.actions]\n      prune_dev_dependencies = false\n"
	}
	text += either + " the Node.js buildpacks out of the order: Tandem installs Node.js and all packages itself"
	return []note.Note{{ID: "node/pruned-before", Severity: note.Warning, Text: text}}
}

// Unpruned returns the variable with which an earlier buildpack's package manager installs devDependencies although
// NODE_ENV is production. Its Name is empty if the manager does so anyway, or if production is false.
func (p Plan) Unpruned(production bool) manager.Variable {
	for _, project := range p.Projects() {
		if production && project.Provided {
			return project.ManagerData().Dev
		}
	}
	return manager.Variable{}
}

// CollectedBefore returns a hint about the collectstatic that heroku/python has run before any build script. collected
// reports whether STATIC_ROOT has files already.
func (p Plan) CollectedBefore(collected bool) []note.Note {
	python := p.app.Others.Python
	if python == nil || python.Buildpack != herokuPython || !collected {
		return nil
	}
	text := "heroku/python has run collectstatic already. "
	if len(p.Of(Script)) > 0 {
		text = "heroku/python has run collectstatic before the build scripts, without their output. "
	}
	if p.Config.Collectstatic.Disable.On {
		text += "It ignores " + config.DisableCollectstatic + ". To have no collectstatic, remove heroku/python " +
			"from the order"
	} else {
		text += "It runs again here. To run it once, remove heroku/python from the order: Tandem installs " +
			"Python and its packages itself"
	}
	return []note.Note{{ID: "django/collected-before", Text: text}}
}
