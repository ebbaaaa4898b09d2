package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// choice has the packages that are Node.js projects, and the reason for the log.
type choice struct {
	packages []*app.Node
	why      string
	alone    bool // Node.js is requested without a project
	said     note.List
}

// projects chooses Node.js's projects. The rules apply from first to last. In doubt a project is included: the build is
// slower, but not broken.
func projects(a app.App, c config.Config) (choice, error) {
	root := a.NodeIn(".")
	switch named := c.NodeProjects; {
	case len(named.Dirs) > 0:
		return namedProjects(a, named.Dirs)
	case named.None && nodeVariable(c) != "":
		return choice{why: nodeVariable(c) + " is set", alone: true}, nil
	case named.None:
		return choice{why: config.NodeProjectPath + "=none"}, nil
	case named.All:
		return allProjects(a, c)
	case len(a.Node) == 0 && a.DeepFrontEnd != "" && whyNodeRequested(a, c) == "":
		why := "no package.json is in the root directory or up to three levels below." + deepFrontEnd(a)
		return choice{why: why}, nil
	case len(a.Node) == 0 && !launches(a, c):
		return choice{}, nil
	case root != nil && len(root.Unreadable) > 0:
		return choice{packages: []*app.Node{root}}, nil // its problem is to be read
	}
	e := evidenceOf(a, c, root)
	if e.strong != "" {
		out := choice{packages: withWorkspace(a, root), why: e.strong}
		out.said = despiteList(a, c, out)
		return out, nil
	}
	return e.choose(a, c)
}

// choose returns the projects if the root has no build script. A directory that has one comes before a root that only
// has packages.
func (e evidence) choose(a app.App, c config.Config) (out choice, err error) {
	found, said := frontEnds(a, c)
	if e.weak != "" || e.listed != "" { // a lockfile is not better evidence than these
		found = slices.DeleteFunc(found, func(n *app.Node) bool { return app.BuildScript(n.Scripts) == "" })
	}
	chosen := referredTo(found)
	if inRoot := inRootElsewhere(a, found); len(chosen) == 0 && len(inRoot) == 1 {
		chosen = inRoot
		said.Hint("node/directory-by-platform", "Node.js: %s is used because of %s in %s", show.Name(inRoot[0].Dir),
			a.RootElsewhere.Variable, a.RootElsewhere.File)
	}
	switch {
	case len(chosen) == 0 && len(found) > 0 && e.weak+e.python == "":
		return out, severalProjects(found)
	case e.needed:
		out.why = cmp.Or(e.python, e.requested, e.weak)
		out.packages, out.said = append(withWorkspace(a, e.root), chosen...), usedBecause(e.python)
	case len(chosen) > 0:
		out = choice{packages: chosen, why: whyBelow(chosen)}
	case e.weak != "":
		out = choice{packages: withWorkspace(a, e.root), why: cmp.Or(e.requested, e.weak)}
	default:
		out = e.without(a, len(said) > 0)
	}
	out.said = slices.Concat(out.said, despiteList(a, c, out), e.choiceNotes(out, found), said)
	return out, nil
}

// without returns the choice if no package.json shows a project.
func (e evidence) without(a app.App, explained bool) (out choice) {
	switch {
	case e.listed != "":
		return choice{why: e.listed}
	case e.requested != "" && e.root != nil:
		return choice{packages: []*app.Node{e.root}, why: e.requested}
	case e.requested != "": // whoever calls it does the rest too
		return choice{why: e.requested, alone: true}
	case e.root == nil && explained:
		return out // the notes say why
	case e.root == nil:
		return choice{why: "no package.json has a script for the build or, outside of static, a lockfile, so Tandem " +
			"does not use them." + others(a) + deepFrontEnd(a)}
	}
	if out.said = idleBuilds(e.root); len(out.said) == 0 {
		out.why = fmt.Sprintf("package.json has no build script and no dependencies, and nothing in the app calls "+
			"Node.js. To use it, set %s=24", config.NodeVersion)
		if deep := deepFrontEnd(a); deep != "" {
			out.why += "." + deep
		}
	}
	return out
}

// allProjects returns the root if anything shows that the build needs it, and every directory that may be a front end.
func allProjects(a app.App, c config.Config) (out choice, err error) {
	e := evidenceOf(a, c, a.NodeIn("."))
	out.why = config.NodeProjectPath + "=all"
	if e.strong+e.weak+e.python != "" {
		out.packages = withWorkspace(a, e.root)
	}
	found, _ := frontEnds(a, c)
	out.packages = append(out.packages, found...)
	if len(out.packages) == 0 {
		return e.without(a, false), nil
	}
	return out, nil
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
				Fix: correctDir(a),
			}
		}
		out.packages = append(out.packages, n)
	}
	return out, nil
}

// correctDir returns the fix for a directory without a package.json: the directory of one that the app has.
func correctDir(a app.App) fail.Fix {
	if len(a.Node) == 0 {
		return fail.Fix{fail.Say{Text: "Remove " + config.NodeProjectPath + ", or commit the file."}}
	}
	builds := func(n *app.Node) bool { return app.BuildScript(n.Scripts) != "" }
	n := a.Node[max(0, slices.IndexFunc(a.Node, builds))]
	return fail.Fix{
		fail.Say{Text: "Correct the directory, relative to the app's root, or commit the file:"},
		fail.Set{Name: config.NodeProjectPath, Value: n.Dir},
	}
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

// severalProjects returns the error for several directories that may be the front end. found has their packages.
func severalProjects(found []*app.Node) error {
	dirs := dirsOf(found)
	return absent{&fail.Error{
		ID: "node/several-projects", What: fmt.Sprintf("%d directories may be the front end", len(dirs)),
		Why: fmt.Sprintf("Found: a package.json with a build script or a lockfile in %s.\n"+
			"The root has none with a build script, and no Python file refers to one of them.", show.List(dirs)),
		Fix: fail.Fix{
			fail.Say{Text: "Name those that the app needs, with commas between them:"},
			fail.Set{Name: config.NodeProjectPath, Value: dirs[0]},
			fail.Say{Text: "If it needs all of them:"},
			fail.Set{Name: config.NodeProjectPath, Value: "all"},
			fail.Say{Text: "If it needs none of them:"},
			fail.Set{Name: config.NodeProjectPath, Value: "none"},
		},
	}, app.Unknown}
}
