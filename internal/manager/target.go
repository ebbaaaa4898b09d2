package manager

import "slices"

// Target says which packages a Python manager installs, and where.
type Target struct {
	Wanted
	Python  string   // the interpreter
	Venv    string   // directory of the virtual environment
	Exists  bool     // it has an environment that is updated in place
	Scratch string   // a directory for files of the installation only
	Also    []string // requirements in addition to those of the app
	// NoHashes is as in Sources.
	NoHashes bool
	Args     []string // arguments for uv from the files and pip's settings

	// GitVersions are the packages of the app whose version is set, because git does not tell it. Only their builds see
	// the variable, if uv installs them: other packages that are built from source would take it for theirs.
	GitVersions []GitVersion
}

// Command is one command of an installation.
type Command struct {
	Argv []string
	To   string // the file that gets what it prints; "": the log
}

// venv returns the command that creates an empty environment, if there is none.
func (t Target) venv() []Command {
	if t.Exists {
		return nil
	}
	return []Command{{Argv: []string{
		"uv", "venv", "--no-config", "--no-project", "--quiet", "--clear", "--python", t.Python, t.Venv,
	}}}
}

// each returns one option for every value.
func each(option string, values []string) (out []string) {
	for _, value := range values {
		out = append(out, option, value)
	}
	return out
}

// then returns the commands of first, unchanged, and one more.
func then(first []Command, argv ...string) []Command {
	return append(slices.Clip(first), Command{Argv: argv})
}
