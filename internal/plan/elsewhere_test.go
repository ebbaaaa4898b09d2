package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// What the app asks for and is not what an earlier buildpack has installed gets a line, with what that buildpack reads.
func TestOtherVersions(t *testing.T) {
	python := func(want, source string, within ...versions.Request) Plan {
		return Plan{Python: &Python{Provided: true,
			Runtime: Runtime{Ask: versions.Ask{ID: versions.Python, First: versions.Request{Want: want, Source: source},
				Within: within}}}}
	}
	node := func(want, source string) Plan {
		return Plan{Node: &Node{Runtime: Runtime{Ask: versions.Ask{ID: versions.Node,
			First: versions.Request{Want: want, Source: source}}}}}
	}
	others := app.Others{Python: &app.Runtime{Buildpack: "paketo-buildpacks/cpython", Version: "3.13.1"},
		Node: &app.Runtime{Buildpack: "somebody/node", Version: "24.21.0"}}
	for name, c := range map[string]struct {
		plan Plan
		want []string
	}{
		"the line of it":   {python("3.13", ".python-version"), nil},
		"the default":      {python("3.12", "the default"), nil},
		"the last build's": {python("3.12", "the last build"), nil},
		"no version":       {python("nonsense", ".python-version"), nil},
		"a range with it":  {python(">=3.11,<4", "requires-python in pyproject.toml"), nil},
		"a name":           {node("lts/krypton", ".nvmrc"), nil},
		"another patch": {python("3.13.2", ".python-version"),
			[]string{".python-version requests Python 3.13.2, but paketo-buildpacks/cpython has installed 3.13.1, which is used. It reads BP_CPYTHON_VERSION. Or remove that buildpack: Tandem installs the requested version"}},
		"the second of two": {python("3.13", ".python-version", versions.Request{Want: "<3.13", Source: "uv.lock"}),
			[]string{"uv.lock requests Python <3.13, but paketo-buildpacks/cpython has installed 3.13.1, which is used. It reads BP_CPYTHON_VERSION. Or remove that buildpack: Tandem installs the requested version"}},
		"somebody's buildpack": {node("22", ".nvmrc"),
			[]string{".nvmrc requests Node.js 22, but somebody/node has installed 24.21.0, which is used. For another version, remove that buildpack"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.plan.app.Others = others
			if diff := cmp.Diff(c.want, Texts(c.plan.otherVersions())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
