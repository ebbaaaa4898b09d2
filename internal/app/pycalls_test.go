package app

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// callsIn reads a Python app with a package.json and one more Python file.
func callsIn(source string) Calls {
	return Read(fstest.MapFS{
		"requirements.txt": {}, "package.json": {Data: []byte("{}")}, "shop/views.py": {Data: []byte(source)},
	}, Requested{}).Calls
}

func TestStringsThatCallNode(t *testing.T) {
	for source, want := range map[string]string{
		`subprocess.run(["npx", "sass", "a", "b"])`:            "npx",
		`subprocess.run("npm run build", shell=True)`:          "npm",
		`check_call(args=["yarn", "build"])`:                   "yarn",
		`COMMAND = ["pnpm", "build"]`:                          "pnpm",
		`run(["bun", "x"])`:                                    "bun",
		`run("bunx tailwindcss")`:                              "bunx",
		`run(["node", "render.mjs", "x"])`:                     "node",
		`run("node ./scripts/render.cjs --all")`:               "node",
		`shutil.which("npm")`:                                  "npm",
		`LESSC = BASE_DIR / "node_modules" / ".bin" / "lessc"`: "node_modules",
		`LESSC = "./node_modules/.bin/lessc"`:                  "node_modules",
		`path = f"{BASE_DIR}/node_modules/.bin/lessc"`:         "node_modules",
		`if changed:\n    run(f"npx sass {name}")`:             "npx",
		`run(\n    # by the tool\n    ["npx",\n     "sass"])`:  "npx",
		`[run(["npx"]) for x in y]`:                            "npx",
		`["npx", "b"].run()`:                                   "npx",
		`run("node a.js", shell=True)`:                         "node",
		`("npm run x")`:                                        "",
		`(a) + "npx b"`:                                        "",
		`kind = element.get("node")`:                           "",
		`run(["node", "--version"])`:                           "",
		`for tag in ["node", "edge"]: pass`:                    "",
		`"""Runs npx sass."""`:                                 "",
		`x = 1  # run(["npx", "sass"])`:                        "",
		`CHOICES = (("yarn", "Yarn"), ("wool", "Wool"))`:       "",
		`label = "npm run build is needed"`:                    "",
		`names["npm"]`:                                         "",
		`settings = {"npm": 1}`:                                "",
		`run(["npmx"])`:                                        "",
		`skipped = "my_node_modules_copy"`:                     "",
		`run(["bundle", "install"])`:                           "",
		`return ("npm")`:                                       "",
		`def f(:\n  run(["npx"])`:                              "",
	} {
		text := strings.ReplaceAll(source, `\n`, "\n")
		if got := callsIn(text).Node.Text; got != want {
			t.Errorf("%s: got %q, want %q", source, got, want)
		}
	}
	if got := callsIn("\n\nrun([\"npx\"])\nrun([\"yarn\"])").Node; got != (Call{"shop/views.py", 3, "npx"}) {
		t.Errorf("the place: %v", got)
	}
}

func TestPythonFilesThatAreNotSearched(t *testing.T) {
	const source = `run(["npx", "sass"])`
	for name, want := range map[string]bool{
		"a.py": true, "shop/management/commands/styles.py": true, "backend/build.py": true,
		"noxfile.py": false, "tasks.py": false, "fabfile.py": false, "conftest.py": false, "setup.py": false,
		"tests/a.py": false, "shop/tests.py": false, "shop/test_views.py": false, "shop/views_test.py": false,
		"manage.py": true, "shop/migrations/0001.py": false, "node_modules/x/gyp.py": false, "a.txt": false,
		"docs/conf.py": false,
	} {
		calls := Read(fstest.MapFS{
			"requirements.txt": {}, "package.json": {Data: []byte("{}")}, name: {Data: []byte(source)},
		}, Requested{}).Calls
		if (calls.Node.Text != "") != want {
			t.Errorf("%s: got %v", name, calls.Node)
		}
	}
}

func TestProgramsThatPythonNames(t *testing.T) {
	const settings = `COMPRESS = (("a", "lessc {infile}"), ("b", "postcss-x {infile}"))`
	for name, c := range map[string]struct{ requirements, pkg, lock, want string }{
		"by its usual package":   {"django-compressor", `{"devDependencies": {"less": "4"}}`, "", "lessc"},
		"of no dependency":       {"django-compressor", `{"devDependencies": {"sass": "1"}}`, "", ""},
		"without such a package": {"django", `{"devDependencies": {"less": "4"}}`, "", ""},
		"as the lockfile lists it": {"flask-assets", `{"devDependencies": {"p": "1"}}`, `{"postcss-x": "x.js"}`,
			"postcss-x"},
		"another in the lockfile": {"webassets", `{"devDependencies": {"p": "1"}}`, `"x.js"`, ""},
	} {
		app := fstest.MapFS{
			"requirements.txt": {Data: []byte(c.requirements)}, "package.json": {Data: []byte(c.pkg)},
			"shop/settings.py": {Data: []byte(settings)},
		}
		if c.lock != "" {
			app["package-lock.json"] = &fstest.MapFile{Data: []byte(
				`{"lockfileVersion": 3, "packages": {"node_modules/p": {"bin": ` + c.lock + `}}}`)}
		}
		if got := Read(app, Requested{}).Calls.Program.Text; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestPackagesThatCallNode(t *testing.T) {
	for file, text := range map[string]string{
		"uv.lock": "version = 1\n[[package]]\nname = \"django-pipeline\"\n", "requirements.txt": "Django_Pipeline==4",
		"poetry.lock":           "[[package]]\nname = \"django-pipeline\"\n",
		"pyproject.toml":        "[project]\ndependencies = ['django-pipeline']",
		"requirements/base.txt": "django-pipeline",
	} {
		calls := Read(fstest.MapFS{
			"manage.py": {}, "package.json": {Data: []byte("{}")}, file: {Data: []byte(text)},
		}, Requested{}).Calls
		if len(calls.Packages) != 1 || calls.Packages[0] != "django-pipeline" {
			t.Errorf("%s: got %v", file, calls.Packages)
		}
	}
}

func TestStringsThatNameAFrontEnd(t *testing.T) {
	for source, want := range map[string]bool{
		`STATICFILES_DIRS = [BASE_DIR / "ui" / "dist"]`: true, `STATICFILES_DIRS = ["ui"]`: true,
		`os.path.join(BASE_DIR, "ui", "dist")`: true, `Path("ui")`: true,
		`Flask(__name__, static_folder="../ui/dist")`: true,
		`x = open("ui/dist/index.html")`:              true, `DIST = f"{BASE_DIR}/ui/dist"`: true,
		`mount(BASE_DIR / 'ui')`: true,
		`kind = "ui"`:            false, `render("ui")`: false, `x = "gui/dist"`: false, `"""ui/dist"""`: false,
		`x = "ui/dist" /`: true, `/ "ui"`: true, `"other" / "ui"`: false,
		`= "ui"`: false, `f(path, "ui")`: false, `x = (os.path.join(a), "ui")`: false,
		`BASE_DIR / "other" / "ui"`: false, `x = {"ui": 1}`: false, `STATICFILES_DIRS = [BASE_DIR / "uis"]`: false,
	} {
		a := Read(fstest.MapFS{
			"requirements.txt": {}, "shop/settings.py": {Data: []byte(source)},
			"ui/package.json": {Data: []byte(`{"scripts": {"build": "vite build"}}`)},
		}, Requested{})
		if got := a.Node[0].Named.File != ""; got != want {
			t.Errorf("%s: got %v", source, a.Node[0].Named)
		}
	}
}

// A directory may be a front end if it has a lockfile or a script for a build.
func TestDirectoriesThatPythonMayName(t *testing.T) {
	for name, c := range map[string]struct {
		pkg, file string
		want      bool
	}{
		"a lockfile": {"{}", "ui/package-lock.json", true}, "a script": {`{"scripts": {"build": "x"}}`, "ui/a", true},
		"neither": {"{}", "ui/a", false},
	} {
		const source = "a = Path('ui')\nb = Path('ui/dist')\n"
		a := Read(fstest.MapFS{
			"requirements.txt": {}, "shop/settings.py": {Data: []byte(source)},
			"ui/package.json": {Data: []byte(c.pkg)}, c.file: {Data: []byte("{}")},
		}, Requested{})
		want := map[bool]Call{true: {"shop/settings.py", 1, "ui"}}[c.want]
		if got := a.Node[0].Named; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// Strings next to each other are one path, unless there is something else between them.
func TestPathsOfSeveralStrings(t *testing.T) {
	for source, want := range map[string]bool{
		`BASE_DIR / "web" / "ui"`: true, `BASE_DIR / "web" / x / "ui"`: false, `x_dir = f("web", "ui")`: false,
		`os.path.join("web", "ui")`: true,
	} {
		a := Read(fstest.MapFS{
			"requirements.txt": {}, "shop/settings.py": {Data: []byte(source)},
			"web/ui/package.json": {Data: []byte(`{"scripts": {"build": "vite build"}}`)},
		}, Requested{})
		if got := a.Node[0].Named.File != ""; got != want {
			t.Errorf("%s: got %v", source, a.Node[0].Named)
		}
	}
}

// Half of what may be read is left for files that matter more than Python code.
func TestPythonFilesHaveHalfOfTheBudget(t *testing.T) {
	for bytes, want := range map[int64]bool{limits.AllFiles / 2: true, limits.AllFiles/2 + 1: false} {
		r := newReader(files("a.py", "x"))
		r.source.bytes = bytes
		if _, ok := r.source.python("a.py"); ok != want {
			t.Errorf("after %d bytes: %t", bytes, ok)
		}
	}
}

// The strings of a large app are compared with many directories.
func BenchmarkCalls(b *testing.B) {
	app := fstest.MapFS{"requirements.txt": {}, "package.json": {Data: []byte("{}")}}
	source := ""
	for i := range 200 {
		source += fmt.Sprintf("name_%d = call(BASE_DIR / 'node' / 'part%d', [\"a/b\"])\n", i, i)
	}
	for i := range 500 {
		app[fmt.Sprintf("shop/m%d.py", i)] = &fstest.MapFile{Data: []byte(source)}
	}
	for i := range 20 {
		app[fmt.Sprintf("ui%d/package.json", i)] = &fstest.MapFile{Data: []byte(`{"scripts": {"build": "vite build"}}`)}
	}
	for b.Loop() {
		Read(app, Requested{})
	}
}
