package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// nodeSteps returns the steps that install Node.js and the packages of all projects.
func (q Question) nodeSteps(p Plan) (steps []Step) {
	if p.Node != nil && q.App.Others.Node == nil {
		runtime := filling("node/runtime", Fetch, NodeLane, NodeLayer)
		runtime.BOM = "generic"
		steps = append(steps, runtime, filling("node/headers", Fetch, AnyTime, HeadersLayer))
	}
	for _, project := range p.Projects() {
		tool := p.ToolLayer(project)
		if tool == project.toolLayer() {
			steps = append(steps, q.nodeTool(project)...)
		}
		for _, step := range q.projectSteps(project) {
			step.Place, step.Needs = Place{Install, NodeLane}, withTool(tool, PythonLayer, NodeLayer, HeadersLayer)
			steps = append(steps, step)
		}
	}
	return steps
}

// nodeTool returns the steps that install the package manager of a project with npm. A version of Tandem's has a
// lockfile with its digest and no URL. One with a checksum in package.json is compared with that before, and others are
// installed as the registry says. A program that the app has needs no command.
func (q Question) nodeTool(p Project) (steps []Step) {
	tool, m, dir := p.Tool, p.ManagerData(), p.Package.Dir
	if tool == (Tool{}) {
		return nil
	}
	step := filling("node/tool:"+dir, NodeTool, NodeLane, p.toolLayer())
	step.Env, step.Title = EnvNodeTools, "get "+m.Name+" "+show.Value(tool.Version.Want+tool.File)
	if m.Program.Bundled {
		step.If = []installed.Condition{installed.IfBundledUnfit}
	}
	if tool.File != "" {
		step.Reads = []string{tool.File}
		return []Step{step}
	}
	step.In, step.Needs, step.BOM = q.Places.layer(step.Layer), []string{PythonLayer, NodeLayer}, "npm"
	step.Explain = []string{"fetch-tool"}
	step.Argv = []string{
		"npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund",
	}
	spec, own := tool.Package+"@"+tool.Version.Want, step
	// Without a package.json npm looks for one in the directories above.
	step.Input = File{path.Join(step.In, "package.json"), "{}\n"}
	switch {
	case tool.Integrity != "":
		step.Input = File{} // the lockfile has a package.json of its own
		step.Argv = []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--package-lock"}
	case tool.Hash != "":
		pack := own
		pack.ID, pack.Kind, pack.Title, pack.BOM = "node/package:"+dir, Fetch, "", ""
		pack.In, pack.Argv = q.Places.private("tool"), []string{"npm", "pack", "--ignore-scripts", spec}
		pack.Output = path.Join(pack.In, packed(tool.Package, tool.Version.Want))
		step.Argv = append(step.Argv, pack.Output)
		steps = append(steps, pack)
	default:
		step.Argv = append(step.Argv, spec)
	}
	return append(steps, step)
}

// packed returns the name of the archive that npm packs. https://docs.npmjs.com/cli/v11/commands/npm-pack
func packed(name, version string) string {
	return strings.NewReplacer("@", "", "/", "-").Replace(name) + "-" + version + ".tgz"
}

// withTool returns layers with that of a package manager, if it has one.
func withTool(tool string, layers ...string) []string {
	return slices.DeleteFunc(append(layers, tool), func(name string) bool { return name == "" })
}

// projectSteps returns the steps that install the packages of a project.
func (q Question) projectSteps(p Project) (steps []Step) {
	if p.Prebuilds() {
		step := p.Script(prebuild)
		step.Env = EnvPrebuild
		steps = append(steps, step)
	}
	if p.Install == nil {
		return steps
	}
	steps = append(steps, p.installStep("install", p.Install, Fresh))
	for i, argv := range p.Update {
		steps = append(steps, p.installStep(fmt.Sprintf("update:%d", i+1), argv, Update))
	}
	for _, step := range q.ownScripts(p) {
		step.Kind, step.Env, step.Layer, step.From = InstallScript, EnvNodeTools, p.Layer(), Cached
		step.Explain = []string{p.ManagerData().Failures} // as if the installation had run it
		steps = append(steps, step)
	}
	return steps
}

// Prebuilds reports whether a script of the app runs before the packages are installed. It may write their files.
func (p Project) Prebuilds() bool { return p.Has(prebuild) }

// installStep returns a step that installs the packages of a project with argv. The step's id has name and the
// project's directory.
func (p Project) installStep(name string, argv []string, from From) Step {
	step := filling("node/"+name+":"+p.Package.Dir, InstallNode, NodeLane, p.Layer())
	step.Dir, step.Argv, step.Env = p.Package.Dir, p.quietly(argv), EnvNodeTools
	step.Title, step.Try, step.Explain = p.Title(), show.Command(p.Install), []string{p.ManagerData().Failures}
	step.From, step.Reads, step.BOM = from, p.Inputs, "npm"
	return step
}

// finishSteps returns the steps that make the image from the app, after the app steps. managers has the versions of
// package managers that are known, by the directory of their project; the others have the version that the project
// requests.
func (p Plan) finishSteps(managers map[string]string) []Step {
	steps := p.compileApp()
	for _, project := range p.Projects() {
		version, known := managers[project.Package.Dir]
		if !known {
			version = project.Tool.Version.Want
		}
		// The packages of an earlier buildpack are pruned if they are in the app, which is known with the version.
		if p.Node.Launch.Modules && !p.Node.Launch.Dev && (project.Install != nil || project.Provided && known) {
			steps = append(steps, p.prune(project, version)...)
		}
	}
	image := filling("image/environment", Processes, "", EnvLayer)
	image.Stage = Finish
	return append(slices.Concat(steps, p.prove(), p.compileLayers()), image)
}

// prune returns the step that removes devDependencies from the project's packages; version is that of the package
// manager. Some have no command for this.
func (p Plan) prune(project Project, version string) []Step {
	n := project.Package
	argv := manager.Node(project.Manager).Prune(manager.Tree{Version: version, Locked: len(n.Locks) > 0})
	if len(argv) == 0 {
		return nil
	}
	step := filling("node/prune:"+n.Dir, Prune, "", project.Shipped())
	step.Stage, step.Dir, step.Argv, step.Env = Finish, n.Dir, project.quietly(argv), EnvNodeTools
	step.Needs = withTool(p.ToolLayer(project), PythonLayer, NodeLayer)
	step.Title, step.Try = "prune "+project.Title(), show.Command(argv)
	step.Explain = []string{project.ManagerData().Failures}
	return []Step{step}
}

// quietly returns argv with the options that keep the manager's output short.
func (p Project) quietly(argv []string) []string {
	return slices.Concat(argv, p.ManagerData().Commands.Quiet)
}
