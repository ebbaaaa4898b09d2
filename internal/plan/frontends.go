package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// ownerOf returns the package that has n as a workspace. It is nil if there is none.
func ownerOf(a app.App, n *app.Node) *app.Node {
	for _, owner := range a.Node {
		for _, dir := range owner.Workspaces {
			if dir == n.Dir {
				return owner
			}
		}
	}
	return nil
}

// buildingWorkspaces returns the workspaces of root that have a script for the build.
func buildingWorkspaces(a app.App, root *app.Node) (found []*app.Node) {
	for _, n := range a.Node {
		if ownerOf(a, n) == root && app.BuildScript(n.Scripts) != "" {
			found = append(found, n)
		}
	}
	return found
}

// withWorkspace returns root, and its only workspace with a script for the build if root itself has no such script.
func withWorkspace(a app.App, root *app.Node) []*app.Node {
	found := buildingWorkspaces(a, root)
	if app.BuildScript(root.Scripts) != "" || len(found) != 1 {
		found = nil
	}
	return append([]*app.Node{root}, found...)
}

// frontEnds returns the packages below the root that look like a front end: with a script for the build, or with a
// lockfile and packages for the build. Workspaces are part of the package that installs them. A directory of static
// files is a front end only if it is the only candidate and has a script. Without a script, its package.json tells how
// its files were once installed. The notes name directories with a script that are not built.
func frontEnds(a app.App, c config.Config) (found []*app.Node, said note.List) {
	var ofStatic, committed, infrastructure []*app.Node
	for _, n := range a.Node {
		builds := app.BuildScript(n.Scripts) != ""
		switch {
		case n.Dir == "." || ownerOf(a, n) != nil || !builds && !hasPackages(a, n):
		case n.InInfrastructure() && !isReferredTo(n):
			if builds {
				infrastructure = append(infrastructure, n)
			}
		case n.Output.Committed && !c.NodeProjects.All && !a.NamesDir(n.Dir) && !runsScript(n, c):
			committed = append(committed, n)
		case !n.OfStatic():
			found = append(found, n)
		case builds:
			ofStatic = append(ofStatic, n)
		}
	}
	if len(committed) > 0 {
		value := pathsOf(committed)
		if len(committed) > 1 {
			value = "all"
		}
		said.Hint("node/output-committed", "%s, because the output is committed. To build anyway: %s=%s",
			notBuilt(committed), config.NodeProjectPath, value)
	}
	if len(infrastructure) > 0 {
		said.Hint("node/not-a-front-end", "%s, because a directory with such a name is rarely a front end. To build "+
			"anyway: %s=%s", notBuilt(infrastructure), config.NodeProjectPath, pathsOf(infrastructure))
	}
	if len(found) == 0 {
		return ofStatic, said
	}
	return found, said
}

// hasPackages reports whether a package without a build script has a lockfile, and packages that the build may need.
func hasPackages(a app.App, n *app.Node) bool {
	why, _ := whyNodeProject(n)
	return len(n.Locks) > 0 && why+whyPython(a) != ""
}

// runsScript reports whether the user requests a script of the package.
func runsScript(n *app.Node, c config.Config) bool {
	return slices.ContainsFunc(c.RunScripts.Names, func(name string) bool { _, has := n.Scripts[name]; return has })
}

// isReferredTo reports whether the app's Python code belongs to the front end: it names the directory or the output, or
// the output is in a Python package.
func isReferredTo(n *app.Node) bool { return n.Output.InPackage || n.Named.File != "" }

// referredTo returns the front ends to build: the only one, or all to which Python refers.
func referredTo(found []*app.Node) []*app.Node {
	if len(found) == 1 {
		return found
	}
	return slices.DeleteFunc(slices.Clone(found), func(n *app.Node) bool { return !isReferredTo(n) })
}

// inRootElsewhere returns the front ends in the directory that is the root on another platform.
func inRootElsewhere(a app.App, found []*app.Node) []*app.Node {
	return slices.DeleteFunc(slices.Clone(found), func(n *app.Node) bool { return !a.RootElsewhere.Has(n.Dir) })
}

// whyBelow returns the reason why packages below the root are projects.
func whyBelow(chosen []*app.Node) string {
	if len(chosen) == 1 {
		why, _ := whyNodeProject(chosen[0])
		return cmp.Or(why, show.Name(chosen[0].Path("package.json"))+" has a lockfile")
	}
	return "and Python refers to each"
}

// deepFrontEnd names a directory that is too deep to be found. It is empty if there is none.
func deepFrontEnd(a app.App) string {
	if a.DeepFrontEnd == "" {
		return ""
	}
	return fmt.Sprintf(" A deeper one has a build script. To build it: %s=%s", config.NodeProjectPath,
		show.Word(a.DeepFrontEnd))
}

// versioned returns the packages whose files decide on the version of Node.js: the projects, and the workspace that the
// script of its owner builds.
func versioned(a app.App, projects []*app.Node) []*app.Node {
	all := slices.Clone(projects)
	for _, n := range projects {
		built := buildingWorkspaces(a, n)
		if n.Engines.Want == "" && len(built) == 1 && !slices.Contains(all, built[0]) {
			all = append(all, built[0])
		}
	}
	return all
}

// notBuilt says of packages that they are not built.
func notBuilt(nodes []*app.Node) string {
	dirs := dirsOf(nodes)
	verb := "is"
	if len(dirs) > 1 {
		verb = "are"
	}
	return fmt.Sprintf("Node.js: %s %s not built", show.List(dirs), verb)
}

// dirsOf returns the directories of packages.
func dirsOf(nodes []*app.Node) (dirs []string) {
	for _, n := range nodes {
		dirs = append(dirs, n.Dir)
	}
	return dirs
}

// pathsOf returns the directories of packages as a value of BP_NODE_PROJECT_PATH.
func pathsOf(nodes []*app.Node) string { return show.Word(strings.Join(dirsOf(nodes), ",")) }

// choiceNotes notes where the projects below the root are, and which directories and packages are not chosen.
func (e evidence) choiceNotes(out choice, found []*app.Node) (said note.List) {
	below := slices.DeleteFunc(slices.Clone(out.packages), func(n *app.Node) bool { return n == e.root })
	isChosen := func(n *app.Node) bool { return slices.Contains(out.packages, n) }
	switch {
	case len(below) == 1 && len(found) > 0:
		said.Hint("node/directory", "Node.js: the project is in %s, %s", show.Name(below[0].Dir), whyBelow(below))
	case len(below) > 1:
		said.Hint("node/directories", "Node.js: the projects are in %s, to which Python files or packages refer",
			show.List(dirsOf(below)))
	}
	if left := slices.DeleteFunc(slices.Clone(found), isChosen); len(left) > 0 && len(out.packages) > 0 {
		said.Hint("node/not-referred-to", "%s, since no Python file refers there. To build all: %s=all",
			notBuilt(left), config.NodeProjectPath)
	}
	if e.weak != "" && !isChosen(e.root) {
		said.Hint("node/root-not-installed", "Node packages: package.json of the root is not installed, since it has "+
			"no build script. To install it too: %s=.,%s", config.NodeProjectPath, pathsOf(out.packages))
	}
	return said
}
