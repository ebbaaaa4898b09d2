// Package environ computes the environment of every kind of command of a build. It is pure: it starts nothing and reads
// no disk.
//
// Nothing is inherited by accident: an environment is a value, made from the platform's variables. See ARCHITECTURE.md,
// "Environments".
package environ

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Names of variables that several functions read or set.
const (
	nodeEnv          = "NODE_ENV"
	nodeOptions      = "NODE_OPTIONS" // every Node.js reads it
	pythonPath       = "PYTHONPATH"
	noBytecode       = "PYTHONDONTWRITEBYTECODE"
	bytecodePrefix   = "PYTHONPYCACHEPREFIX"
	pythonUnbuffered = "PYTHONUNBUFFERED" // not empty: output is not buffered, so a crash loses none
)

// DefaultPort is the port of a server in a container that sets none.
const DefaultPort = "8080"

// Production is the value of NODE_ENV where the user has set none.
const Production = "production"

// Platform has the variables and limits that the platform and earlier buildpacks set for a build.
type Platform struct {
	Vars        run.Env           // of the platform and of earlier buildpacks, as Basics returns them
	User        []string          // the names of those that the user has set for this build
	Bound       map[string]string // variables of bindings that only the app's own commands get
	Private     []string          // names of variables of bindings that only an installation of Node packages gets
	MemoryLimit int64             // of the container, in bytes; 0: none
	Home        string            // the platform's HOME
	Root        string            // the app's directory
	ByteCode    string            // a directory in which the app's commands find and leave bytecode; "": nowhere
	Placeholder string            // random, for a SECRET_KEY that is not set; "": it gets none
}

// Basics returns the variables that every command of the build gets: those of the platform and of earlier buildpacks,
// and a home that can be written to, below scratch.
func Basics(platform run.Env, scratch string) run.Env {
	return platform.With(map[string]string{
		"PATH": withBasics(platform["PATH"]),
		"HOME": Home(scratch),
		// Byte code is compiled at the end: written by a step it would change a layer.
		noBytecode: "1",
		// The default is in npm's cache, which an app may have in its directory, and so in the image.
		"npm_config_logs_dir": filepath.Join(scratch, "npm-logs"),
	})
}

// Home returns the directory below scratch that is the HOME of all commands.
func Home(scratch string) string { return filepath.Join(scratch, "home") }

// withBasics adds the directories of the usual programs to a PATH: bash and env, for hooks and npm's scripts.
func withBasics(path string) string {
	dirs := filepath.SplitList(path)
	for _, dir := range []string{"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"} {
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return strings.Join(dirs, run.ListSeparator)
}

// Envs computes environments. It is a value: its methods change no Envs. The zero value has no variables.
type Envs struct {
	platform Platform
	tools    run.Env // what package managers may see
	appOnly  run.Env // what else the app's own commands see
	project  project
	contract map[string]string // what Heroku classic gives to hooks; nil: no hook
	parts    Parts

	runners   run.Part // comes before all other programs of app steps
	fallbacks string   // a directory that comes after them; empty: none

	nodeOptions []string // that find the packages of projects without node_modules, see LoaderOptions
	names       []string // of variables that get the placeholder, besides SECRET_KEY
}

// project has the facts about the app on which its environments depend.
type project struct {
	node     bool              // Node.js is used
	dirs     []string          // of the projects of Node.js, in the order of the plan
	tools    map[string]string // the layers of their package managers, by the directory
	packages map[string]string // and of their packages
	compiles bool              // a step may compile a native module
	blanks   map[string]string // variables that a settings file of the app mentions and that its scripts must not see
	modules  string            // what PYTHONPATH begins with
	image    map[string]string // what processes get if it is not set
}

// Of returns the environments before anything is decided: all commands get all variables.
func Of(p Platform) Envs { return Envs{platform: p, tools: p.Vars} }

// Tools returns the variables that all tools may see, without those of layers.
func (e Envs) Tools() run.Env { return e.tools }

// ByteCode returns the directory of Platform.ByteCode.
func (e Envs) ByteCode() string { return e.platform.ByteCode }

// App returns the variables that app steps get, without the variables of layers.
func (e Envs) App() Env { return e.withBound(e.forApp(e.tools)) }

// forApp returns env with the variables that only the app's own code gets.
func (e Envs) forApp(env run.Env) run.Env { return e.withHeap(env.With(e.appOnly)) }

// withBound adds the variables that only app steps get: the variables of bindings, and placeholders. Installations
// never get them, since attacks on supply chains use install scripts.
func (e Envs) withBound(env run.Env) Env {
	out := Env{Vars: env.With(e.platform.Bound), value: e.platform.Placeholder}
	if out.value != "" {
		out.Placeholders = append([]string{"SECRET_KEY"}, e.names...)
	}
	return out
}

// BoundNote returns the line of the log that names the variables of bindings; "": there are none.
func (p Platform) BoundNote() string {
	if len(p.Bound) == 0 {
		return ""
	}
	return "Only for the app's steps, from a binding: " + strings.Join(run.Env(p.Bound).Names(), ", ")
}

// Env is the environment of one command. Two of them can be compared, since Vars has no placeholder's random value.
type Env struct {
	Vars         run.Env
	Placeholders []string // names that get a random value if Vars does not have them

	value string
}

// Filled returns the variables with which the command is started. Build scripts, collectstatic and hooks import the
// settings, which must find a SECRET_KEY; no request is ever signed with the placeholder.
func (e Env) Filled() run.Env {
	placeholders := map[string]string{}
	for _, name := range e.Placeholders {
		placeholders[name] = e.value
	}
	return e.Vars.WithDefaults(placeholders)
}
