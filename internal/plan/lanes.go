package plan

import (
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Places are the directories of a build. They make the commands of the plan concrete.
type Places struct{ App, Layers string }

// What the layers directory has that commands of the plan name.
const (
	PythonLayer = "python"
	VenvLayer   = "venv"
	PrivateDir  = "private" // only the build itself writes there
)

func (p Places) layer(name string) string { return path.Join(p.Layers, name) }

// pythonSteps returns the steps that install the Python packages and import the settings with them.
func (q Question) pythonSteps(p Plan) (steps []Step) {
	lane := Place{Install, PythonLane}
	if py := p.Python; !py.Provided {
		if by := py.Installer; by.Tool != "" {
			steps = append(steps, Step{
				ID: "python/tool", Kind: GetTool, Place: lane, Command: Command{Dir: ".", Env: EnvPythonTools},
				About: About{Title: "install " + by.Name + " itself", Explain: []string{py.ManagerData().Failures}},
			})
		}
		steps = append(steps, q.installSteps(py)...)
	}
	if p.Manage.Path == "" {
		return steps
	}
	return append(steps, Step{
		ID: "python/settings", Kind: ImportSettings, Place: lane, Command: Command{Dir: ".", Env: EnvSettings},
		About: About{Title: "import the settings", Explain: []string{"django"}}, If: []Condition{IfDjango},
	})
}

// installSteps returns the commands that install the packages into a new environment, and into one of an earlier build.
func (q Question) installSteps(py *Python) (steps []Step) {
	m := manager.Python(py.Manager)
	for _, from := range []From{Fresh, Update} {
		if from == Update && m.Data().Fresh {
			break
		}
		for i, command := range m.Commands(py.Target(from == Update)) {
			steps = append(steps, Step{
				ID: fmt.Sprintf("python/%s:%d", from, i+1), Kind: InstallPython, From: from,
				Place:   Place{Install, PythonLane},
				Command: Command{Dir: py.Dir, Argv: command.Argv, Output: command.To, Env: EnvPythonTools},
				About:   About{Title: "Python packages", Explain: []string{m.Data().Failures}},
			})
		}
	}
	return steps
}

// Target returns where and what the package manager installs. exists says that the environment is one of an earlier
// build.
func (py Python) Target(exists bool) manager.Target {
	target := py.target
	target.Exists = exists
	return target
}

// target returns the target of a new environment.
func (q Question) target(py *Python) manager.Target {
	runtime := q.Places.layer(PythonLayer)
	if other := q.App.Others.Python; other != nil {
		runtime = other.Dir
	}
	target := manager.Target{
		Wanted: py.Wanted, Python: path.Join(runtime, "bin", "python3"), Venv: q.Places.layer(VenvLayer),
		Scratch: q.Places.layer(PrivateDir + "/packages"), Args: py.Sources.Args,
	}
	if py.ManagerData().Pip == manager.PipForUV {
		target.Args = slices.Concat(target.Args, manager.PipToUV(q.Pip, py.Sources.Options).Args)
	}
	return target
}

// uv returns the version of Tandem's uv, or "" if there is none for the architecture.
func (q Question) uv() string {
	chosen, err := q.Inventory.Choose(versions.Ask{ID: versions.UV}, q.Arch)
	if err != nil {
		return "" // the build says so when it needs uv
	}
	return chosen.Version
}

// nodeSteps returns the steps that install the packages of a project.
func (p Project) nodeSteps() (steps []Step) {
	lane, dir := Place{Install, NodeLane}, p.Package.Dir
	if p.Tool != (Tool{}) {
		step := Step{
			ID: "node/tool:" + dir, Kind: GetTool, Place: lane, Command: Command{Dir: ".", Env: EnvNodeTools},
			About: About{
				Title:   "get " + p.ManagerData().Name + " " + show.Value(p.Tool.Version.Want+p.Tool.File),
				Explain: []string{"fetch-tool"},
			},
		}
		if p.ManagerData().Program.Bundled {
			step.If = []Condition{IfBundledUnfit}
		}
		steps = append(steps, step)
	}
	if p.Has(prebuild) {
		step := p.Script(prebuild)
		step.Place, step.Env = lane, EnvPrebuild
		steps = append(steps, step)
	}
	if p.Install == nil {
		return steps
	}
	steps = append(steps, p.installStep("install", p.Install, Fresh))
	for i, argv := range p.Update {
		steps = append(steps, p.installStep(fmt.Sprintf("update:%d", i+1), argv, Update))
	}
	for _, step := range p.Again {
		step.Place, step.From, step.Env = lane, Cached, EnvNodeTools
		step.Explain = []string{p.ManagerData().Failures} // as if the installation had run it
		steps = append(steps, step)
	}
	return steps
}

func (p Project) installStep(name string, argv []string, from From) Step {
	return Step{
		ID: "node/" + name + ":" + p.Package.Dir, Kind: InstallNode, Place: Place{Install, NodeLane}, From: from,
		Command: Command{Dir: p.Package.Dir, Argv: p.quietly(argv), Env: EnvNodeTools},
		About:   About{Title: p.Title(), Explain: []string{p.ManagerData().Failures}},
	}
}

// Prune returns the step that removes devDependencies from the project's packages; version is that of the package
// manager. ok is false if the package manager has no command for this.
func (p Project) Prune(version string) (step Step, ok bool) {
	argv := manager.Node(p.Manager).Prune(manager.Tree{Version: version, Locked: len(p.Package.Locks) > 0})
	if len(argv) == 0 {
		return step, false
	}
	return Step{
		ID: "node/prune:" + p.Package.Dir, Kind: Prune, Place: Place{Stage: Finish},
		Command: Command{Dir: p.Package.Dir, Argv: p.quietly(argv), Env: EnvNodeTools},
		About: About{
			Title: "prune " + p.Title(), Try: show.Command(argv), Explain: []string{p.ManagerData().Failures},
		},
	}, true
}

// prunes returns the steps that prune what the image gets. managers has the versions of package managers that are
// known, by the directory of their project; the others have the version that the project requests.
func (p Plan) prunes(managers map[string]string) (steps []Step) {
	if p.Node == nil || !p.Node.Launch.Modules {
		return nil
	}
	for _, project := range p.Node.Projects {
		version, known := managers[project.Package.Dir]
		if !known {
			version = project.Tool.Version.Want
		}
		if step, ok := project.Prune(version); ok && project.Install != nil {
			steps = append(steps, step)
		}
	}
	return steps
}

// Prune returns the step that prunes the packages of the project in dir. ok is false if there is none.
func (p Plan) Prune(dir string) (step Step, ok bool) {
	for _, step := range p.In(Place{Stage: Finish}) {
		if step.Kind == Prune && step.Dir == dir {
			return step, true
		}
	}
	return step, false
}

// quietly returns argv with the options that keep the manager's output short.
func (p Project) quietly(argv []string) []string {
	return slices.Concat(argv, p.ManagerData().Commands.Quiet)
}
