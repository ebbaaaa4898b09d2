package plan

import (
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
)

// Step describes one part of a build, most often a command. Everything that runs a command or fills a layer is a step.
type Step struct {
	ID   string // the key in the timeline file, such as "script:frontend:build"; never shown
	Kind Kind
	Place
	Command
	About
	Fills
	If []installed.Condition // all must hold; those that are known only after the installation
}

// Kind says who executes a step. Kinds of commands are the rules of diagnose/rules/step.toml, and in the ids of errors.
type Kind string

// The kinds of steps.
const (
	HookScript     Kind = "hook"                // of the app
	Script         Kind = "script"              // of package.json
	Management     Kind = "command"             // of Django's manage.py
	Collectstatic  Kind = "collectstatic"       // one of these, with rules of its own
	Translate      Kind = "translate"           // .po files
	Fetch          Kind = "fetch"               // a download that is verified and unpacked
	PythonTool     Kind = "python-tool"         // a package manager of Python itself
	InstallPython  Kind = "python-install"      // the Python packages
	ImportSettings Kind = "settings"            // of Django
	NodeTool       Kind = "node-manager"        // a package manager of Node.js itself
	InstallNode    Kind = "node-install"        // the packages of a project
	InstallScript  Kind = "node-install-script" // of the app, as a part of an installation
	Prune          Kind = "node-prune"
	ByteCode       Kind = "bytecode"
	Processes      Kind = "processes"    // the environment of the image's processes
	Prove          Kind = "prove"        // the import of what the processes serve
	DebianIndex    Kind = "debian-index" // of the packages of the system
	DebianPackages Kind = "debian"       // their choice and download
	DebianNames    Kind = "debian-names" // what the index has
	DebianFiles    Kind = "debian-files"
)

// Place says when a step runs. The lanes of a stage run in parallel, the steps of a lane one after the other.
type Place struct {
	Stage Stage
	Lane  Lane
}

// Lane is one of the two installations, or what runs next to both.
type Lane string

// The lanes; a step without one belongs to none of them. Steps of AnyTime wait for none of their stage: they begin when
// something needs their layer.
const (
	PythonLane Lane = "python"
	NodeLane   Lane = "node"
	AnyTime    Lane = "any time"
)

// Command describes what a step runs. A step that the build executes itself has no Argv.
type Command struct {
	Dir    string // the directory of the app that it is about, relative to the app's root; it runs there
	In     string // where it runs instead, a directory that is not the app's; empty: in Dir
	Argv   []string
	Input  File   // which it reads, and Tandem writes before
	Output string // the file that it makes, or that gets what it prints; empty for the log
	Env    EnvClass
	Needs  []string      // the layers that it sees, which must be on disk, in the order in which a build gets them
	Before []Preparation // in this order
}

// File is a file with its whole path. The zero File is none.
type File struct{ Path, Text string }

// Fills says which layer a step fills, and from what. It runs only in a build that has such contents of the layer.
type Fills struct {
	Layer string   // its name; empty: none
	From  From     // the contents with which the step begins
	Reads []string // the files of the app that the contents depend on, relative to the app's root
	BOM   string   // the type of the package URLs that the contents add to the bill of materials
}

// From says which contents of its layer a step of an installation begins with.
type From int

// A step runs with any contents that this build creates. Others run only with new contents, only to update those of an
// earlier build, or only with the cached ones of an earlier build.
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
	EnvImage       EnvClass = "image"        // a process of the image, with the build's placeholders
)

// Preparation is a state that must be reached before a step runs.
type Preparation string

// What a step may need.
const (
	Executable     Preparation = "the hook is executable"     // archives lose permissions
	SettingsRead   Preparation = "the settings are imported"  // again, if they could not be before
	StaticRootAged Preparation = "old static files are older" // so that collectstatic replaces them
)

// About has the texts of the log, of errors and of explain about a step.
type About struct {
	Title  string      // its name in the log and in the timeline; empty: it is a part of what they name
	Failed string      // what errors say has failed, if it is not Title
	Try    string      // the command on the user's machine, where it is not Argv
	Notes  []note.Note // what to know before it runs

	Explain []string // the rule sets of package diagnose that explain its failure, in this order
}
