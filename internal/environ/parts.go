package environ

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Parts are the layers that commands see, by their names in the plan. A part that is not there yet adds nothing.
type Parts map[string]run.Part

// With returns e with these parts instead of its own, and with placeholders under these names in addition to
// SECRET_KEY.
func (e Envs) With(parts Parts, placeholders []string) Envs {
	e.parts, e.names = parts, placeholders
	return e
}

// WithRunners returns e with directories whose bin has programs that Tandem replaces in app steps. first comes before
// the packages, which may have such a tool too: its "run" would not use the active environment. last comes after all
// others.
func (e Envs) WithRunners(first, last string) Envs {
	e.runners, e.fallbacks = run.Part{Dir: first, Dirs: []string{"bin"}}, filepath.Join(last, "bin")
	return e
}

// withRunners returns env with the directories of WithRunners.
func (e Envs) withRunners(env run.Env) run.Env {
	if e.fallbacks != "" {
		env = env.With(run.Env{"PATH": env["PATH"] + run.ListSeparator + e.fallbacks})
	}
	return env.WithPart(e.runners)
}

// WithNodeOptions returns e with the options of LoaderOptions. They refer to files that app steps may create or remove.
func (e Envs) WithNodeOptions(options []string) Envs {
	e.nodeOptions = options
	return e
}

// For returns the environment of a command. dir is the directory of the Node.js project that it works for; commands of
// other classes have none.
func (e Envs) For(class plan.EnvClass, dir string) Env {
	switch class {
	case plan.EnvHook:
		return Env{Vars: e.platform.Vars.With(e.contract)}
	case plan.EnvPythonTools:
		return Env{Vars: e.tools.WithPart(e.parts[plan.PythonLayer])}
	case plan.EnvNodeTools:
		return Env{Vars: e.nodeTools(dir)}
	case plan.EnvPrebuild:
		return Env{Vars: e.forApp(e.nodeTools(dir).WithDefaults(e.project.blanks)).Without(manager.MisleadsNode)}
	case plan.EnvSettings:
		return e.withBound(e.python(e.tools))
	case plan.EnvCommand:
		env := e.command()
		env.Vars = e.withRunners(withOptions(env.Vars, e.nodeOptions))
		return env
	case plan.EnvScript: // Yarn has its own way to tell scripts of the packages without node_modules
		env := e.command()
		env.Vars = e.withRunners(env.Vars.Without(manager.MisleadsNode).WithPart(e.parts[e.project.tools[dir]]))
		return env
	case plan.EnvImage:
		env := e.withBound(e.python(e.tools))
		env.Vars = env.Vars.WithDefaults(e.project.image)
		return env
	case plan.EnvOwn:
		python := func(name string) bool { return strings.HasPrefix(name, "PYTHON") }
		return Env{Vars: e.tools.Without(python).With(map[string]string{
			"PYTHONHASHSEED": "0", noBytecode: "1", // the interpreter may be another buildpack's, in its layer
		})}
	}
	return Env{}
}

// nodeTools returns what a project's package manager sees: itself before all else, Node.js with its headers, and
// Python's runtime for node-gyp. The app's own install scripts see NODE_ENV as build scripts do, and as on Heroku
// classic: some build only in production. The managers install devDependencies whatever it is.
// https://devcenter.heroku.com/articles/nodejs-support#runtime-behavior
func (e Envs) nodeTools(dir string) run.Env {
	env := e.withHeap(e.tools.WithPart(e.parts[plan.PythonLayer]).WithPart(e.parts[plan.NodeLayer]))
	env = env.WithPart(e.parts[plan.HeadersLayer]).WithPart(e.parts[e.project.tools[dir]])
	return env.WithDefaults(run.Env{nodeEnv: Production})
}

// command returns what the app's own commands see: both languages, and what Heroku classic gives to hooks. The part
// that is added last is first on PATH: the first project's packages come before those of others, and no package
// replaces node or a package manager.
func (e Envs) command() Env {
	env := e.tools
	for _, dir := range slices.Backward(e.project.dirs) {
		env = env.WithPart(e.parts[e.project.packages[dir]])
	}
	if e.project.compiles {
		env = env.WithPart(e.parts[plan.HeadersLayer])
	}
	env = env.WithPart(e.parts[plan.NodeLayer])
	for _, dir := range slices.Backward(e.project.dirs) {
		env = env.WithPart(e.parts[e.project.tools[dir]])
	}
	defaults := run.Env{nodeEnv: Production}.With(e.project.blanks)
	out := e.withBound(e.python(env).WithDefaults(defaults))
	out.Vars = out.Vars.With(e.contract)
	return out
}

// python returns env with Python, its packages and the modules of the app, and with what only the app's own code gets.
// Bytecode that one command writes saves the next one time. It is in no layer, and in no directory of the app.
func (e Envs) python(env run.Env) run.Env {
	env = e.forApp(env).WithPart(e.parts[plan.PythonLayer]).WithPart(e.parts[plan.VenvLayer])
	if e.platform.ByteCode != "" {
		env = env.Without(func(name string) bool { return name == noBytecode })
		env = env.WithDefaults(run.Env{bytecodePrefix: e.platform.ByteCode}) // the user may name another
	}
	modules := e.project.modules + run.ListSeparator + env[pythonPath]
	return env.WithDefaults(run.Env{pythonUnbuffered: "1"}).With(run.Env{
		pythonPath: strings.TrimSuffix(modules, run.ListSeparator),
	})
}

// Image returns the variables of every process of the image. modules is the result of Modules. node is the value of
// NODE_ENV, empty if no process runs Node.js.
func Image(modules, node string) libcnb.Environment {
	vars := libcnb.Environment{}
	vars.Default(pythonUnbuffered, "1")
	vars.Default("PORT", DefaultPort)
	vars.Prepend(pythonPath, run.ListSeparator, modules)
	if node != "" {
		vars.Default(nodeEnv, node)
	}
	return vars
}

// InContainer reports whether each container has a variable: from Docker, from the lifecycle's launcher, or from the
// layer of Image.
func InContainer(name string) bool {
	return slices.Contains([]string{
		"HOME", "HOSTNAME", "PATH", "PWD", "PORT", "WEB_CONCURRENCY", pythonPath, pythonUnbuffered,
	}, name)
}

// NoByteCode returns the variables of an image with bytecode. Without them root would write more files into the
// container.
func NoByteCode() libcnb.Environment {
	vars := libcnb.Environment{}
	vars.Default(noBytecode, "1")
	return vars
}

// Contract has the values that Heroku classic promises to hooks.
// https://devcenter.heroku.com/articles/buildpack-api#bin-compile
type Contract struct {
	Root     string // the app's directory
	Cache    string // a directory that is kept for the next build
	EnvDir   string // has a file for each variable of the user
	Revision string // of the source; "": not known
	Utils    string // the directory with the functions of Heroku's buildpack; "": the hook does not read them
}

// WithContract returns e for a build with a hook.
func (e Envs) WithContract(c Contract) Envs {
	e.contract = map[string]string{"BUILD_DIR": c.Root, "CACHE_DIR": c.Cache, "ENV_DIR": c.EnvDir}
	if c.Revision != "" && e.tools["SOURCE_VERSION"] == "" {
		e.contract["SOURCE_VERSION"] = c.Revision
	}
	if c.Utils != "" {
		e.contract["BIN_DIR"] = c.Utils
	}
	return e
}
