package build

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/process"
)

// provedIn runs the program in a directory with files, and returns its results without the files of modules. An import
// that succeeds has some, and no other.
func provedIn(t *testing.T, files map[string]string, seconds string, all ...app.Served) []process.Imported {
	t.Helper()
	results := provedWithFiles(t, files, seconds, all...)
	for i, r := range results {
		if (r.Status == process.There) != (len(r.Files) > 0) {
			t.Errorf("%s: %s, with %d files", all[i].Name(), r.Status, len(r.Files))
		}
		results[i].Files = nil
	}
	return results
}

// provedWithFiles runs the program in a directory with files, and returns its results.
func provedWithFiles(t *testing.T, files map[string]string, seconds string,
	all ...app.Served) (results []process.Imported) {
	t.Helper()
	dir := t.TempDir()
	request, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	files["../prove.py"], files["../requests.json"] = string(proveProgram), string(request)
	for name, text := range files {
		file := filepath.Join(dir, "app", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("python3", "../prove.py", "../requests.json", seconds)
	cmd.Dir = filepath.Join(dir, "app")
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "TOKEN=s3cret-s3cret")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return results
}

// servedAs returns what a command line imports.
func servedAs(t *testing.T, command string) app.Served {
	t.Helper()
	all := app.ServedBy(command, app.GunicornConfig{})
	if len(all) != 1 {
		t.Fatalf("%s: got %+v", command, all)
	}
	return all[0]
}

func testProve(t *testing.T, when spec.G, it spec.S) {
	it("the import of an object has a result", func() {
		files := map[string]string{
			"site/__init__.py":  "",
			"shop/__init__.py":  "",
			"shop/wsgi.py":      "class App:\n    def __call__(self): pass\napplication = App()\nother = App()\n",
			"shop/number.py":    "app = 3\n",
			"shop/needs.py":     "import no_such_package\n",
			"shop/broken.py":    "import shop.gone\n",
			"shop/files.py":     "open('dist/index.html')\n",
			"shop/starlette.py": "raise RuntimeError(\"Directory 'web/dist' does not exist\")\n",
			"shop/elsewhere.py": "open('/no/such/file')\n",
			"shop/variable.py":  "import os\nos.environ['NOT_SET']\n",
			"shop/exits.py":     "raise SystemExit('no settings')\n",
			"shop/dies.py":      "import os\nos._exit(3)\n",
			"shop/killed.py":    "import os\nos.kill(os.getpid(), 9)\n",
			"shop/prints.py":    "import os\nprint(os.environ['TOKEN'])\nos.write(2, b'x\\n')\napp = print\n",
			"shop/starts.py":    "import subprocess\nsubprocess.Popen(['sleep', '300'])\napp = print\n",
			"shop/forks.py":     "import os, time\nif os.fork() == 0:\n    time.sleep(300)\napp = print\n",
			"shop/thread.py": "import threading, time\nthreading.Thread(target=time.sleep, args=(300,)).start()\n" +
				"app = print\n",
			"shop/syntax.py":  "def\n",
			"shop/factory.py": "def create_app(config=None): pass\ndef make(config): pass\n",
			"shop/nested.py":  "class N:\n    app = print\n",
			"back/main.py": "from prices import P\nimport os\n" +
				"assert os.getcwd().endswith(os.environ.get('IN', 'app'))\napp = print\n",
			"back/prices.py":    "P = 1\n",
			"tasks/celery.py":   "class Celery: pass\napp = Celery()\n",
			"tasks/__init__.py": "",
		}
		var commands []string
		var wanted []process.Imported
		var all []app.Served
		for command, want := range map[string]process.Imported{
			"gunicorn shop.wsgi":                {Status: process.There},
			"gunicorn shop.wsgi:app":            {Status: process.NoObject, Has: []string{"application", "other"}},
			"uvicorn shop.asgi:application":     {Status: process.NoModule, Name: "shop.asgi"},
			"uvicorn shopp.asgi:application":    {Status: process.NoModule, Name: "shopp"},
			"uvicorn shop.wsgi.application:app": {Status: process.NoModule, Name: "shop.wsgi.application"},
			"uvicorn shop.number:app":           {Status: process.NotCallable, Name: "int"},
			"uvicorn shop.nested:N.app":         {Status: process.There},
			"gunicorn shop.needs:app": {Status: process.NoPackage, Name: "no_such_package",
				Reason: "ModuleNotFoundError: No module named 'no_such_package'"},
			"gunicorn shop.broken:app": {Status: process.NoPackage, Name: "shop.gone",
				Reason: "ModuleNotFoundError: No module named 'shop.gone'"},
			"gunicorn shop.files:app": {Status: process.NoFile, Name: "dist/index.html",
				Reason: "FileNotFoundError: [Errno 2] No such file or directory: 'dist/index.html'"},
			"gunicorn shop.starlette:app": {Status: process.NoFile, Name: "web/dist",
				Reason: "RuntimeError: Directory 'web/dist' does not exist"},
			"gunicorn shop.elsewhere:app": {Status: process.Failed,
				Reason: "FileNotFoundError: [Errno 2] No such file or directory: '/no/such/file'"},
			"gunicorn shop.variable:app":            {Status: process.Failed, Reason: "KeyError: 'NOT_SET'"},
			"NOT_SET=1 gunicorn shop.variable:open": {Status: process.NoObject},
			"gunicorn shop.exits:app":               {Status: process.Failed, Reason: "it exits with 'no settings'"},
			"gunicorn shop.dies:app":                {Status: process.Failed, Reason: "it exits with 3"},
			"gunicorn shop.killed:app":              {Status: process.Failed, Reason: "it is ended by signal 9"},
			"gunicorn shop.syntax:app": {Status: process.Failed,
				Reason: "SyntaxError: invalid syntax (syntax.py, line 1)"},
			"gunicorn shop.prints:app":             {Status: process.There},
			"gunicorn shop.starts:app":             {Status: process.There},
			"gunicorn shop.forks:app":              {Status: process.There},
			"gunicorn shop.thread:app":             {Status: process.There},
			"gunicorn 'shop.factory:create_app()'": {Status: process.There},
			"uvicorn --factory shop.factory:make": {Status: process.WantsMore,
				Reason: "missing a required argument: 'config'"},
			"gunicorn 'shop.factory:make(\"a\")'": {Status: process.There},
			"uvicorn back.main:app": {Status: process.NoPackage, Name: "prices",
				Reason: "ModuleNotFoundError: No module named 'prices'"},
			"uvicorn --app-dir back main:app":     {Status: process.There},
			"cd back && IN=back uvicorn main:app": {Status: process.There},
			"gunicorn --pythonpath back main:app": {Status: process.There},
			"gunicorn --chdir gone main:app": {Status: process.NoFile, Name: "gone",
				Reason: "FileNotFoundError: [Errno 2] No such file or directory: 'DIR/gone'"},
			"celery -A tasks worker": {Status: process.There},
			"celery -A shop worker":  {Status: process.NoObject},
			"celery -A gone worker":  {Status: process.NoModule, Name: "gone"},
		} {
			commands, wanted, all = append(commands, command), append(wanted, want), append(all, servedAs(t, command))
		}
		begin := time.Now()
		results := provedIn(t, files, "60", all...)
		for i, got := range results {
			if at := strings.Index(got.Reason, "/"); strings.HasSuffix(got.Reason, "/gone'") {
				got.Reason = got.Reason[:at] + "DIR/gone'"
			}
			if diff := cmp.Diff(wanted[i], got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", commands[i], diff)
			}
		}
		if took := time.Since(begin); took > 30*time.Second {
			t.Errorf("it takes %s", took)
		}
	})

	it("imports end after their time, and two run at once", func() {
		files := map[string]string{
			"slow.py":  "import time\ntime.sleep(1)\napp = print\n",
			"never.py": "while True: pass\n",
		}
		slow, never := servedAs(t, "gunicorn slow:app"), servedAs(t, "gunicorn never:app")
		begin := time.Now()
		got := provedIn(t, files, "5", never, slow, slow, slow, never, never)
		late := process.Imported{Status: process.Failed, Reason: "it takes more than 5 s"}
		want := []process.Imported{late, {Status: process.There}, {Status: process.There}, {Status: process.There},
			late,
			{Status: process.Failed, Reason: "there was no time"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if took := time.Since(begin); took > 9*time.Second {
			t.Errorf("it takes %s", took)
		}
	})

	// The files are a hint for what to compile. A module may be anything, and none of it changes the result.
	it("an import has the files of its modules", func() {
		files := map[string]string{
			"site/__init__.py": "", "shop/__init__.py": "", "shop/models.py": "",
			"shop/wsgi.py": "import csv, os, sys, types, zipimport\nfrom shop import models\n" +
				"class Evil:\n    def __getattr__(self, name): raise SystemExit\n" +
				"for n, value in enumerate([None, 1, Evil(), types.ModuleType('x')]): sys.modules['evil%d' % n] = " +
				"value\n" +
				"models.__file__ = models.__spec__.origin = ['/etc/passwd']\nprint('[1]\\n')\nos.write(1, b'{}\\n')\n" +
				"app = print\n",
			"shop/many.py": "import importlib.machinery, sys, types\nfor n in range(200_000):\n" +
				"    sys.modules['m%d' % n] = m = types.ModuleType('m')\n" +
				"    m.__spec__ = importlib.machinery.ModuleSpec('m', None, origin='/x/%d.py' % n)\napp = print\n",
			"tasks.py": "import sys\nclass Loader:\n    def import_default_modules(self): import shop.models\n" +
				"class Celery: loader = Loader()\napp = Celery()\n",
		}
		got := provedWithFiles(t, files, "60", servedAs(t, "gunicorn shop.wsgi:app"),
			servedAs(t, "gunicorn shop.many:app"),
			servedAs(t, "celery -A tasks worker"))
		has := func(i int, name string) bool {
			return slices.ContainsFunc(got[i].Files, func(f string) bool { return strings.HasSuffix(f, name) })
		}
		for i, r := range got {
			if r.Status != process.There {
				t.Errorf("%d: %s, %s", i, r.Status, r.Reason)
			}
		}
		if !has(0, "/csv.py") || !has(0, "/shop/wsgi.py") || has(0, "models.py") || !has(2, "/shop/models.py") {
			t.Errorf("got %q and %q", got[0].Files, got[2].Files)
		}
		if n := len(got[1].Files); n != 20_000 {
			t.Errorf("%d files of 200,000 modules", n)
		}
	})

	// An app that waits for a database where Django loads its URLs keeps its result, and so do the others.
	it("what else a start imports changes no result", func() {
		const hangs = "import sys\nsys.modules['django.conf'] = sys\nclass Finder:\n" +
			"    def find_spec(self, name, path, target=None):\n        while name.startswith('django'): pass\n" +
			"sys.meta_path.insert(0, Finder())\napp = print\n"
		served := servedAs(t, "gunicorn hangs:app")
		got := provedWithFiles(t, map[string]string{"hangs.py": hangs}, "8", served, served, served)
		want := process.Imported{Status: process.There}
		if diff := cmp.Diff([]process.Imported{want, want, want}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	// What the import of the app writes is not in the image, and what it prints is not in the log.
	it("an import leaves nothing", func() {
		b := newBench(t, simple())
		b.replace("uv", map[string]string{"uv": strings.Replace(fakeUV["uv"], "*/prove.py)",
			"*/prove.py) echo SAID >&2; mkdir -p new/dir; touch new/dir/file db.sqlite3;", 1)})
		b.mustBuild()
		for _, name := range []string{"new", "db.sqlite3"} {
			if _, err := os.Lstat(filepath.Join(b.app, name)); err == nil {
				t.Errorf("%s is left", name)
			}
		}
		if strings.Contains(b.log.String(), "SAID") {
			t.Errorf("its output is in the log:\n%s", &b.log)
		}
		if env := b.seen("python LAYERS/private/prove.py"); env["PORT"] != "8080" || len(env["SECRET_KEY"]) != 64 {
			t.Errorf("it sees PORT=%s and a key of %d characters", env["PORT"], len(env["SECRET_KEY"]))
		}
	})

	it("an import that cannot run is no error", func() {
		b := newBench(t, simple())
		b.replace("uv", map[string]string{"uv": strings.Replace(fakeUV["uv"], "*/prove.py)", "*/prove.py) exit 1;", 1)})
		b.mustBuild()
		if !strings.Contains(b.log.String(), "could not be imported here: python: exit code 1") {
			t.Errorf("the log does not say so:\n%s", &b.log)
		}
	})
}

// The tools' names are links to the buildpack's program, before all other programs of a step.
func testRunners(t *testing.T, when spec.G, it spec.S) {
	it("steps find uv and the like", func() {
		b := newBench(t, simple())
		program := filepath.Join(b.dir, "buildpack", "bin", "build")
		b.must(os.MkdirAll(filepath.Dir(program), 0o755))
		b.must(os.WriteFile(program, []byte(record), 0o755))
		b.write(map[string]string{
			"package.json":     scripts(`"build": "uv run x && pdm run y"`),
			"bin/post_compile": "pipenv run z && poetry run w && ${PATH##*:}/msgfmt -o a.mo a.po\n",
		})
		b.mustBuild()
		calls := strings.Join(b.called(), "\n")
		for _, want := range []string{"uv run x", "pdm run y", "pipenv run z", "poetry run w", "msgfmt -o a.mo a.po"} {
			if !strings.Contains(calls, "\n"+want+"\n") {
				t.Errorf("%s is not called:\n%s", want, calls)
			}
		}
		if n := strings.Count(calls, "uv pip install"); n != 1 {
			t.Errorf("uv installs the packages %d times:\n%s", n, calls)
		}
	})
}
