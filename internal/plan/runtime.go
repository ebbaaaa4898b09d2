package plan

import (
	"maps"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Runtime is the chosen release of a language, and what was asked for.
type Runtime struct {
	versions.Chosen // empty if there is no such release
	Ask             versions.Ask
	Offer           versions.Offer // suggests versions to errors
	Notes           []note.Note    // about the support of the series and its later releases
}

// IsDefault reports whether no file and no variable requests a version.
func (r Runtime) IsDefault() bool { return r.Ask.First.Source == theDefault && len(r.Ask.Within) == 0 }

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

// Pins returns the requirements file that a tool has generated for another Python than the build's, and the version of
// that. Both are empty if there is none.
func (p Plan) Pins() (file, python string) {
	py := p.app.Python
	if py == nil || p.Python == nil || versions.Python.Accepts(py.Compiled.Want, p.Python.Version) {
		return "", ""
	}
	return py.Requirements[0].Names[0], py.Compiled.Want
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
	var said note.List
	if end := chosen.EOL; end != "" && q.Today > end {
		said.Warn("version/unsupported", "%s %s has had no security fixes since %s", a.ID.Name(), chosen.Series, end)
	}
	latest := q.Inventory.Latest(chosen, q.Arch)
	if pin := a.Choice; latest != chosen.Version && pin.Want != "" && !a.ID.Accepts(pin.Want, latest) {
		said.Hint("version/not-latest", "%s %s is not the latest %s: %s is. To get its security fixes, request %s (%s)",
			a.ID.Name(), chosen.Version, chosen.Series, latest, chosen.Series, pin.Source)
	}
	r.Notes = said
	return r, nil
}

// choosers says where the buildpacks that install a runtime read its version, according to their sources. None of
// Paketo's takes one from a later buildpack as it takes the user's variable, so Tandem cannot ask on the user's
// behalf.
var choosers = map[string]string{
	"heroku/python":                 "It reads .python-version",
	"heroku/nodejs":                 "It reads engines.node in package.json",
	"paketo-buildpacks/cpython":     "It reads BP_CPYTHON_VERSION",
	"paketo-buildpacks/node-engine": "It reads BP_NODE_VERSION, engines.node in package.json, .nvmrc and .node-version",
}

// otherVersions notes each source that requests a version other than the one that an earlier buildpack has installed.
func (p Plan) otherVersions() (said note.List) {
	o := p.app.Others
	if p.Python != nil && o.Python != nil {
		said = differing(p.Python.Ask, *o.Python)
	}
	if p.Node != nil && o.Node != nil {
		said = append(said, differing(p.Node.Ask, *o.Node)...)
	}
	return said
}

// differing notes the requests that the installed runtime there does not satisfy.
func differing(asked versions.Ask, there app.Runtime) (said note.List) {
	cure := "For another version, remove that buildpack"
	if chooser := choosers[there.Buildpack]; chooser != "" {
		cure = chooser + ". Or remove that buildpack: Tandem installs the requested version"
	}
	for _, r := range stated(asked) {
		if !asked.ID.Accepts(r.Want, there.Version) {
			said.Hint("version/other-installed", "%s requests %s %s, but %s has installed %s, which is used. %s",
				r.Source, asked.ID.Name(), show.Value(r.Want), there.Buildpack, there.Version, cure)
		}
	}
	return said
}

// Last has the series of the last build: "3.13" and "24". One is empty if that build had no such runtime.
type Last struct{ Python, Node string }

// Keys of store.toml, which the lifecycle gives back to the next build.
const (
	lastPython = "python_line"
	lastNode   = "node_line"
)

// ReadLast returns the series that the metadata of store.toml has, as far as the inventory still has releases of them.
func ReadLast(stored map[string]any, inv versions.Inventory, arch string) Last {
	series := func(id versions.ID, key string) string {
		text, _ := stored[key].(string)
		if _, err := inv.Choose(versions.Ask{ID: id, First: versions.Request{Want: text}}, arch); err != nil {
			return ""
		}
		return strings.TrimSpace(text)
	}
	return Last{Python: series(versions.Python, lastPython), Node: series(versions.Node, lastNode)}
}

// Store returns the metadata of store.toml for the next build: stored with the series of this one. The series of
// Node.js stays if Node.js is not used for once.
func (p Plan) Store(stored map[string]any) map[string]any {
	next := map[string]any{}
	maps.Copy(next, stored)
	if p.app.Others.Python == nil {
		next[lastPython] = p.Python.Series
	}
	if p.Node != nil && p.app.Others.Node == nil {
		next[lastNode] = p.Node.Series
	}
	return next
}
