package plan

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Places are the directories of a build. They make the commands of the plan concrete.
type Places struct{ App, Layers string }

// Scratch is where an installation of Python packages may write.
func (p Places) Scratch() string { return p.Layers + "/private/packages" }

// pythonSteps returns the steps that install the Python packages and import the settings with them.
func (q Question) pythonSteps(p Plan) (steps []Step) {
	lane := Place{Install, PythonLane}
	if py := p.Python; !py.Given {
		if by := py.Installer; by.Tool != "" {
			steps = append(steps, Step{
				ID: "python/tool", Kind: GetTool, Place: lane, Command: Command{Dir: ".", Env: EnvPythonTools},
				About: About{Title: "install " + by.Name + " itself"},
			})
		}
		for i, argv := range q.installCommands(py) {
			steps = append(steps, Step{
				ID: fmt.Sprintf("python/install:%d", i+1), Kind: InstallPython, Place: lane,
				Command: Command{Dir: py.Dir, Argv: argv, Env: EnvPythonTools}, About: About{Title: "Python packages"},
			})
		}
	}
	if p.Manage.Path == "" {
		return steps
	}
	return append(steps, Step{
		ID: "python/settings", Kind: ImportSettings, Place: lane, Command: Command{Dir: ".", Env: EnvSettings},
		About: About{Title: "import the settings"}, If: []Condition{IfDjango},
	})
}

// installCommands returns the commands that install the packages into a new environment.
func (q Question) installCommands(py *Python) (all [][]string) {
	target := manager.Target{
		Wanted: py.Wanted, Python: q.Places.Layers + "/python/bin/python3", Venv: q.Places.Layers + "/venv",
		Scratch: q.Places.Scratch(), Args: py.Sources.Args,
	}
	if py.ManagerData().Pip == manager.PipForUV {
		pip := manager.PipToUV(manager.PipVariables(q.Vars), py.Sources.Options)
		target.Args = slices.Concat(target.Args, pip.Args)
	}
	for _, command := range manager.Python(py.Manager).Commands(target) {
		all = append(all, command.Argv)
	}
	return all
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
			About: About{Title: "get " + p.ManagerData().Name + " " + show.Value(p.Tool.Version.Want+p.Tool.File)},
		}
		if p.ManagerData().Program.Bundled {
			step.If = []Condition{IfBundledUnfit}
		}
		steps = append(steps, step)
	}
	if p.Has(Prebuild) {
		step := p.Script(Prebuild)
		step.Place, step.Env = lane, EnvPrebuild
		steps = append(steps, step)
	}
	if p.Install != nil {
		steps = append(steps, Step{
			ID: "node/install:" + dir, Kind: InstallNode, Place: lane,
			Command: Command{Dir: dir, Argv: p.quietly(p.Install), Env: EnvNodeTools}, About: About{Title: p.Title()},
		})
	}
	return steps
}

// prune returns the step that removes devDependencies from what the image gets.
func (p Project) prune() []Step {
	argv := p.Prune(p.Tool.Version.Want)
	if p.Install == nil || len(argv) == 0 {
		return nil
	}
	return []Step{{
		ID: "node/prune:" + p.Package.Dir, Kind: Prune, Place: Place{Stage: Finish},
		Command: Command{Dir: p.Package.Dir, Argv: p.quietly(argv), Env: EnvNodeTools},
		About:   About{Title: "prune " + p.Title()},
	}}
}

// quietly returns argv with the options that keep the manager's output short.
func (p Project) quietly(argv []string) []string {
	return slices.Concat(argv, p.ManagerData().Commands.Quiet)
}
