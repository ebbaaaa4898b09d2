package environ

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

func texts(notes []note.Note) (texts []string) {
	for _, n := range notes {
		texts = append(texts, n.Text)
	}
	return texts
}

func TestTheLogSaysWhoGetsWhichVariable(t *testing.T) {
	a, pl := facts()
	_, notes := Split(given(), a, pl, func(string) bool { return false })
	want := []string{
		"Unset for the whole build, because Python or Node.js would not start: NODE_OPTIONS (a file it names does " +
			"not exist), PYTHONHOME",
		"Hidden from the package managers, which they would redirect: " +
			"NODE_OPTIONS (modules to load first), NPM_CONFIG_PREFIX, PYTHONPATH, UV_FROZEN",
	}
	if diff := cmp.Diff(want, texts(notes)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, notes := Split(Platform{Vars: run.Env{"PATH": "/bin"}}, a, pl, nil); len(notes) > 0 {
		t.Errorf("got %v", notes)
	}
}

func TestNodeOptionsArePartedByWhoMayLoadModules(t *testing.T) {
	for name, c := range map[string]struct{ options, tools, app string }{
		"nothing to load":            {"--trace-warnings", "--trace-warnings", "--trace-warnings"},
		"a package of the app":       {"-r tracer", "", "-r tracer"},
		"a file that exists":         {"--import /there.js", "--import /there.js", "--import /there.js"},
		"a file that does not exist": {"--import /gone.js", "", ""},
		"all of them": {"--a -r tracer --require /gone.js --import /there.js", "--a --import /there.js",
			"--a -r tracer --import /there.js"},
	} {
		e,
			_ := Split(Platform{Vars: run.Env{"NODE_OPTIONS": c.options}}, app.App{}, plan.Plan{},
			func(p string) bool { return p == "/there.js" })
		if got := e.Tools()["NODE_OPTIONS"]; got != c.tools {
			t.Errorf("%s: tools see %q, want %q", name, got, c.tools)
		}
		if _, set := e.Tools()["NODE_OPTIONS"]; set != (c.tools != "") {
			t.Errorf("%s: set to nothing", name)
		}
		if got := e.App().Vars["NODE_OPTIONS"]; got != c.app {
			t.Errorf("%s: the app sees %q, want %q", name, got, c.app)
		}
	}
}

func TestNodeEnvOfAnEarlierBuildpackDoesNotReachTheApp(t *testing.T) {
	other := app.App{Others: app.Others{Node: &app.Runtime{}}}
	const note = "NODE_ENV=development, which an earlier buildpack has set, does not reach the app's steps: they get " +
		"production"
	for name, c := range map[string]struct {
		a     app.App
		value string
		user  []string
		want  string
		notes []string
	}{
		"set by a buildpack":           {other, "development", nil, "", []string{note}},
		"set to what the steps get":    {other, "production", nil, "", nil},
		"set by the user":              {other, "development", []string{"NODE_ENV"}, "development", nil},
		"without an earlier buildpack": {app.App{}, "development", nil, "development", nil},
		"not set":                      {other, "", nil, "", nil},
		"after a buildpack with Python": {app.App{Others: app.Others{Python: &app.Runtime{}}}, "test", nil, "test",
			nil},
	} {
		p := Platform{Vars: run.Env{}, User: c.user}
		if c.value != "" {
			p.Vars["NODE_ENV"] = c.value
		}
		e, notes := Split(p, c.a, plan.Plan{}, nil)
		if diff := cmp.Diff(c.notes, texts(notes)); diff != "" || e.Tools()["NODE_ENV"] != c.want {
			t.Errorf("%s: NODE_ENV=%s (-want +got):\n%s", name, e.Tools()["NODE_ENV"], diff)
		}
		if got := e.Tools()["npm_config_update_notifier"]; (got == "false") != (c.a.Others.Node != nil) {
			t.Errorf("%s: npm_config_update_notifier=%s", name, got)
		}
	}
}

// What an earlier buildpack has set, and not the user, is kept from tools without a line in the log.
func TestVariablesOfBuildpacksAreNotNamed(t *testing.T) {
	other := app.App{Others: app.Others{Python: &app.Runtime{}}}
	p := Platform{Vars: run.Env{"PYTHONPATH": "/layers/x", "VIRTUAL_ENV": "/layers/y"}, User: []string{"VIRTUAL_ENV"}}
	e, notes := Split(p, other, plan.Plan{}, nil)
	want := []string{"Hidden from the package managers, which they would redirect: VIRTUAL_ENV"}
	if diff := cmp.Diff(want, texts(notes)); diff != "" || len(e.Tools()) > 0 || len(e.App().Vars) != 2 {
		t.Errorf("%v, %v (-want +got):\n%s", e.Tools(), e.App().Vars, diff)
	}
}

func TestNodeMayUseThreeQuartersOfTheMemory(t *testing.T) {
	_, pl := facts()
	for name, c := range map[string]struct {
		limit      int64
		options    string
		pl         plan.Plan
		want, note string
	}{
		"a limit": {1 << 30, "", pl, "--max-old-space-size=768",
			"Node.js may use 768 MB, of 1024 MB that the build has (NODE_OPTIONS)"},
		"another": {1 << 30, "--max-old-space-size=9", pl, "--max-old-space-size=9", ""},
		"none":    {0, "--a", pl, "--a", ""},
	} {
		e, _ := Split(Platform{Vars: run.Env{"NODE_OPTIONS": c.options}, MemoryLimit: c.limit}, app.App{}, c.pl, nil)
		for _, class := range []plan.EnvClass{plan.EnvNodeTools, plan.EnvPrebuild, plan.EnvSettings, plan.EnvScript} {
			if got := e.For(class, "").Vars["NODE_OPTIONS"]; got != c.want {
				t.Errorf("%s: %s sees %q", name, class, got)
			}
		}
		if got := e.HeapNote(); got != c.note {
			t.Errorf("%s: got %q", name, got)
		}
	}
	e, _ := Split(Platform{Vars: run.Env{}, MemoryLimit: 1 << 30}, app.App{}, plan.Plan{}, nil)
	if got, set := e.For(plan.EnvCommand, "").Vars["NODE_OPTIONS"]; set {
		t.Errorf("without Node.js, commands see NODE_OPTIONS=%s", got)
	}
}

func TestModules(t *testing.T) {
	for dir, want := range map[string]string{
		"": "/app", ".": "/app", "src": "/app:/app/src", "a/b": "/app:/app/a/b", "a:b": "/app", "../x": "/app",
		"a b/c": "/app:/app/a:/app/b/c",
	} {
		if got := Modules("/app", strings.Split(dir, " ")); got != want {
			t.Errorf("%q: got %s, want %s", dir, got, want)
		}
	}
}

func TestLoaderOptions(t *testing.T) {
	_, pl := facts()
	pl.Node.Projects[0].Settings.PnP = true
	has := func(files ...string) func(string) bool {
		return func(name string) bool {
			for _, file := range files {
				if file == name {
					return true
				}
			}
			return false
		}
	}
	for name, c := range map[string]struct {
		root string
		has  func(string) bool
		want string
	}{
		"both": {"/app", has("front/.pnp.cjs", "front/.pnp.loader.mjs"),
			"--require /app/front/.pnp.cjs --experimental-loader file:///app/front/.pnp.loader.mjs -a"},
		"a space":            {"/my app", has("front/.pnp.cjs"), `--require "/my app/front/.pnp.cjs" -a`},
		"of another project": {"/app", has("back/.pnp.cjs", "front/.pnp"), "-a"},
	} {
		got := withOptions(run.Env{"NODE_OPTIONS": "-a"}, LoaderOptions(c.root, pl, c.has))["NODE_OPTIONS"]
		if got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
	if got := LoaderOptions("/app", plan.Plan{}, nil); got != nil {
		t.Errorf("without Node.js: %v", got)
	}
}

func TestBoundNote(t *testing.T) {
	for want, bound := range map[string]map[string]string{
		"": nil, "Only for the app's steps, from a binding: A, B": {"B": "2", "A": "1"},
	} {
		if got := (Platform{Bound: bound}).BoundNote(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
