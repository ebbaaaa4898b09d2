package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// pythonSteps returns the steps that install Python and the Python packages, and import the settings with them.
func (q Question) pythonSteps(p Plan) (steps []Step) {
	if q.App.Others.Python == nil {
		runtime := filling("python/runtime", Fetch, PythonLane, PythonLayer)
		runtime.BOM = "generic"
		steps = append(steps, runtime)
	}
	if py := p.Python; !py.Provided && !p.Open.Packages {
		steps = append(steps, filling("python/uv", Fetch, PythonLane, VenvLayer))
		steps = slices.Concat(steps, pythonTool(py), installSteps(py), pipForHook(py),
			dataOfNLTK(py, q.App.Python.NLTK))
	}
	if p.Manage.Path == "" {
		return steps
	}
	return append(steps, Step{
		ID: "python/settings", Kind: ImportSettings, Place: Place{Install, PythonLane},
		Command: Command{
			Dir: p.home(), Argv: []string{"python", q.Places.private("settings.py"), p.managePath()},
			Env: EnvSettings, Needs: []string{PythonLayer, VenvLayer},
		},
		About: About{Title: "import the settings", Explain: []string{"django"}},
		If:    []installed.Condition{installed.IfDjango},
	})
}

// filling returns a step of an installation that fills a layer, as yet without a command.
func filling(id string, kind Kind, lane Lane, layer string) Step {
	return Step{
		ID: id, Kind: kind, Place: Place{Install, lane}, Command: Command{Dir: "."}, Fills: Fills{Layer: layer},
	}
}

// compileApp returns the step that compiles all Python files of the app. They may change in a running container, so
// their bytecode is checked against them at each import.
func (p Plan) compileApp() []Step {
	return p.compile("python/bytecode", "", "checked", p.places.App)
}

// compileLayers returns the step that compiles files of the layers of Python and of the packages, once it is known what
// the processes import. Commands of the app cannot reach what it reads and writes: none runs any more.
func (p Plan) compileLayers() []Step {
	if len(p.Compiled()) == 0 {
		return nil
	}
	return p.compile("image/bytecode", ByteCodeLayer, "unchecked", p.places.private("sources.json"))
}

// Compiled returns the layers whose Python files get bytecode in the image: those that Tandem makes. There are none if
// no process would read the bytecode.
func (p Plan) Compiled() (layers []string) {
	switch python := p.app.Others.Python; {
	case python == nil:
		layers = append(layers, PythonLayer)
	case python.Elsewhere:
		return nil
	}
	if !p.Python.Provided && !p.Open.Packages {
		layers = append(layers, VenvLayer)
	}
	return layers
}

// compile returns a step that compiles Python files of the app or of layers. There is none if no process would read the
// bytecode.
func (p Plan) compile(id, layer, mode, from string) []Step {
	python := p.app.Others.Python
	if python != nil && python.Elsewhere {
		return nil
	}
	step := filling(id, ByteCode, "", layer)
	step.Stage = Finish
	program, skipped := p.places.private("bytecode.py"), strings.Join(app.SkippedNames(app.ForByteCode), ",")
	step.Argv = []string{p.places.interpreter(p.app), "-S", "-s", program, mode, skipped, from}
	step.In, step.Env, step.Needs = p.places.private(""), EnvOwn, []string{PythonLayer}
	step.Explain = []string{"machine"}
	return []Step{step}
}

// pythonTool returns the steps that make an environment of its own for a manager that uv does not replace. It is not
// cached: making it takes a second, caching it would take longer.
func pythonTool(py *Python) []Step {
	name, dir := py.Installer.Name, path.Join(py.target.Scratch, "tool")
	if py.Installer.Tool == "" {
		return nil
	}
	venv := byUV("python/tool:1", name, py)
	venv.Argv = []string{
		"uv", "venv", "--no-config", "--no-project", "--quiet", "--clear", "--python", py.target.Python, dir,
	}
	venv.Title = "install " + name + " itself"
	venv.Notes = []note.Note{{ID: "python/tool-installed", Text: "Installing " + name + " itself"}}
	return []Step{venv, byUV("python/tool:2", name, py).requires(dir, py.Installer.Tool)}
}

// pipForHook returns the step that adds pip to the app's environment, if that has none: hooks that were written for
// Heroku classic find it there.
func pipForHook(py *Python) []Step {
	if !py.Pip {
		return nil
	}
	step := byUV("python/pip", "pip", py).requires(py.target.Venv, manager.Python(manager.Pip).Data().Tool)
	step.Notes = []note.Note{{ID: "python/pip-added", Text: "Installing pip, which a hook calls"}}
	step.If, step.BOM = []installed.Condition{installed.IfNoPip}, "pypi"
	return []Step{step}
}

// downloadNLTK downloads data of NLTK into a directory, and fails if some cannot be downloaded: the program of NLTK
// ends without an error then. The directory is one in which NLTK looks for data.
const downloadNLTK = "import sys, nltk; sys.exit(not all(" +
	"[nltk.download(name, download_dir=sys.argv[1]) for name in sys.argv[2:]]))"

// DataOfNLTK is the ID of the step that downloads the data that the app lists for NLTK.
const DataOfNLTK = "python/data-of-nltk"

// dataOfNLTK returns that step; none if there are no data.
func dataOfNLTK(py *Python, data app.NLTK) []Step {
	if len(data.Names) == 0 {
		return nil
	}
	step := byUV(DataOfNLTK, "nltk", py)
	step.Argv = append([]string{path.Join(py.target.Venv, "bin", "python"), "-B", "-c", downloadNLTK,
		path.Join(py.target.Venv, "nltk_data")}, data.Names...)
	step.Notes = []note.Note{{ID: "python/nltk-data", Text: "Downloading data of NLTK: " + show.List(data.Names)}}
	step.If, step.Explain = []installed.Condition{installed.IfNLTK}, []string{"nltk"}
	return []Step{step}
}

// byUV returns a step in which uv installs the program name, which is not one of the app's packages.
func byUV(id, name string, py *Python) Step {
	step := filling(id, PythonTool, PythonLane, VenvLayer)
	step.In, step.Env, step.Needs = py.target.Scratch, EnvPythonTools, []string{PythonLayer}
	step.Failed, step.Explain = name, []string{py.ManagerData().Failures}
	return step
}

// requires returns the step with the command that installs requirements into an environment.
func (s Step) requires(dir, text string) Step {
	s.Input = File{path.Join(s.In, "tool.txt"), text}
	s.Argv = []string{"uv", "pip", "install", "--quiet", "--python", dir, "--requirements", s.Input.Path}
	if strings.Contains(text, "--hash") {
		s.Argv = append(s.Argv, "--require-hashes")
	}
	return s
}

// installSteps returns the commands that install the packages into a new environment, and into one of an earlier build.
func installSteps(py *Python) (steps []Step) {
	m := manager.Python(py.Manager)
	for _, from := range []From{Fresh, Update} {
		if from == Update && m.Data().Fresh {
			break
		}
		for i, command := range m.Commands(py.Target(from == Update)) {
			step := filling(fmt.Sprintf("python/%s:%d", from, i+1), InstallPython, PythonLane, VenvLayer)
			step.Dir, step.Argv, step.Output = py.Dir, command.Argv, command.To
			step.Env, step.Needs = EnvPythonTools, []string{PythonLayer}
			step.Title, step.Try, step.Explain = "Python packages", m.Try(py.Wanted), []string{m.Data().Failures}
			step.From, step.Reads, step.BOM = from, slices.Concat(py.Sources.Files, py.Sources.Local), "pypi"
			steps = append(steps, step)
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
	target := manager.Target{
		Wanted: py.Wanted, Python: q.Places.interpreter(q.App), Venv: q.Places.layer(VenvLayer),
		Scratch: q.Places.private("packages"), Args: py.Sources.Args, GitVersions: py.GitVersions,
		NoHashes: py.Sources.NoHashes, Also: py.Also,
	}
	if py.ManagerData().Pip == manager.PipForUV {
		target.Args = slices.Concat(target.Args, manager.PipToUV(q.Pip, py.Sources.Options).Args)
	}
	return target
}
