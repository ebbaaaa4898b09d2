package node

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// The one manager that does not know the usual variables gets them under its own names.
func TestYarnGetsTheProxy(t *testing.T) {
	got := proxies(run.Env{
		"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1", "HTTP_PROXY": "http://c:1",
		"YARN_HTTP_PROXY": "http://own:1",
	})
	if diff := cmp.Diff(map[string]string{"https": "http://a:1", "http": "http://own:1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	env := manager.Node(manager.YarnBerry).Env(manager.Use{Proxies: got})
	if env["YARN_HTTPS_PROXY"] != "http://a:1" || env["YARN_HTTP_PROXY"] != "http://own:1" {
		t.Errorf("got %v", env)
	}
}

// Old packages are a start only if nothing but the manager has made them.
func TestWhatIsUpdated(t *testing.T) {
	n := &app.Node{Dir: "ui", Locks: []string{"ui/package-lock.json"}}
	update := [][]string{{"npm", "install"}}
	for name, c := range map[string]struct {
		update [][]string
		inputs []string
		want   bool
	}{
		"a lockfile":            {update, []string{"ui/package.json", "ui/package-lock.json", "ui/patches"}, true},
		"a file of the app too": {update, []string{"ui/package.json", "ui/package-lock.json", "ui/local.tgz"}, false},
		"no command for it":     {nil, []string{"ui/package.json"}, false},
	} {
		if got := updates(plan.Project{Package: n, Update: c.update}, c.inputs); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// Two directories have two layers.
func TestNamesOfLayers(t *testing.T) {
	names := map[string]string{}
	for _, dir := range []string{".", "ui", "a/b", "a_b", "a_/b", "a/_b", "a__b", "a_-b"} {
		name := plan.Project{Package: &app.Node{Dir: dir}}.Layer()
		if other, taken := names[name]; taken {
			t.Errorf("%s and %s are both %s", dir, other, name)
		}
		names[name] = dir
	}
}

// A failed prune is not explained by the URL of a package: it downloads nothing.
func TestPruningHasNoAddresses(t *testing.T) {
	n := &app.Node{Dir: ".", Remote: map[string]string{"a": "https://git.example.com/a.git"}}
	node := &plan.Node{Projects: []plan.Project{{Package: n, Manager: manager.NPM}}}
	r := steps.Runner{Plan: plan.Plan{Node: node}}
	for kind, want := range map[plan.Kind]int{plan.InstallNode: 1, plan.Prune: 0} {
		step := plan.Step{Kind: kind, Command: plan.Command{Dir: "."}}
		if got := r.FactsOf(step).Project.Remote; len(got) != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if len(n.Remote) != 1 {
		t.Error("the facts of the app changed")
	}
}
