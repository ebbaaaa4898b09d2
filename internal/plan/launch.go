package plan

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Launch describes the parts of Node.js in the image.
type Launch struct {
	Node     bool
	Managers []string // names of the package managers that processes call
	Modules  bool     // node_modules
	Dev      bool     // with devDependencies
}

// caller returns the first process of the Procfile that calls Node.js. Its Type is empty if there is none.
func caller(a app.App) app.Process {
	for _, process := range a.ProcfileLines() {
		if len(app.CallsNode(process.Command)) > 0 {
			return process
		}
	}
	return app.Process{}
}

// launches reports whether the image must have Node.js. The variable overrides the processes.
func launches(a app.App, c config.Config) bool {
	return c.NodeLaunch.On || !c.NodeLaunch.Set && caller(a).Type != ""
}

// launch decides what the image gets of Node.js and writes it into node, which may be nil. The variables override the
// processes: these need Node.js if they call it, and then packages too.
func (q Question) launch(node *Node) (said note.List, err error) {
	a, c := q.App, q.Config
	who := caller(a)
	by := fmt.Sprintf("the process %s calls it", who.Type)
	switch {
	case who.Type == "" || c.NodeLaunch.On:
	case c.NodeLaunch.Set:
		said.Hint("node/launch-disabled",
			"Node.js: %s, but it is not in the image, because %s=false", by, config.NodeLaunch)
	case node == nil:
		said.Hint("node/launch-unused",
			"Node.js: %s, but it is not in the image, because the build does not use it", by)
	}
	if node == nil {
		return said, nil
	}
	out := &node.Launch
	if out.Node = launches(a, c); out.Node {
		if c.NodeLaunch.On {
			by = config.NodeLaunch + "=true"
		}
		said.Hint("node/in-image", "Node.js is in the image: %s", by)
		var also note.List
		out.Managers, also = q.managersCalled(node)
		said = append(said, also...)
	}
	out.Dev = c.NodeModulesLaunch.Dev
	out.Modules = c.NodeModulesLaunch.On || out.Node && !c.NodeModulesLaunch.Set
	also, err := node.modules(c)
	return append(said, also...), err
}

// modules decides whether node_modules is in the image.
func (node *Node) modules(c config.Config) (said note.List, err error) {
	launch := node.Launch
	installed := slices.ContainsFunc(node.Projects, func(project Project) bool {
		return project.Install != nil || project.Provided
	})
	switch {
	case !installed:
		node.Launch.Modules, node.Launch.Dev = false, false
	case launch.Modules && c.NodeModulesLaunch.On:
		with, value := "without", "true"
		if launch.Dev {
			with, value = "with", "all"
		}
		said.Hint("node/modules-requested", "node_modules is in the image, %s devDependencies: %s=%s", with,
			config.NodeModulesLaunch, value)
	case launch.Modules:
		said.Hint("node/modules-in-image",
			"node_modules is in the image, without devDependencies: Node.js may need it. If not: %s=false",
			config.NodeModulesLaunch)
	case launch.Node:
		said.Hint("node/modules-disabled", "node_modules is not in the image: %s=false", config.NodeModulesLaunch)
	}
	for _, project := range node.Projects {
		if node.Launch.Modules && project.Install != nil && project.Settings.PnP {
			return said, pnpInImage(project)
		}
	}
	return said, nil
}

// pnpInImage ends a build whose image could not find its packages: they would have to stay archives in the app.
func pnpInImage(project Project) error {
	return &fail.Error{
		ID: "node/pnp-in-image", What: "Packages of Yarn's PnP cannot be in the image yet",
		Why: fmt.Sprintf("The image must have the packages of %s, and its .yarnrc.yml does not set nodeLinker: "+
			"node-modules.", show.Name(project.Package.Path("package.json"))),
		Fix: fail.Fix{
			fail.Say{Text: "Let Yarn make a node_modules, and commit what it changes:"},
			fail.Run{Command: "yarn config set nodeLinker node-modules && yarn install", In: project.Package.Dir},
			fail.Say{Text: "If no process of the image needs the packages:"},
			fail.Set{Name: config.NodeModulesLaunch, Value: "false"},
		},
	}
}

// managersCalled returns the package managers in the image: the ones that processes call. It returns all of them if the
// user requests Node.js, since a script may call any.
func (q Question) managersCalled(node *Node) (names []string, said note.List) {
	has := func(name string) bool {
		return name == "npm" || slices.ContainsFunc(node.Projects, func(project Project) bool {
			return project.ManagerData().Name == name
		})
	}
	for _, process := range q.App.ProcfileLines() {
		for _, program := range app.CallsNode(process.Command) {
			name := managerWith(program)
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
			if name != "" && !has(name) {
				said.Hint("procfile/manager-not-in-image",
					"Procfile, line %d: %s is not in the image, because no package.json is installed with it",
					process.Line, name)
			}
		}
	}
	if q.Config.NodeLaunch.On {
		for _, m := range manager.Nodes() {
			names = append(names, m.Data().Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), said
}

// managerWith returns the name of the package manager that provides a command, such as npx. It is empty if none does.
func managerWith(command string) string {
	for _, m := range manager.Nodes() {
		if slices.Contains(m.Data().Programs, command) {
			return m.Data().Name
		}
	}
	return ""
}
