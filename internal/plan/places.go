package plan

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Places are the directories of a build. They make the commands of the plan concrete.
type Places struct{ App, Layers string }

// The layers that every build may have. Project.Layer and Plan.ToolLayer return those of a project.
const (
	PythonLayer   = "python"
	VenvLayer     = "venv"
	ByteCodeLayer = "bytecode" // of files in the two
	NodeLayer     = "node"
	HeadersLayer  = "headers"
	EnvLayer      = "env"
)

// PrivateDir is the directory next to the layers to which only the build itself writes.
const PrivateDir = "private"

// PythonProgram is the path of the interpreter in the directory of a runtime.
const PythonProgram = "bin/python3"

// layer returns the absolute path of a layer.
func (p Places) layer(name string) string { return path.Join(p.Layers, name) }

// private returns the absolute path of a file to which only the build itself writes.
func (p Places) private(name string) string { return path.Join(p.Layers, PrivateDir, name) }

// interpreter returns the program of Python, which may be an earlier buildpack's.
func (p Places) interpreter(a app.App) string {
	dir := p.layer(PythonLayer)
	if other := a.Others.Python; other != nil {
		dir = other.Dir
	}
	return path.Join(dir, PythonProgram)
}

// Layer returns the name of the layer with the packages of the project. Two directories have two names.
func (p Project) Layer() string {
	if p.Package.Dir == "." {
		return "node-modules"
	}
	return "node-modules_" + strings.NewReplacer("_", "__", "/", "_-").Replace(p.Package.Dir)
}

// Shipped returns the name of the layer with the packages that the image gets of the project.
func (p Project) Shipped() string { return "app-" + p.Layer() }

// toolLayer returns the name of a layer with the project's own package manager.
func (p Project) toolLayer() string { return "tool_" + p.Layer() }

// ToolLayer returns the name of the layer with the package manager of a project: that of an earlier project which
// requests the same. It is empty if the one that comes with Node.js will do.
func (p Plan) ToolLayer(project Project) string {
	if project.Tool == (Tool{}) {
		return ""
	}
	for _, other := range p.Projects() { // an earlier buildpack may have the manager of its own projects
		if !project.Provided && !other.Provided && other.Manager == project.Manager && other.Tool == project.Tool {
			return other.toolLayer()
		}
	}
	return project.toolLayer()
}

// needs returns the layers that the app's own commands see: those of all projects, and both languages.
func (p Plan) needs() (names []string) {
	if p.Node == nil {
		return []string{PythonLayer, VenvLayer}
	}
	var tools []string
	for _, project := range slices.Backward(p.Projects()) {
		if project.Install != nil || project.Provided {
			names = append(names, project.Layer())
		}
		tools = append(tools, p.ToolLayer(project))
	}
	if p.app.MayCompile() {
		names = append(names, HeadersLayer)
	}
	return withTool("", slices.Concat(names, []string{NodeLayer}, tools, []string{PythonLayer, VenvLayer})...)
}

// Shown returns a command as the log and explain show it: without the directories of layers, which no user has.
func Shown(argv []string) string {
	argv = slices.Clone(argv)
	for i, word := range argv {
		if path.IsAbs(word) && inLayer(word) {
			argv[i] = path.Base(word)
		}
	}
	return show.Command(argv)
}

// Typed returns the command of an installation as a user would type it; empty if it only prepares another one.
func Typed(argv []string) string { return Shown(manager.Typed(argv)) }

// inLayer reports whether a path is in one of the layers that commands name.
func inLayer(name string) bool {
	return strings.HasSuffix(name, "/"+VenvLayer) || strings.HasSuffix(name, "/"+PythonLayer+"/"+PythonProgram) ||
		strings.Contains(name, "/"+PrivateDir+"/")
}
