package plan

// Step is one thing that a build does, most often a command.
type Step struct {
	ID   string // the key in the timeline file, such as "script:frontend:build"; never shown
	Kind Kind
	Place
	Command
	About
	From From
	If   []Condition // all must hold; those that are known only after the installation
}

// Kind says who executes a step. Kinds of the app's own steps are in the ids of their errors.
type Kind string

// The kinds of steps.
const (
	HookScript     Kind = "hook"          // of the app
	Script         Kind = "script"        // of package.json
	Management     Kind = "command"       // of Django's manage.py
	Collectstatic  Kind = "collectstatic" // one of these, with rules of its own
	Translate      Kind = "translate"     // .po files
	GetTool        Kind = "tool"          // a package manager
	InstallPython  Kind = "python"        // the Python packages
	ImportSettings Kind = "settings"
	InstallNode    Kind = "node" // the packages of a project
	Prune          Kind = "prune"
)

// Place says when a step runs. The lanes of a stage run in parallel, the steps of a lane one after the other.
type Place struct {
	Stage Stage
	Lane  Lane
}

// Lane is one of the two installations.
type Lane string

// The lanes; a step without one belongs to neither installation.
const (
	PythonLane Lane = "python"
	NodeLane   Lane = "node"
)

// Command is what a step runs. A step that the build executes itself has no Argv.
type Command struct {
	Dir    string // where it runs, relative to the app's root
	Argv   []string
	Output string // the file that gets what it prints; empty for the log
	Env    EnvClass
	Before []Preparation // in this order
}

// From says which contents of its layer a step of an installation begins with.
type From int

// A step runs with any contents; only with new ones; only to update those of an earlier build; only with the same as
// in an earlier build.
const (
	Any From = iota
	Fresh
	Update
	Cached
)

// String returns the part of a step's ID.
func (f From) String() string { return []string{"any", "install", "update", "cached"}[f] }

// EnvClass is a row of ARCHITECTURE.md, "Environments".
type EnvClass string

// The environments of commands.
const (
	EnvHook        EnvClass = "hook"         // bin/pre_compile: what the platform gives
	EnvPythonTools EnvClass = "python tools" // package managers of Python
	EnvNodeTools   EnvClass = "node tools"   // package managers of Node.js
	EnvPrebuild    EnvClass = "prebuild"     // scripts that run before the packages are there
	EnvSettings    EnvClass = "settings"     // the import of Django's settings
	EnvCommand     EnvClass = "command"      // both languages and all packages
	EnvScript      EnvClass = "script"       // the same, for a package manager that runs a script
	EnvOwn         EnvClass = "own"          // Tandem's own programs
)

// Preparation is what must be true before a step runs.
type Preparation string

// What a step may need.
const (
	ByteCodeReady  Preparation = "bytecode is ready"          // only what runs Python waits for it
	Executable     Preparation = "the hook is executable"     // archives lose permissions
	SettingsRead   Preparation = "the settings are imported"  // again, if they could not be before
	StaticRootAged Preparation = "old static files are older" // so that collectstatic replaces them
)

// About is what the log, the errors and explain say about a step.
type About struct {
	Title string   // its name in the log and in the timeline
	Try   string   // the command on the user's machine, where it is not Argv
	Notes []string // what to know before it runs

	Explain []string // the rule sets of package diagnose that explain its failure, in this order
}

// Condition is something that is known only after the installation. Its value is the text that explain shows.
type Condition string

// The conditions of steps, processes and notes.
const (
	IfDjango       Condition = "Django is installed"
	IfBabel        Condition = "Django or Babel is installed"
	IfStaticfiles  Condition = "Django is installed and django.contrib.staticfiles is in INSTALLED_APPS"
	IfBundledUnfit Condition = "the one that Node.js brings does not fit"
)

// holds reports whether a condition is met by what was found. What is not known yet may hold, and no condition does.
func (c Condition) holds(f Found) bool {
	switch c {
	case IfDjango:
		return f.Has("django")
	case IfBabel:
		return f.Has("django") || f.Has("babel")
	case IfStaticfiles:
		return f.Has("django") && (f.Settings == nil || f.Settings.Staticfiles)
	case IfBundledUnfit: // shown by explain; the installation itself finds out
	}
	return true
}

// In returns the steps of a stage and lane, in order.
func (p Plan) In(place Place) (steps []Step) {
	return p.where(func(s Step) bool { return s.Place == place })
}

// Installs returns the commands that install packages into contents: those of a directory of the app for Node.js.
func (p Plan) Installs(kind Kind, dir string, contents From) []Step {
	return p.where(func(s Step) bool {
		return s.Stage == Install && s.Kind == kind && s.Dir == dir && (s.From == Any || s.From == contents)
	})
}

func (p Plan) where(matches func(Step) bool) (steps []Step) {
	for _, step := range p.Steps {
		if matches(step) {
			steps = append(steps, step)
		}
	}
	return steps
}

// First reports whether a first build runs the step. Its conditions may still prevent it.
func (s Step) First() bool { return s.From == Any || s.From == Fresh }
