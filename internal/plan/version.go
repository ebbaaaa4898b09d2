package plan

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/show"
)

// The lines that are taken when nothing says otherwise. Node 26 needs libatomic, which slim images do not have.
const (
	defaultPython = "3.13"
	defaultNode   = "24"

	theDefault = "the default"
	theLast    = "the last build"
)

// Lines are those of the last build: "3.13" and "24"; "" when there was none.
type Lines struct{ Python, Node string }

// Version is what is asked of a runtime.
type Version struct {
	app.Version               // what is asked first, in the order of precedence
	Within      []app.Version // what it must fit besides
	Prefer      []string      // the lines to look in first when nothing ends the range
}

// Places are those where the app or its user asks for a version.
func (v Version) Places() (all []app.Version) {
	if v.Source == "" || v.Source == theDefault || v.Source == theLast {
		return nil
	}
	return append([]app.Version{v.Version}, v.Within...)
}

// A source is one place that may ask for a version.
type source struct {
	app.Version
	must bool // a condition of the project, which holds whatever else is asked; else a choice: only the first counts
}

// pythonVersion is what is asked of Python. A variable decides alone.
func (p *Plan) pythonVersion(py *app.Python, c config.Config, last string) Version {
	if v := first(
		app.Version{Want: c.PythonVersion, Source: config.PythonVersion},
		app.Version{Want: c.CPythonVersion, Source: config.CPythonVersion},
	); v.Want != "" {
		return Version{Version: v, Prefer: []string{defaultPython, last}}
	}
	return p.version(defaultPython, last, pythonSources(py)...)
}

// pythonSources is the one place where the precedence of Python's versions stands, read top-down.
func pythonSources(py *app.Python) []source {
	return []source{
		{py.PythonVersion, false},
		{py.RuntimeTxt, false},
		{py.Pipfile, false},
		{py.RequiresPython, true},
		{py.PoetryPython, true},
		{py.UVLockPython, true},
		{py.ToolVersions, false},
		{py.Mise, false},
	}
}

// nodeVersion is the same for Node: of several projects all conditions hold, and the first choice counts.
func (p *Plan) nodeVersion(packages []*app.Node, c config.Config) Version {
	if c.NodeVersion != "" {
		v := app.Version{Want: c.NodeVersion, Source: config.NodeVersion}
		return Version{Version: v, Prefer: []string{defaultNode, p.last.Node}}
	}
	var sources []source
	for _, n := range packages {
		sources = append(sources, nodeSources(n)...)
	}
	return p.version(defaultNode, p.last.Node, sources...)
}

// nodeSources is the same as pythonSources.
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

// version is the first choice with all conditions; without any, the last build's line, else the default.
func (p *Plan) version(standard, last string, sources ...source) Version {
	var asked []app.Version
	var choice app.Version
	for _, s := range sources {
		switch {
		case s.Want == "":
		case s.must:
			asked = add(asked, s.Version)
		case choice.Want == "":
			choice, asked = s.Version, add(asked, s.Version)
		case choice.Want != s.Want:
			p.note("%s (%s) is not used: %s comes first", s.Source, show.Value(s.Want), choice.Source)
		}
	}
	if len(asked) == 0 {
		asked = []app.Version{first(app.Version{Want: last, Source: theLast}, app.Version{Want: standard, Source: theDefault})}
	}
	return Version{Version: asked[0], Within: asked[1:], Prefer: []string{standard, last}}
}

// add leaves out what was asked already in the same words: uv.lock repeats pyproject.toml.
func add(asked []app.Version, v app.Version) []app.Version {
	for _, before := range asked {
		if before.Want == v.Want {
			return asked
		}
	}
	return append(asked, v)
}

func first(versions ...app.Version) app.Version {
	for _, v := range versions {
		if v.Want != "" {
			return v
		}
	}
	return app.Version{}
}
