package entry

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/process"
)

// files are an app with a package, a module and a directory without an __init__.py.
func files() fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range map[string]string{
		"shop/__init__.py":         "",
		"shop/wsgi.py":             "application = get_wsgi_application()\n",
		"shop/other.py":            "from .wsgi import application as served\nimport a.b\nfor each in []: pass\n",
		"shop/all.py":              "from .wsgi import *\n",
		"shop/odd.py":              "globals()['app'] = 1\n",
		"shop/broken.py":           "x = (\n",
		"shop/inner/wsgi.py":       "application = 1\n",
		"shop/fast.cpython-313.so": "",
		"main.py":                  "\"\"\"app\"\"\"\nx.app = 1\n",
		"loose/wsgi.py":            "",
		"open/__init__.py":         "__path__ = []\n",
		"back/end/__init__.py":     "",
		"back/main.py":             "app = FastAPI()\n",
		"src/inside/__init__.py":   "",
	} {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func TestLook(t *testing.T) {
	open := process.Imported{}
	module := func(name string) process.Imported { return process.Imported{Status: process.NoModule, Name: name} }
	object := func(name string) process.Imported { return process.Imported{Status: process.NoObject, Name: name} }
	elsewhere := func(name string) process.Imported { return process.Imported{Status: process.Elsewhere, Name: name} }
	for command, want := range map[string]process.Imported{
		"gunicorn shop.wsgi":                            open,
		"gunicorn shop.wsgi:app":                        object("app"),
		"gunicorn shop.wsgi:app.wsgi":                   object("app"),
		"gunicorn 'shop.wsgi:create_app()'":             object("create_app"),
		"uvicorn shop.asgi:application":                 module("shop.asgi"),
		"uvicorn shop.inner.asgi:application":           open, // without an __init__.py
		"uvicorn shop.inner.wsgi:application":           open,
		"gunicorn shop.wsgi.more:app":                   open, // not a package
		"gunicorn shop.other:served":                    open,
		"gunicorn shop.other:each":                      open,
		"gunicorn shop.other:a":                         open,
		"gunicorn shop.other:application":               object("application"),
		"gunicorn shop.other:b":                         object("b"),
		"gunicorn shop.all:app":                         open,
		"gunicorn shop.odd:app":                         open,
		"gunicorn shop.broken:app":                      open,
		"gunicorn shop.fast:app":                        open,
		"gunicorn shop:wsgi":                            open, // a submodule
		"gunicorn shop:app":                             object("app"),
		"gunicorn main:app":                             object("app"), // its text and an attribute do not count
		"gunicorn loose.asgi:app":                       open,          // a package may have it
		"gunicorn open.wsgi:app":                        open,
		"gunicorn nope.wsgi:app":                        elsewhere("nope"),
		"gunicorn inside.wsgi:app":                      open, // src may be installed
		"uvicorn main:app --app-dir back":               open,
		"cd back && uvicorn main:app":                   open,
		"cd back && uvicorn end.main:app":               module("end.main"),
		"cd /workspace/back && uvicorn end.main:app":    module("end.main"),
		"cd / && uvicorn shop.asgi:app":                 open,
		"uvicorn shop.asgi:app --app-dir /srv":          open,
		"PYTHONPATH=back uvicorn end.main:app":          module("end.main"),
		"PYTHONPATH=/srv uvicorn shop.asgi:app":         open,
		"celery -A shop worker":                         open,
		"celery -A shop.tasks worker":                   module("shop.tasks"),
		"uvicorn modules.only:app":                      open,
		"uvicorn shop.none.at.all:app --app-dir=absent": module("shop.none"),
	} {
		fsys := files()
		fsys["lib/modules/__init__.py"] = &fstest.MapFile{Data: []byte("")}
		fsys["lib/modules/only.py"] = &fstest.MapFile{Data: []byte("app = 1\n")}
		all := app.ServedBy(command, app.GunicornConfig{})
		if len(all) != 1 {
			t.Errorf("%s: serves %v", command, all)
			continue
		}
		got := App{Files: fsys, Root: "/workspace", Modules: []string{"lib"}}.Look(all[0])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", command, diff)
		}
	}
}
