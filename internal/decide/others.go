package decide

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// choosers say how the buildpacks that install a runtime are asked for another version. What they read was compared with their sources:
// none of Paketo's takes one from a later buildpack as it takes the user's variable, so that Tandem cannot ask for the user.
var choosers = map[string]string{
	"heroku/python":                 "It reads .python-version",
	"heroku/nodejs":                 "It reads engines.node in package.json",
	"paketo-buildpacks/cpython":     "It reads BP_CPYTHON_VERSION",
	"paketo-buildpacks/node-engine": "It reads BP_NODE_VERSION, engines.node in package.json, .nvmrc and .node-version",
}

// otherVersions has a line for each place that asks for another version than an earlier buildpack has installed.
func otherVersions(p plan.Plan, o app.Others) (lines []string) {
	if p.Python != nil && o.Python != nil {
		lines = differing(p.Python.Ask, *o.Python)
	}
	if p.Node != nil && o.Node != nil {
		lines = append(lines, differing(p.Node.Ask, *o.Node)...)
	}
	return lines
}

func differing(asked versions.Ask, there app.Runtime) (lines []string) {
	cure := "For another one, leave that buildpack out"
	if chooser := choosers[there.Buildpack]; chooser != "" {
		cure = chooser + ". Or leave it out: Tandem installs what is asked for"
	}
	for _, r := range plan.Stated(asked) {
		if !asked.ID.Accepts(r.Want, there.Version) {
			lines = append(lines, fmt.Sprintf("%s asks for %s %s, and %s has installed %s, which is used. %s",
				r.Source, asked.ID.Name(), show.Value(r.Want), there.Buildpack, there.Version, cure))
		}
	}
	return lines
}
