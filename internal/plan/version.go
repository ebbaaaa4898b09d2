package plan

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

// The lines that are taken when nothing says otherwise. Node 26 needs libatomic, which slim images do not have.
const (
	defaultPython = "3.13"
	defaultNode   = "24"
)

// Lines are those of the last build: "3.13" and "24"; "" when there was none.
type Lines struct{ Python, Node string }

// Version is what is asked of a runtime.
type Version struct {
	app.Version               // what is asked first, in the order of precedence
	Within      []app.Version // what it must fit besides
	Prefer      []string      // the lines to look in first when nothing ends the range
}

// A source is one place that may ask for a version.
type source struct {
	app.Version
	must bool // a condition of the project, which holds whatever else is asked; else a choice: only the first counts
}

// pythonVersion is the one place where the precedence of Python's versions stands, read top-down.
func (p *Plan) pythonVersion(py *app.Python, c config.Config, last string) Version {
	if v := first(
		app.Version{Want: c.PythonVersion, Source: config.PythonVersion},
		app.Version{Want: c.CPythonVersion, Source: config.CPythonVersion},
	); v.Want != "" {
		return Version{Version: v, Prefer: []string{defaultPython, last}}
	}
	return p.version(defaultPython, last,
		source{py.PythonVersion, false},
		source{py.RuntimeTxt, false},
		source{py.Pipfile, false},
		source{py.RequiresPython, true},
		source{py.PoetryPython, true},
		source{py.UVLockPython, true},
		source{py.ToolVersions, false},
		source{py.Mise, false},
	)
}

// nodeVersion is the same for Node.
func (p *Plan) nodeVersion(n *app.Node, c config.Config, last string) Version {
	if c.NodeVersion != "" {
		v := app.Version{Want: c.NodeVersion, Source: config.NodeVersion}
		return Version{Version: v, Prefer: []string{defaultNode, last}}
	}
	return p.version(defaultNode, last,
		source{n.Engines, true},
		source{n.DevEngines, true},
		source{n.Volta, false},
		source{n.Nvmrc, false},
		source{n.NodeVersion, false},
		source{n.ToolVersions, false},
		source{n.Mise, false},
	)
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
			p.note("%s (%s) is not used: %s comes first", s.Source, s.Want, choice.Source)
		}
	}
	if len(asked) == 0 {
		asked = []app.Version{first(app.Version{Want: last, Source: "the last build"}, app.Version{Want: standard, Source: "the default"})}
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
