package app

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestWhatAServerCanServe(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  []Web
	}{
		"Flask in the root": {files("app.py", "from flask import Flask\napp = Flask(__name__)\n"),
			[]Web{{"app", "app", WSGI, false, false, ".", ""}}},
		"by the module's name": {files("main.py",
			"import fastapi\n\napp: fastapi.FastAPI = fastapi.FastAPI(\n  title='x')\n"),
			[]Web{{"main", "app", ASGI, false, false, ".", ""}}},
		"two names for one": {files("application.py", "application = app = Flask(__name__)\n"),
			[]Web{{"application", "application", WSGI, false, false, ".", ""}}},
		"assigned twice": {files("app.py", "app = Flask(__name__)\napp = Flask('b')\n"),
			[]Web{{"app", "app", WSGI, false, false, ".", ""}}},
		"in a package": {files("shop/__init__.py", "app = Flask(__name__)\n"),
			[]Web{{"shop", "app", WSGI, false, false, ".", ""}}},
		"in a package's main": {files("shop/__init__.py", "", "shop/main.py", "app = FastAPI()\n"),
			[]Web{{"shop.main", "app", ASGI, false, false, ".", ""}}},
		"made in wsgi.py by a factory": {files("wsgi.py",
			"from shop import create_app\napp = create_app('production')\n", "shop/__init__.py",
			"def create_app(config='x', *args):\n    app = Flask(__name__)\n"),
			[]Web{{"wsgi", "app", "", false, true, ".", ""}, {"shop", "create_app", "", true, false, ".", ""}}},
		"a factory that wants something": {files("shop/__init__.py", "def create_app(config):\n    pass\n"), nil},
		"not at the top level": {files("app.py",
			"def f():\n    app = Flask(__name__)\n# app = Flask(__name__)\n_app = Flask(__name__)\n"), nil},
		"something else": {files("app.py", "app = tkinter.Tk()\n"), nil},
		"under another name": {files("app.py", "api = FastAPI()\n"),
			[]Web{{"app", "api", ASGI, false, false, ".", ""}}},
		"under a usual name and another": {files("app.py", "api = FastAPI()\napp = FastAPI()\n"),
			[]Web{{"app", "app", ASGI, false, false, ".", ""}}},
		"in a module of another name": {files("web.py", "app = Flask(__name__)\n", "conftest.py",
			"app = Flask(__name__)\n", "test_web.py", "app = Flask(__name__)\n", "my-web.py",
			"app = Flask(__name__)\n"),
			[]Web{{"web", "app", WSGI, false, false, ".", ""}}},
		"before one of a package": {files("server.py", "app = Flask(__name__)\n", "shop/api.py", "app = FastAPI()\n"),
			[]Web{{"server", "app", WSGI, false, false, ".", ""}}},
		"in a module of a package": {files("shop/factory.py", "def create_app():\n    pass\n"),
			[]Web{{"shop.factory", "create_app", "", true, false, ".", ""}}},
		"in src": {files("src/main.py", "app = FastAPI()\n"),
			[]Web{{"src.main", "app", ASGI, false, false, ".", "src"}}},
		"in a package of src": {files("src/cart/main.py", "app = FastAPI()\n", "tool.py", "app = Flask(__name__)\n"),
			[]Web{{"cart.main", "app", ASGI, false, false, "src", ""}}},
		"Pyramid": {files("app.py", "config = Configurator()\napp = config.make_wsgi_app()\n"),
			[]Web{{"app", "app", WSGI, false, false, ".", ""}}},
		"Django": {files("mysite/wsgi.py", "application = get_wsgi_application()\n",
			"mysite/asgi.py", "application = get_asgi_application()\n"),
			[]Web{{"mysite.wsgi", "application", WSGI, false, true, ".", ""},
				{"mysite.asgi", "application", ASGI, false, true, ".", ""}}},
		"below manage.py's folder": {files("web/manage.py", djangoManage, "web/mysite/wsgi.py",
			"application = get_wsgi_application()\n"),
			[]Web{{"mysite.wsgi", "application", WSGI, false, true, "web", ""}}},
		"beside manage.py": {files("manage.py", djangoManage, "mysite/wsgi.py",
			"application = get_wsgi_application()\n"),
			[]Web{{"mysite.wsgi", "application", WSGI, false, true, ".", ""}}},
		"folders that are no packages": {files("0a/app.py", "app = Flask(__name__)\n", "9a/app.py",
			"app = Flask(__name__)\n", "a.b/app.py", "app = Flask(__name__)\n"), nil},
		"tests and the like": {files("tests/app.py", "app = Flask(__name__)\n", "examples/main.py",
			"app = Flask(__name__)\n", "my-app/app.py", "app = Flask(__name__)\n", "a/b/app.py",
			"app = Flask(__name__)\n"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.files["requirements.txt"] = &fstest.MapFile{}
			if diff := cmp.Diff(c.want, read(c.files).Python.Web); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What no import finds is not a candidate. https://docs.python.org/3/reference/import.html#the-path-based-finder
func TestHiddenModules(t *testing.T) {
	const flask = "app = Flask(__name__)\n"
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  []Hidden
		web   string
	}{
		"a package": {files("app.py", flask, "app/__init__.py", "def create_app(): pass\n"),
			[]Hidden{{"app.py", "app/"}}, "app:create_app"},
		"a directory": {files("app.py", flask, "app/templates/x.html", ""), nil, "app:app"},
		"a directory with code": {files("app.py", flask, "app/main.py", flask), []Hidden{{"app/main.py", "app.py"}},
			"app:app"},
		"a package without apps": {files("app.py", flask, "app/__init__.py", ""), []Hidden{{"app.py", "app/"}}, ""},
		"nothing to serve":       {files("app.py", "", "app/__init__.py", flask), nil, "app:app"},
	} {
		c.files["requirements.txt"] = &fstest.MapFile{}
		py := read(c.files).Python
		if diff := cmp.Diff(c.want, py.Hidden); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		web := ""
		for _, w := range py.Web {
			web += w.Name()
		}
		if web != c.web {
			t.Errorf("%s: got %q, want %q", name, web, c.web)
		}
	}
}

// What only its import shows is a candidate where nothing is certain.
func TestLikelyApps(t *testing.T) {
	for text, want := range map[string]string{
		"from shop.core import app":                           "app ",
		"from shop.core import server as application, app":    "application app ",
		"from shop import (\n    app,\n)":                     "app ",
		"import app":                                          "",
		"app = FlaskBase(__name__)":                           "app ",
		"app: Base = make(\n  'x')\napp = other()":            "app ",
		"application = WhiteNoise(get_app(), root='x')":       "application ",
		"def application(environ, start_response):\n    pass": "application WSGI",
		"async def app(scope, receive, send):\n    pass":      "app ASGI",
		"def app(x):\n    pass":                               "",
		"app = typer.Typer()\n":                               "",
		"app = Celery('x')":                                   "",
		"app = apps['x']":                                     "",
		"app = 'x'":                                           "",
		"if x:\n    app = make()":                             "",
		"myapp = make()":                                      "",
	} {
		py := read(files("requirements.txt", "", "main.py", text+"\n")).Python
		got := ""
		for i, w := range py.Likely {
			if i > 0 {
				got += " "
			}
			got += w.Object
		}
		if len(py.Likely) > 0 {
			got += " " + py.Likely[0].Interface
		}
		if got != want || len(py.Web) > 0 {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	py := read(files("requirements.txt", "", "main.py", "from x import app\n", "app.py",
		"app = Flask(__name__)\n")).Python
	if len(py.Likely) > 0 {
		t.Errorf("next to a certain one: %+v", py.Likely)
	}
	certain := []string{"wsgi.py", "application = get_wsgi_application()\n", "requirements.txt", ""}
	for text, want := range map[string]int{"application = ProtocolTypeRouter({})\n": 1,
		"application = get_asgi_application()\n": 0} {
		py = read(files(append(certain, "asgi.py", text)...)).Python
		if len(py.Likely) != want || len(py.Web)+want != 2 {
			t.Errorf("next to wsgi.py, %q: %+v, %+v", text, py.Web, py.Likely)
		}
	}
}

// A project in a directory may be a package, or have its modules in src.
func TestWhatAServerCanServeInADirectory(t *testing.T) {
	const flask = "app = Flask(__name__)\n"
	for name, c := range map[string]struct {
		dir   string
		files fstest.MapFS
		want  string // modules and directories
	}{
		"the directory":   {"back", files("back/app.py", flask), "app in back"},
		"src":             {"back", files("back/src/app.py", flask), "app in back/src"},
		"src of the root": {".", files("src/app.py", flask), "src.app in ."},
		"src is a package": {"back", files("back/src/__init__.py", "", "back/src/app.py", flask),
			"src.app in back"},
		"both":          {"back", files("back/app.py", flask, "back/src/app.py", flask), "app in back"},
		"no src":        {"back", files("back/a.txt", flask), ""},
		"a package":     {"back", files("back/__init__.py", "", "back/app.py", flask), "back.app in ."},
		"not a package": {"a/back", files("a/back/app.py", flask), "app in a/back"},
		"not the name of one": {"my-back", files("my-back/__init__.py", "", "my-back/app.py", flask),
			"app in my-back"},
		"a package in another": {"a/b", files("a/b/__init__.py", "", "a/b/app.py", flask), "b.app in a"},
	} {
		var got []string
		for _, w := range newReader(c.files).webIn(c.dir).Web {
			got = append(got, w.Module+" in "+w.Dir)
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
