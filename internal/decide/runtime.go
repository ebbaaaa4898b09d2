package decide

import (
	"fmt"
	"time"

	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/deps"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Runtime is the version of a language that was chosen.
type Runtime struct {
	Name    string // as the log calls it
	Archive libpak.BuildModuleDependency
	Asked   plan.Version
	Why     string // the places that have decided
	Warning string // its support has ended; "": it has not
}

// names are what the log and the user's variable call a runtime.
var names = map[string]struct{ name, variable string }{
	"cpython": {"Python", config.PythonVersion}, "node": {"Node.js", config.NodeVersion},
}

// String is the log's line about it.
func (r Runtime) String() string {
	return fmt.Sprintf("%s %s, from %s", r.Name, r.Archive.Version, r.Why)
}

// Line is "3.13" or "24".
func (r Runtime) Line() string { return deps.Line(r.Archive) }

// runtime is the one of an earlier buildpack, which has no archive, else the one to install.
func (g Given) runtime(id string, v plan.Version, other *app.Runtime) (*Runtime, error) {
	if other == nil {
		return g.resolve(id, v)
	}
	return &Runtime{Name: names[id].name, Archive: libpak.BuildModuleDependency{ID: id, Version: other.Version}, Why: other.Buildpack}, nil
}

// resolve finds the archive for what is asked, and says why it is this one.
func (g Given) resolve(id string, v plan.Version) (*Runtime, error) {
	want := deps.Want{ID: id, Version: v.Want, Source: v.Source, Arch: g.Arch, Prefer: v.Prefer, Variable: names[id].variable}
	for _, also := range v.Within {
		want.Within = append(want.Within, deps.Bound{Version: also.Want, Source: also.Source})
	}
	archive, line, err := g.Archives.Choose(want)
	if err != nil {
		return nil, err
	}
	r := &Runtime{Name: names[id].name, Archive: archive, Asked: v, Why: reasons(v, line)}
	if end := archive.EOLDate; !end.IsZero() && g.Now.After(end.AddDate(0, 0, 1)) { // from the day after the last one
		r.Warning = fmt.Sprintf("%s %s has had no security fixes since %s", r.Name, r.Line(), end.Format(time.DateOnly))
	}
	return r, nil
}

// reasons are the places that decided. A range does not explain a version by itself, so it stands beside its place.
func reasons(v plan.Version, line string) string {
	text := v.Source
	if len(v.Within) > 0 || line != "" {
		text += " (" + show.Value(v.Want) + ")"
	}
	for _, also := range v.Within {
		text += fmt.Sprintf(" and %s (%s)", also.Source, show.Value(also.Want))
	}
	if line != "" {
		text += fmt.Sprintf("; %s is preferred where a range has no upper end", line)
	}
	return text
}
