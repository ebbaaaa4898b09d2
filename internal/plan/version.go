package plan

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Sources of a version that neither the app nor the user requests.
const (
	theDefault = "the default"
	theLast    = "the last build"
)

// stated returns the requests of the app and its user: none for a default.
func stated(a versions.Ask) []versions.Request {
	if a.First.Source == "" || a.First.Source == theDefault || a.First.Source == theLast {
		return nil
	}
	return a.Requests()
}

// source is a file or a variable that may request a version.
type source struct {
	versions.Request
	must bool // a constraint of the project, which always applies; otherwise a choice: only the first one is used
}

// pythonAsk returns what is asked of Python. A variable overrides everything else.
func pythonAsk(of app.PythonVersions, c config.Config, last string) (versions.Ask, note.List) {
	a := versions.Ask{
		ID:     versions.Python,
		Prefer: []string{versions.Python.DefaultSeries(), last},
		First: versions.First(
			versions.Request{Want: c.PythonVersion, Source: config.PythonVersion},
			versions.Request{Want: c.CPythonVersion, Source: config.CPythonVersion},
		),
	}
	if a.First.Want != "" {
		a.Choice = a.First
		return a, nil
	}
	return ask(a, last, pythonSources(of)...)
}

// pythonSources lists the sources of Python's version in the order of precedence. All files of the project's directory
// come before those of the directories above it.
func pythonSources(of app.PythonVersions) (all []source) {
	for i, files := range of.Files {
		all = append(all, source{files.PythonVersion, false}, source{files.RuntimeTxt, false})
		if i == 0 {
			all = append(all, source{of.Pipfile, false},
				source{of.RequiresPython, true}, source{of.PoetryPython, true}, source{of.UVLockPython, true},
				source{of.PylockPython, true})
		}
		all = append(all, source{files.ToolVersions, false}, source{files.Mise, false})
	}
	return append(all, source{of.Compiled, false})
}

// nodeAsk returns what is asked of Node.js: the constraints of all packages, and their first choice.
func nodeAsk(packages []*app.Node, c config.Config, last string) (versions.Ask, note.List) {
	a := versions.Ask{
		ID:     versions.Node,
		Prefer: []string{versions.Node.DefaultSeries(), last},
		First:  versions.Request{Want: c.NodeVersion, Source: config.NodeVersion},
	}
	if c.NodeVersion != "" {
		a.Choice = a.First
		return a, nil
	}
	var sources []source
	for _, n := range packages {
		sources = append(sources, nodeSources(n)...)
	}
	return ask(a, last, sources...)
}

// nodeSources lists the sources of Node's version in the order of precedence.
func nodeSources(n *app.Node) []source {
	return []source{
		{n.Engines, true},
		{n.DevEngines, true},
		{n.Volta, false},
		{n.Nvmrc, false},
		{n.NodeVersion, false},
		{n.ToolVersions, false},
		{n.Mise, false},
	}
}

// ask returns a with the first choice and all constraints of the sources; if there are none, with the series of the
// last build, otherwise the default one.
func ask(a versions.Ask, last string, sources ...source) (_ versions.Ask, said note.List) {
	var asked []versions.Request
	var choice versions.Request
	for _, s := range sources {
		switch {
		case s.Want == "":
		case s.must:
			asked = add(asked, s.Request)
		case choice.Want == "":
			choice, asked = s.Request, add(asked, s.Request)
		case choice.Want != s.Want:
			said.Hint("version/source-ignored",
				"%s (%s) is not used: %s comes first", s.Source, show.Value(s.Want), choice.Source)
		}
	}
	if len(asked) == 0 {
		asked = []versions.Request{versions.First(
			versions.Request{Want: last, Source: theLast},
			versions.Request{Want: a.ID.DefaultSeries(), Source: theDefault},
		)}
		choice = asked[0]
	}
	a.First, a.Within, a.Choice = asked[0], asked[1:], choice
	return a, said
}

// add appends v unless an earlier source has the same request: uv.lock repeats pyproject.toml.
func add(asked []versions.Request, v versions.Request) []versions.Request {
	if slices.ContainsFunc(asked, func(before versions.Request) bool { return before.Want == v.Want }) {
		return asked
	}
	return append(asked, v)
}
