package environ

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Parts are the layers that commands see. A part that is not there yet adds nothing. Maps have the directory of the
// project.
type Parts struct {
	Python, Venv, Node, Headers run.Part
	Tools, Modules              map[string]run.Part // package managers and node_modules

	NodeOptions []string // options that find the packages of projects without node_modules, see LoaderOptions
}

// With returns e with these parts instead of others, and with placeholders under these names beside SECRET_KEY.
func (e Envs) With(parts Parts, placeholders []string) Envs {
	e.parts = parts
	if e.platform.Placeholder != "" {
		e.names = append([]string{"SECRET_KEY"}, placeholders...)
	}
	return e
}

// WithNodeOptions returns e with the options of LoaderOptions. The app's own steps may create or remove the files that
// these name.
func (e Envs) WithNodeOptions(options []string) Envs {
	e.parts.NodeOptions = options
	return e
}

// For returns the environment of a command. dir is the directory of the Node.js project that it works for; commands of
// other classes have none.
func (e Envs) For(class plan.EnvClass, dir string) Env {
	switch class {
	case plan.EnvHook:
		return Env{Vars: e.platform.Vars.With(e.contract)}
	case plan.EnvPythonTools:
		return Env{Vars: e.tools.WithPart(e.parts.Python)}
	case plan.EnvNodeTools:
		return Env{Vars: e.nodeTools(dir)}
	case plan.EnvPrebuild:
		return Env{Vars: e.forApp(e.nodeTools(dir).WithDefaults(e.project.blanks)).Without(manager.MisleadsNode)}
	case plan.EnvSettings:
		return e.withBound(e.python(e.tools))
	case plan.EnvCommand:
		env := e.command()
		env.Vars = withOptions(env.Vars, e.parts.NodeOptions)
		return env
	case plan.EnvScript: // Yarn has its own way to tell scripts of the packages without node_modules
		env := e.command()
		env.Vars = env.Vars.Without(manager.MisleadsNode).WithPart(e.parts.Tools[dir])
		return env
	case plan.EnvOwn:
		python := func(name string) bool { return strings.HasPrefix(name, "PYTHON") }
		return Env{Vars: e.tools.Without(python).With(map[string]string{"PYTHONHASHSEED": "0"})}
	}
	return Env{}
}

// nodeTools returns what a project's package manager sees: itself before all else, Node.js with its headers, and
// Python's runtime for node-gyp.
func (e Envs) nodeTools(dir string) run.Env {
	env := e.withHeap(e.tools.WithPart(e.parts.Python).WithPart(e.parts.Node))
	return env.WithPart(e.parts.Headers).WithPart(e.parts.Tools[dir])
}

// command returns what the app's own commands see: both languages, and what Heroku classic gives to hooks. The part
// that is added last is first on PATH: the first project's packages come before those of others, and no package
// replaces node or a package manager.
func (e Envs) command() Env {
	env := e.tools
	for _, dir := range slices.Backward(e.project.dirs) {
		env = env.WithPart(e.parts.Modules[dir])
	}
	if e.project.compiles {
		env = env.WithPart(e.parts.Headers)
	}
	env = env.WithPart(e.parts.Node)
	for _, dir := range slices.Backward(e.project.dirs) {
		env = env.WithPart(e.parts.Tools[dir])
	}
	defaults := run.Env{nodeEnv: "production"}.With(e.project.blanks)
	out := e.withBound(e.python(env).WithDefaults(defaults))
	out.Vars = out.Vars.With(e.contract)
	return out
}

// python returns env with Python, its packages and the modules of the app, and with what only the app's own code gets.
func (e Envs) python(env run.Env) run.Env {
	env = e.forApp(env).WithPart(e.parts.Python).WithPart(e.parts.Venv)
	modules := e.project.modules + listSeparator + env["PYTHONPATH"]
	return env.WithDefaults(map[string]string{"PYTHONUNBUFFERED": "1"}).With(map[string]string{
		"PYTHONPATH": strings.TrimSuffix(modules, listSeparator),
	})
}
