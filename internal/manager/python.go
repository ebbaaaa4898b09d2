package manager

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Python is a package manager of Python, or a way to use one.
type Python struct {
	Name     string                                   // as users call it; the package of the tool is called so too
	Lock     string                                   // its lock file; "": requirements files
	Relock   string                                   // the command that makes the lock anew, for errors
	Wins     bool                                     // its lock counts also beside a requirements.txt that somebody wrote by hand
	Exports  string                                   // what the requirements files that it writes have in their first lines, lower case; "": nothing
	Tool     string                                   // requirements with hashes by which uv installs the manager; "": uv is all it needs
	Fresh    bool                                     // it cannot bring an old environment up to the state of a new one
	Pip      PipSettings                              // what it makes of pip's settings
	Settings []string                                 // what the variables begin with that change what it installs
	Read     func(src Source, files []string) Sources // what the app's files say; files are requirements files
	Commands func(t Target) []Command                 // the installation
	Env      func(t Target) map[string]string         // variables for it; "" takes one away
	Try      func(w Wanted) string                    // the command that a user can try at home, for errors
	Failures Failures
}

// PipSettings is what becomes of pip's variables and pip.conf.
type PipSettings int

// Nothing, or uv is told what they mean, or pip gets them.
const (
	PipIgnored PipSettings = iota
	PipForUV
	PipForPip
)

// Source is the folder of the app in which a manager works, for reading; a name may lead out of it ("../shared").
type Source struct {
	Text  func(name string) (string, bool) // false: there is no such file
	IsDir func(name string) bool
}

// Sources are what an installation is made from. No Files: there is no such installation.
type Sources struct {
	Files       []string // what names the packages, relative to the folder in which the manager works
	Local       []string // files and folders of the app that are packages themselves
	Options     []string // what is said about how to install, beside the names
	Args        []string // what of it uv must be told
	Env         map[string]string
	Extras      []string // what may be asked for beside the usual
	Groups      []string
	Root        bool      // the app itself is installed as a package
	Version     string    // the version that the manager itself must have, as the app writes it; "": any
	VersionFile string    // the file that has Version
	Unverified  []Setting // those by which any TLS certificate is accepted
	Notes       []string
	Refused     []Line // the first of the lines that pip refuses, which it does only when it installs
	Err         error  // a file is not what it should be; the parser's error
}

// In are the sources as files of the app, if a manager finds them when it works in the folder dir of it. What leaves the app is none.
func (s Sources) In(dir string) Sources {
	s.Files, s.Local = within(dir, s.Files), within(dir, s.Local)
	s.Refused = slices.Clone(s.Refused)
	for i := range s.Refused {
		s.Refused[i].File = path.Join(dir, s.Refused[i].File)
	}
	s.Unverified = slices.Clone(s.Unverified)
	for i := range s.Unverified {
		s.Unverified[i].File = path.Join(dir, s.Unverified[i].File)
	}
	if s.VersionFile != "" {
		s.VersionFile = path.Join(dir, s.VersionFile)
	}
	return s
}

func within(dir string, names []string) (found []string) {
	for _, name := range names {
		if name = path.Join(dir, name); fs.ValidPath(name) {
			found = append(found, name)
		}
	}
	return found
}

// Wanted is what of an app's packages is to be installed.
type Wanted struct {
	Files          []string // requirements files, relative to the folder in which pip works
	Extras, Groups []string
	Root           bool
}

// Target is what a Python manager installs, and where.
type Target struct {
	Wanted
	Python  string   // the interpreter
	Venv    string   // folder of the virtual environment
	Exists  bool     // it holds an environment that is to be brought up to date
	Scratch string   // a folder for files of the installation only
	Args    []string // what the files and pip's settings mean to uv
}

// Command is one command of an installation.
type Command struct {
	Argv []string
	To   string // the file that gets what it prints; "": the log
}

// Pythons are those with a lock file, in the order in which they are named.
func Pythons() []Python { return []Python{UV(), Poetry(), Pipenv()} }

// Exporter is the manager that a file says it was written by, "" for a file of somebody's own hand.
func Exporter(text string) string {
	head := strings.ToLower(strings.Join(strings.SplitN(text, "\n", 8)[:min(7, strings.Count(text, "\n")+1)], "\n"))
	for _, p := range append(Pythons(), Pip()) {
		if p.Exports != "" && strings.Contains(head, p.Exports) {
			return p.Exports
		}
	}
	return ""
}

// venv makes an empty environment where there is none.
func (t Target) venv() []Command {
	if t.Exists {
		return nil
	}
	return []Command{{Argv: []string{"uv", "venv", "--no-config", "--no-project", "--quiet", "--clear", "--python", t.Python, t.Venv}}}
}

// each is one option for every value.
func each(option string, values []string) (out []string) {
	for _, value := range values {
		out = append(out, option, value)
	}
	return out
}

func then(first []Command, argv ...string) []Command {
	return append(slices.Clip(first), Command{Argv: argv})
}
