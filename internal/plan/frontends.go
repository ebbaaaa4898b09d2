package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
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

// soleBuildingWorkspace returns the only workspace of root with a script for the build. It is nil if there are several,
// or if root itself has such a script.
func soleBuildingWorkspace(a app.App, root *app.Node) (found []*app.Node) {
	for _, n := range a.Node {
		if ownerOf(a, n) == root && buildScript(n.Scripts) != "" {
			found = append(found, n)
		}
	}
	if buildScript(root.Scripts) != "" || len(found) != 1 {
		return nil
	}
	return found
}

// frontEnds returns the packages below the root that look like a front end: with a script for the build, or with a
// lockfile and packages for the build. Workspaces are part of the package that installs them. A directory of static
// files is a front end only if it is the only candidate and has a script. Without a script, its package.json tells how
// its files were once installed.
func frontEnds(a app.App) (found []*app.Node) {
	var ofStatic []*app.Node
	for _, n := range a.Node {
		switch {
		case n.Dir == "." || ownerOf(a, n) != nil:
		case n.OfStatic():
			if buildScript(n.Scripts) != "" {
				ofStatic = append(ofStatic, n)
			}
		case buildScript(n.Scripts) != "" || len(n.Locks) > 0 && whyNodeProject(n) != "":
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		return ofStatic
	}
	return found
}

// severalProjects returns the error for several directories that may be the front end. found has their packages.
func severalProjects(found []*app.Node) error {
	var dirs []string
	for _, n := range found {
		dirs = append(dirs, n.Dir)
	}
	return absent{&fail.Error{
		ID: "node/several-projects", What: fmt.Sprintf("%d directories may be the front end", len(dirs)),
		Why: fmt.Sprintf("Found: a package.json with a build script or a lockfile in %s.\n"+
			"The root has none with a build script.", show.List(dirs)),
		Fix: fail.Fix{
			fail.Say{Text: "Name those that the app needs, with commas between them:"},
			fail.Set{Name: config.NodeProjectPath, Value: strings.Join(dirs, ",")},
		},
	}, app.Unknown}
}
