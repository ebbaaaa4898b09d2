package steps

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// migrating returns hooks in which one file changes the database in the line.
func migrating(path, kind, line string) app.Hooks {
	other := &app.Hook{Path: "bin/pre_compile", Finds: []app.Find{{Kind: app.ProfileD, Text: "mkdir"}}}
	return app.Hooks{PreCompile: other, PostCompile: &app.Hook{Path: path, Finds: []app.Find{
		{Kind: kind, Text: line}, {Kind: app.ProfileD},
	}}}
}

// Only a hook that migrates the database of the app itself is told that its own migrate process may do it.
func TestTheLineOfAHookThatMigrates(t *testing.T) {
	r, _ := runner(t, map[string]string{"a": ""})
	r.Found.Packages = map[string]string{"django": "5.2"}
	r.Plan.Manage.Path = "manage.py"
	step := plan.Step{Kind: plan.HookScript, About: plan.About{Title: "bin/post_compile"}}
	for _, c := range []struct {
		kind, path, line string
		migrates         bool
	}{
		{app.Migrates, "bin/post_compile", "python manage.py migrate", true},
		{app.Upgrades, "bin/post_compile", "flask db upgrade", false},
		{app.ProfileD, "bin/post_compile", "", false},
		{app.Migrates, "bin/other", "", false},
	} {
		r.App.Hooks = migrating(c.path, c.kind, c.line)
		got, line := r.FactsOf(step), ""
		if got.Migration != nil {
			line = got.Migration.Text
		}
		if line != c.line || got.Migrates != c.migrates {
			t.Errorf("%+v: the line is %q, migrates %v", c, line, got.Migrates)
		}
	}
	r.App.Hooks = app.Hooks{}
	if got := r.FactsOf(step); got.Migration != nil || got.Migrates {
		t.Errorf("without a hook: %+v", got.Migration)
	}
	r.Plan.Manage.Path = ""
	if r.appFacts().Migrates {
		t.Error("an app without manage.py migrates")
	}
	r.Plan.Manage.Path, r.Found.Packages = "manage.py", nil
	if r.appFacts().Migrates {
		t.Error("an app without Django migrates")
	}
}

// Rules are told of the settings that the app's servers load only if the user chooses none, and these differ.
func TestSettingsOfTheBuildAndOfServers(t *testing.T) {
	r, _ := runner(t, map[string]string{"a": ""})
	r.App.Python = &app.Python{}
	r.App.Python.Settings.Module, r.App.Python.Served.Module = "shop.dev", "shop.prod"
	if got := r.appFacts(); got.Build != "shop.dev" || got.Served != "shop.prod" || got.Node || got.Installed != nil {
		t.Errorf("%+v", got)
	}
	r.App.Python.Served.Module = "shop.dev"
	if got := r.appFacts(); got.Build != "" || got.Served != "" {
		t.Errorf("the same settings: %+v", got)
	}
	r.Plan.Node = &plan.Node{Projects: []plan.Project{
		{Package: &app.Node{Dir: "web", Workspaces: []string{"web/a"}}, Install: []string{"npm", "ci"}},
		{Package: &app.Node{Dir: "tools"}},
	}}
	if got := r.appFacts(); !got.Node || !slices.Equal(got.Installed, []string{"web", "web/a"}) {
		t.Errorf("%+v", got)
	}
}

// Pruning downloads nothing, and its command is one that users can type.
func TestFactsOfInstallations(t *testing.T) {
	r, _ := runner(t, map[string]string{"a": ""})
	node := &app.Node{Dir: ".", Remote: map[string]string{"a": "https://example.com/a.tgz"}}
	r.Plan.Node = &plan.Node{Projects: []plan.Project{{Package: node, Manager: manager.NPM}}}
	for kind, remote := range map[plan.Kind]int{plan.InstallNode: 1, plan.InstallScript: 1, plan.Prune: 0} {
		step := plan.Step{Kind: kind, Command: plan.Command{Dir: ".", Argv: []string{"npm", "run", "x"}}}
		step.Try = "npm ci"
		if got := r.FactsOf(step); len(got.Project.Remote) != remote || got.Root != "" {
			t.Errorf("%s: %+v", kind, got)
		}
		want := map[bool]string{true: "npm run x", false: "npm ci"}[kind == plan.InstallScript]
		if got := r.failed(step).Command; got != want {
			t.Errorf("%s: the command is %q, want %q", kind, got, want)
		}
	}
	if len(node.Remote) != 1 {
		t.Error("the facts of the app have changed")
	}
}

// What is explained stays as it is, and so does what no rule knows: the message of another error is for the log.
func TestErrorsAreExplainedOnce(t *testing.T) {
	r, _ := runner(t, map[string]string{"a": ""})
	r.Machine = nil
	step := script("one", "true")
	user := &fail.Error{ID: "x", What: "it is so"}
	if err := r.Explained(nil, step); err != nil {
		t.Error(err)
	}
	if err := r.Explained(user, step); err != error(user) {
		t.Errorf("another error about the same: %v", err)
	}
	if got := r.Explain(errors.New("x"), step, diagnose.Facts{Free: r.Free}); got.Error() != nil &&
		!strings.Contains(got.Error().Error(), "x") {
		t.Errorf("%+v", got)
	}
	if err := r.Fill("none", func() error { return nil }); err == nil {
		t.Error("a layer that no step fills is no error")
	}
	r.Plan.Steps = []plan.Step{{ID: "fill", Fills: plan.Fills{Layer: "one", From: plan.Fresh}}}
	filled := false
	if err := r.Fill("one", func() error { filled = true; return nil }); err != nil || !filled {
		t.Errorf("%v, filled %v", err, filled)
	}
}

// DEBUG_COLLECTSTATIC shows the names of collectstatic's variables, and of no other step's.
func TestVariablesOfCollectstaticAreShown(t *testing.T) {
	for kind, debug := range map[plan.Kind]bool{plan.Collectstatic: true, plan.Script: true} {
		for _, on := range []bool{true, false} {
			r, log := runner(t, map[string]string{"a": ""})
			r.Plan.Config.Collectstatic.Debug.On = on
			step := script("one", "true")
			step.Kind = kind
			if _, err := Run(t.Context(), r, []plan.Step{step}); err != nil {
				t.Fatalf("%v\n%s", err, log)
			}
			want := debug && on && kind == plan.Collectstatic
			if got := strings.Contains(log.String(), config.DebugCollectstatic); got != want {
				t.Errorf("%s, on %v:\n%s", kind, on, log)
			}
		}
	}
}

func TestCompiledPackagesAreNamedOnce(t *testing.T) {
	var log strings.Builder
	branch := ui.New(&log).Branch("")
	LogCompiled(branch, nil)
	if log.Len() > 0 {
		t.Errorf("nothing is compiled:\n%s", &log)
	}
	LogCompiled(branch, []string{"b", "a", "b"})
	if !strings.Contains(log.String(), "a, b") && !strings.Contains(log.String(), "a and b") {
		t.Errorf("the log:\n%s", &log)
	}
}

// A watcher keeps a few lines, of those that may be about what is missing.
func TestLinesThatAreWatched(t *testing.T) {
	w := &watcher{}
	for range mostWatched + 1 {
		_, _ = w.Write([]byte("fine\nx: not found\nENOENT\n")) // it never fails
	}
	if len(w.lines) != mostWatched || slices.Contains(w.lines, "fine") {
		t.Errorf("%q", w.lines)
	}
}
