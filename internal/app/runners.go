package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/shell"
)

// runner is a tool that runs a command in the environment of a project. In an image and in the steps of a build that
// environment is active anyway, and the tool is not installed.
type runner struct {
	name  string
	flags string            // options that only say how the environment is found
	value string            // the same, with a value
	other map[string]string // arguments that do more, with what they do
}

// runners returns the tools whose run is understood. The command line of each is in its documentation:
// https://docs.astral.sh/uv/reference/cli/#uv-run, https://python-poetry.org/docs/cli/#run,
// https://pipenv.pypa.io/en/latest/cli.html#run, https://pdm-project.org/en/latest/reference/cli/#run
func runners() []runner {
	const elsewhere = "changes the directory"
	return []runner{
		{"uv", "--no-sync --frozen --locked --active --no-dev --dev --offline --quiet -q --verbose -v --no-progress " +
			"--all-extras --all-groups --no-default-groups --exact --no-cache -n --no-config --all-packages",
			"--extra --group --only-group --no-group --no-extra --package --color --cache-dir",
			map[string]string{
				"--with": "installs more packages", "--with-requirements": "installs more packages",
				"--with-editable": "installs more packages", "--isolated": "creates another environment",
				"--env-file": "reads variables from a file", "--directory": elsewhere, "--project": elsewhere,
				"--script": "installs the packages of a script", "-s": "installs the packages of a script",
				"--python": "chooses another Python", "-p": "chooses another Python",
			}},
		{"poetry", "--quiet -q --no-interaction -n --no-ansi --ansi --verbose -v -vv -vvv --no-plugins --no-cache", "",
			map[string]string{
				"shell": "starts a shell", "--directory": elsewhere, "-C": elsewhere, "--project": elsewhere,
				"-P": elsewhere,
			}},
		{"pipenv", "--bare --quiet -q --verbose -v --clear", "--pypi-mirror",
			map[string]string{"shell": "starts a shell", "--system": "uses the system's Python"}},
		{"pdm", "--quiet -q --verbose -v", "",
			map[string]string{
				"--project": elsewhere, "-p": elsewhere, "--venv": "chooses another environment",
				"--recreate": "creates another environment", "--site-packages": "uses the system's packages",
				"-s": "uses the system's packages",
			}},
		{"uvx", "", "", nil},
		{"hatch", "", "", map[string]string{"run": "creates its own environments", "shell": "starts a shell"}},
	}
}

// Scripts are the commands that Pipenv and pdm run by name. The text is empty for a script that is not a plain text.
type Scripts struct{ Pipenv, PDM map[string]string }

// of returns the scripts of a tool; nil for a tool without scripts.
func (s Scripts) of(tool string) map[string]string {
	return map[string]map[string]string{"pipenv": s.Pipenv, "pdm": s.PDM}[tool]
}

// Unwrapped is a command without the tool that runs it: Insert, and then the words from Skip on.
type Unwrapped struct {
	Tool string // "uv"
	// Skip is the number of words that go: the tool, its options, "run", and the name of a script or "-m".
	Skip int
	// Insert is a text of a shell: "python" before a file of Python, "python -m" before a module, or the text of a
	// script. It is empty if the command stays as it is.
	Insert         string
	Reason         string   // why the command needs the tool; empty: it does not
	Extras, Groups []string // that must be installed for it
}

// Unwrap removes the tool from the words of a command such as "uv run gunicorn x". ok is false for another command.
func Unwrap(words []string, scripts Scripts) (u Unwrapped, ok bool) {
	u.Tool = path.Base(words[0])
	i := slices.IndexFunc(runners(), func(r runner) bool { return r.name == u.Tool })
	if i < 0 {
		return u, false
	}
	r := runners()[i]
	if r.name == "uvx" {
		u.Reason = "uvx installs the program each time"
		return u, true
	}
	u.Skip = 1
	if reason := r.options(words, &u); reason != "" {
		u.Reason = reason
		return u, true
	}
	if u.Skip >= len(words) || words[u.Skip] != "run" {
		return u, false
	}
	u.Skip++
	if u.Reason = r.options(words, &u); u.Reason == "" {
		u.Reason = u.command(words, scripts)
	}
	return u, true
}

// options skips the options of the tool. It returns a reason if one of them does more than to find the environment. An
// option that is not known may do more.
func (r runner) options(words []string, u *Unwrapped) (reason string) {
	for ; u.Skip < len(words); u.Skip++ {
		word := words[u.Skip]
		name, value, hasValue := strings.Cut(word, "=")
		does, isOther := r.other[name]
		switch {
		case isOther:
			return r.name + " " + name + " " + does
		case word == "--":
			u.Skip++
			return ""
		case !strings.HasPrefix(word, "-") || word == "-m" || word == "--module" || word == "-":
			return ""
		case slices.Contains(strings.Fields(r.value), name):
			if !hasValue && u.Skip+1 < len(words) {
				u.Skip++
				value = words[u.Skip]
			}
			u.require(name, value)
		case !slices.Contains(strings.Fields(r.flags), word):
			return "the option " + name + " of " + r.name + " is not known"
		}
	}
	return ""
}

// require notes an extra or a group that an option names. The environment of a build has those that its variables
// request, and "uv run" would install the others first.
func (u *Unwrapped) require(option, name string) {
	switch option {
	case "--extra":
		u.Extras = append(u.Extras, name)
	case "--group", "--only-group":
		u.Groups = append(u.Groups, name)
	}
}

// command looks at the words after the options: a script by name, a file or a module of Python, or a program.
func (u *Unwrapped) command(words []string, scripts Scripts) (reason string) {
	if u.Skip >= len(words) || words[u.Skip] == "-" {
		return "it names no command"
	}
	first := words[u.Skip]
	text, isScript := scripts.of(u.Tool)[first]
	switch {
	case isScript && text == "":
		return "the script " + first + " is not a plain command"
	case isScript:
		u.Insert, u.Skip = text, u.Skip+1
	case first == "-m" || first == "--module":
		u.Insert, u.Skip = "python -m", u.Skip+1
	case strings.HasSuffix(first, ".py"):
		u.Insert = "python"
	}
	return ""
}

// WithoutRunners returns a command line without the tools that run its commands, and what it has found of these tools.
// All other bytes stay as they are: of "A=b exec uv run --frozen x 'y z'" it removes "uv run --frozen ", so that no
// quote, operator or blank changes. Commands with a Reason stay too. Tools in the text of "bash -c" are removed if the
// text is a part of the line as it is.
func WithoutRunners(command string, scripts Scripts) (changed string, found []Unwrapped) {
	from := 0
	for _, call := range shell.Calls(command) {
		u, ok := Unwrap(call.Texts(), scripts)
		if !ok {
			continue
		}
		if u.Reason == "" && call.Words[0].From < from {
			u.Reason = "its quotes cannot be kept"
		}
		found = append(found, u)
		if u.Reason != "" {
			continue
		}
		changed += command[from:call.Words[0].From] + u.Insert
		if u.Skip == len(call.Words) {
			from = call.Words[u.Skip-1].To
			continue
		}
		if u.Insert != "" {
			changed += " "
		}
		from = call.Words[u.Skip].From
	}
	return changed + command[from:], found
}
