package plan

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

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
func (p Plan) otherVersions() (said notes) {
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
func differing(asked versions.Ask, there app.Runtime) (said notes) {
	cure := "For another version, remove that buildpack"
	if chooser := choosers[there.Buildpack]; chooser != "" {
		cure = chooser + ". Or remove that buildpack: Tandem installs the requested version"
	}
	for _, r := range stated(asked) {
		if !asked.ID.Accepts(r.Want, there.Version) {
			said.hint("version/other-installed", "%s requests %s %s, but %s has installed %s, which is used. %s",
				r.Source, asked.ID.Name(), show.Value(r.Want), there.Buildpack, there.Version, cure)
		}
	}
	return said
}
