package decide

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Runtime is the chosen version of a language.
type Runtime struct {
	versions.Chosen
	Ask     versions.Ask // zero if another buildpack has installed it
	Warning string       // empty unless its support has ended
}

// runtime returns the runtime of an earlier buildpack, which has no archive, otherwise the one to install.
func (g Given) runtime(a versions.Ask, other *app.Runtime) (*Runtime, error) {
	if other != nil {
		return &Runtime{Chosen: versions.Adopted(a.ID, other.Version, other.Buildpack)}, nil
	}
	chosen, err := g.Archives.Choose(a, g.Arch)
	if err != nil {
		return nil, err
	}
	r := &Runtime{Chosen: chosen, Ask: a}
	if end := chosen.EOL; end != "" && g.Today > end {
		r.Warning = fmt.Sprintf("%s %s has had no security fixes since %s", a.ID.Name(), chosen.Series, end)
	}
	return r, nil
}
