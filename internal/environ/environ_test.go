package environ

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

var classes = []plan.EnvClass{
	plan.EnvHook, plan.EnvPythonTools, plan.EnvNodeTools, plan.EnvPrebuild, plan.EnvSettings, plan.EnvCommand,
	plan.EnvScript, plan.EnvOwn,
}

// given is a platform with a variable of each kind.
func given() Platform {
	return Platform{
		Vars: run.Env{
			"PATH": "/usr/bin", "HOME": "/scratch/home", "LANG": "C", "PYTHONHOME": "/else", "UV_FROZEN": "1",
			"NPM_CONFIG_PREFIX": "/else", "PYTHONPATH": "/else", "PYTHONHASHSEED": "1",
			"NODE_OPTIONS": "-r tracer --import /gone.js",
		},
		Bound: map[string]string{"BOUND": "1"}, Private: []string{"NPM_TOKEN"}, MemoryLimit: 1 << 30,
		Root: "/app", Placeholder: "random", ByteCode: "/scratch/bytecode",
	}
}

// facts are those of an app with two projects, the first in "front", whose .npmrc has a variable of a binding.
func facts() (app.App, plan.Plan) {
	front := plan.Project{Package: &app.Node{Dir: "front"}, Tool: plan.Tool{Hash: "1"}}
	front.Files = []app.SettingsFile{{Variables: []app.Variable{{Name: "NPM_TOKEN"}, {Name: "OTHER"}}}}
	back := plan.Project{Package: &app.Node{Dir: "back"}, Tool: plan.Tool{Hash: "2"}}
	a := app.App{Hooks: app.Hooks{PostCompile: &app.Hook{Text: "npm rebuild"}}}
	return a, plan.Plan{Node: &plan.Node{Projects: []plan.Project{front, back}}, Manage: app.Manage{Dir: "src"}}
}

func parts() Parts {
	at := func(dir string, vars ...string) run.Part {
		p := run.Part{Dir: "/layers/" + dir, Dirs: []string{"bin"}, Vars: libcnb.Environment{}}
		for i := 0; i < len(vars); i += 2 {
			p.Vars[vars[i]] = vars[i+1]
		}
		return p
	}
	modules := func(dir string) run.Part {
		bin := "/app/" + dir + "/node_modules/.bin"
		return run.Part{Dir: "/app", Vars: libcnb.Environment{"PATH.prepend": bin, "PATH.delim": ":"}}
	}
	return Parts{
		"python": at("python"), "venv": at("venv", "VIRTUAL_ENV", "/layers/venv"), "node": at("node"),
		"headers":                 run.Part{Dir: "/layers/headers", Dirs: []string{"include"}},
		"tool_node-modules_front": at("tool_front", "pnpm.default", "1"), "tool_node-modules_back": at("tool_back"),
		"node-modules_front": modules("front"), "node-modules_back": modules("back"),
	}
}

func envs(t *testing.T) Envs {
	t.Helper()
	a, pl := facts()
	e, _ := Split(given(), a, pl, func(string) bool { return false })
	e = e.WithNodeOptions([]string{"--require /app/.pnp.cjs"})
	return e.With(parts(),
		[]string{"DJANGO_KEY"}).WithContract(Contract{Root: "/app", Cache: "/layers/hooks", EnvDir: "/platform/env"})
}

// The table of ARCHITECTURE.md, "Environments": a column for each question, a row for each kind of command.
func TestEachClassSeesItsEnvironment(t *testing.T) {
	const secrets = "BOUND DJANGO_KEY SECRET_KEY"
	const contract = "BUILD_DIR CACHE_DIR ENV_DIR"
	const both = "/layers/venv/bin:/layers/python/bin:/layers/tool_front/bin:/layers/tool_back/bin:/layers/node/bin:" +
		"/app/front/node_modules/.bin:/app/back/node_modules/.bin:/usr/bin"
	const heap = " --max-old-space-size=768"
	for class, want := range map[plan.EnvClass]struct{ path, pythonPath, nodeOptions, names string }{
		plan.EnvHook: {path: "/usr/bin", pythonPath: "/else", nodeOptions: "-r tracer --import /gone.js",
			names: contract + " NPM_CONFIG_PREFIX PYTHONHASHSEED PYTHONHOME UV_FROZEN"},
		plan.EnvPythonTools: {path: "/layers/python/bin:/usr/bin", names: "PYTHONHASHSEED"},
		plan.EnvNodeTools: {path: "/layers/tool_front/bin:/layers/node/bin:/layers/python/bin:/usr/bin",
			nodeOptions: heap[1:], names: "CPATH NODE_ENV PYTHONHASHSEED pnpm"},
		plan.EnvPrebuild: {path: "/layers/tool_front/bin:/layers/node/bin:/layers/python/bin:/usr/bin",
			pythonPath:  "/else",
			nodeOptions: "-r tracer" + heap, names: "CPATH NODE_ENV NPM_TOKEN PYTHONHASHSEED UV_FROZEN pnpm"},
		plan.EnvSettings: {path: "/layers/venv/bin:/layers/python/bin:/usr/bin", pythonPath: "/app:/app/src:/else",
			nodeOptions: "-r tracer" + heap,
			names: secrets + " NPM_CONFIG_PREFIX PYTHONHASHSEED PYTHONPYCACHEPREFIX PYTHONUNBUFFERED UV_FROZEN " +
				"VIRTUAL_ENV"},
		plan.EnvCommand: {path: both, pythonPath: "/app:/app/src:/else",
			nodeOptions: "--require /app/.pnp.cjs -r tracer" + heap,
			names: secrets + " " + contract +
				" CPATH NODE_ENV NPM_CONFIG_PREFIX NPM_TOKEN PYTHONHASHSEED PYTHONPYCACHEPREFIX PYTHONUNBUFFERED " +
				"UV_FROZEN VIRTUAL_ENV pnpm"},
		plan.EnvScript: {path: "/layers/tool_front/bin:" + both, pythonPath: "/app:/app/src:/else",
			nodeOptions: "-r tracer" + heap,
			names: secrets + " " + contract + " CPATH NODE_ENV NPM_TOKEN PYTHONHASHSEED PYTHONPYCACHEPREFIX " +
				"PYTHONUNBUFFERED UV_FROZEN VIRTUAL_ENV pnpm"},
		plan.EnvOwn: {path: "/usr/bin", names: "PYTHONDONTWRITEBYTECODE PYTHONHASHSEED"},
	} {
		t.Run(string(class), func(t *testing.T) {
			env := envs(t).For(class, "front").Filled()
			if env["HOME"] != "/scratch/home" || env["LANG"] != "C" {
				t.Errorf("the platform's variables are not there: %v", env)
			}
			for name, value := range map[string]string{
				"PATH": want.path, "PYTHONPATH": want.pythonPath, "NODE_OPTIONS": want.nodeOptions,
			} {
				if env[name] != value {
					t.Errorf("%s is\n%s, want\n%s", name, env[name], value)
				}
			}
			names := slices.DeleteFunc(env.Names(), func(name string) bool {
				return slices.Contains([]string{"PATH", "HOME", "LANG", "PYTHONPATH", "NODE_OPTIONS"}, name)
			})
			wanted := slices.Sorted(slices.Values(strings.Fields(want.names)))
			if diff := cmp.Diff(wanted, names); diff != "" {
				t.Errorf("the other variables (-want +got):\n%s", diff)
			}
		})
	}
	if n := len(classes); n != 8 {
		t.Errorf("%d classes", n)
	}
}

// The values that no other column has.
func TestValuesOfTheApp(t *testing.T) {
	env := envs(t).For(plan.EnvCommand, "").Filled()
	for name, want := range map[string]string{
		"NODE_ENV": "production", "NPM_TOKEN": "", "SECRET_KEY": "random", "DJANGO_KEY": "random", "BOUND": "1",
		"PYTHONUNBUFFERED": "1", "BUILD_DIR": "/app", "CACHE_DIR": "/layers/hooks", "ENV_DIR": "/platform/env",
	} {
		if got, set := env[name]; got != want || !set {
			t.Errorf("%s is %q (set: %v), want %q", name, got, set, want)
		}
	}
	if got := envs(t).For(plan.EnvOwn, "").Vars["PYTHONHASHSEED"]; got != "0" {
		t.Errorf("Tandem's own Python sees PYTHONHASHSEED=%s", got)
	}
}

// What the user has set wins over defaults and placeholders.
func TestTheUsersValuesStay(t *testing.T) {
	p := given()
	p.Vars = p.Vars.With(map[string]string{"SECRET_KEY": "mine", "NODE_ENV": "test", "NPM_TOKEN": "x",
		"SOURCE_VERSION": "abc"})
	a, pl := facts()
	e, _ := Split(p, a, pl, func(string) bool { return true })
	env := e.WithContract(Contract{Revision: "def"}).For(plan.EnvCommand, "").Filled()
	want := map[string]string{"SECRET_KEY": "mine", "NODE_ENV": "test", "NPM_TOKEN": "x", "SOURCE_VERSION": "abc"}
	for name, value := range want {
		if env[name] != value {
			t.Errorf("%s is %s", name, env[name])
		}
	}
	p.Bound, p.Placeholder = map[string]string{"SECRET_KEY": "bound"}, ""
	e, _ = Split(p, a, pl, func(string) bool { return true })
	if got := e.With(Parts{}, []string{"DJANGO_KEY"}).For(plan.EnvSettings,
		"").Filled(); got["SECRET_KEY"] != "bound" || got["DJANGO_KEY"] != "" {
		t.Errorf("SECRET_KEY=%s, DJANGO_KEY=%s", got["SECRET_KEY"], got["DJANGO_KEY"])
	}
	hook := Of(given()).WithContract(Contract{Revision: "def", Utils: "/utils"}).For(plan.EnvHook, "").Vars
	if hook["SOURCE_VERSION"] != "def" || hook["BIN_DIR"] != "/utils" {
		t.Errorf("the hook sees %v", hook)
	}
}

// A command's environment can be compared with that of another build: the random value is no part of it.
func TestEnvironmentsAreEqualWithOtherPlaceholders(t *testing.T) {
	of := func(value string) Env {
		p := given()
		p.Placeholder = value
		a, pl := facts()
		e, _ := Split(p, a, pl, func(string) bool { return false })
		return e.With(parts(), nil).For(plan.EnvCommand, "")
	}
	one, two := of("1"), of("2")
	if diff := cmp.Diff(one.Vars, two.Vars); diff != "" || !slices.Equal(one.Placeholders, two.Placeholders) {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if one.Filled()["SECRET_KEY"] == two.Filled()["SECRET_KEY"] {
		t.Error("both have the same placeholder")
	}
}

// Parts come from records: whether a layer is on disk changes no environment.
func TestEnvironmentsReadNoDisk(t *testing.T) {
	dir := t.TempDir()
	all := parts()
	for _, name := range []string{"python", "venv", "node"} {
		p := all[name]
		p.Dir = filepath.Join(dir, name)
		for _, folder := range []string{"bin", "lib", "include"} {
			if err := os.MkdirAll(filepath.Join(p.Dir, folder), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		p.Dirs = run.DirsOf(p.Dir)
		all[name] = p
	}
	e := envs(t).With(all, nil)
	before := map[plan.EnvClass]run.Env{}
	for _, class := range classes {
		before[class] = e.For(class, "front").Vars
	}
	if before[plan.EnvCommand]["LD_LIBRARY_PATH"] == "" {
		t.Error("the directory lib is not used")
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, class := range classes {
		if diff := cmp.Diff(before[class], e.For(class, "front").Vars); diff != "" {
			t.Errorf("%s (-with contents +without):\n%s", class, diff)
		}
	}
}

// An Envs is a value: who makes another one of it changes nothing for others.
func TestEnvsAreValues(t *testing.T) {
	e := envs(t)
	before := e.For(plan.EnvCommand, "")
	vars := maps.Clone(before.Vars)
	e.With(Parts{}, []string{"X"}).WithContract(Contract{Root: "/else"}).For(plan.EnvCommand, "").Vars["LANG"] = "de"
	if diff := cmp.Diff(vars, e.For(plan.EnvCommand, "").Vars); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAPathHasTheUsualDirectories(t *testing.T) {
	for path, want := range map[string]string{
		"":                   "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"/opt/tools":         "/opt/tools:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"/bin:/opt:/usr/bin": "/bin:/opt:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin",
	} {
		if got := withBasics(path); got != want {
			t.Errorf("%q: got %q, want %q", path, got, want)
		}
	}
	got := Basics(run.Env{"HOME": "/root", "PATH": "/bin", "A": "1"}, "/scratch")
	if got["HOME"] != "/scratch/home" || got["A"] != "1" || got["npm_config_logs_dir"] != "/scratch/npm-logs" ||
		got["PYTHONDONTWRITEBYTECODE"] != "1" {
		t.Errorf("got %v", got)
	}
}

// Commands of the app share bytecode, which no other program reads.
func TestBytecodeOfStepsIsTheirs(t *testing.T) {
	platform := Platform{Vars: Basics(run.Env{"PATH": "/bin"}, "/scratch"), ByteCode: "/scratch/bytecode"}
	for class, shared := range map[plan.EnvClass]bool{
		plan.EnvSettings: true, plan.EnvCommand: true, plan.EnvScript: true, plan.EnvImage: true,
		plan.EnvHook: false, plan.EnvPythonTools: false, plan.EnvNodeTools: false, plan.EnvPrebuild: false,
		plan.EnvOwn: false,
	} {
		vars := Of(platform).For(class, "").Filled()
		prefix, writes := vars["PYTHONPYCACHEPREFIX"] == "/scratch/bytecode", vars["PYTHONDONTWRITEBYTECODE"] == ""
		if prefix != shared || writes != shared {
			t.Errorf("%s: it finds bytecode %v, and writes it %v; want %v", class, prefix, writes, shared)
		}
	}
	platform.Vars["PYTHONPYCACHEPREFIX"] = "/the/user's"
	if got := Of(platform).For(plan.EnvCommand, "").Filled()["PYTHONPYCACHEPREFIX"]; got != "/the/user's" {
		t.Errorf("it is %s", got)
	}
}
