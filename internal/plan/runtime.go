package plan

import (
	"cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Runtime is the chosen release of a language, and what was asked for.
type Runtime struct {
	versions.Chosen // empty if there is no such release
	Ask             versions.Ask
	Offer           versions.Offer // suggests versions to errors
	Notes           []Note         // about the support of the series and its later releases
}

// Runtimes returns the chosen ones: Python's first.
func (p Plan) Runtimes() (all []Runtime) {
	if p.Python != nil && p.Python.Version != "" {
		all = append(all, p.Python.Runtime)
	}
	if p.Node != nil && p.Node.Version != "" {
		all = append(all, p.Node.Runtime)
	}
	return all
}

// Offers returns what suggests versions of the languages; it is zero for a language that is not used.
func (p Plan) Offers() (python, node versions.Offer) {
	if p.Python != nil {
		python = p.Python.Offer
	}
	if p.Node != nil {
		node = p.Node.Offer
	}
	return python, node
}

// runtime chooses the release for what is asked: that of an earlier buildpack, or one to install. other may be nil.
func (q Question) runtime(a versions.Ask, other *app.Runtime) (Runtime, error) {
	r := Runtime{Ask: a, Offer: versions.Offer{Ask: a, Releases: q.Inventory, Arch: q.Arch, Today: q.Today}}
	if other != nil {
		r.Chosen = versions.Adopted(a.ID, other.Version, other.Buildpack)
		return r, nil
	}
	chosen, err := q.Inventory.Choose(a, q.Arch)
	if err != nil {
		return r, err
	}
	r.Chosen = chosen
	var said notes
	if end := chosen.EOL; end != "" && q.Today > end {
		said.warn("version/unsupported", "%s %s has had no security fixes since %s", a.ID.Name(), chosen.Series, end)
	}
	if latest := q.Inventory.Latest(chosen, q.Arch); latest != chosen.Version {
		said.hint("version/not-latest", "%s %s is not the latest %s: %s is. To get its security fixes, request %s (%s)",
			a.ID.Name(), chosen.Version, chosen.Series, latest, chosen.Series, cmp.Or(a.Choice.Source, a.First.Source))
	}
	r.Notes = said
	return r, nil
}
