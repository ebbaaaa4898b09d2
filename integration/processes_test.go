package integration

import (
	"testing"

	"golang.org/x/tools/txtar"
)

// planned is the app of a golden plan, with other files where changes has them; "-" removes one.
func planned(t *testing.T, name string, changes map[string]string) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile("../internal/plan/testdata/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	delete(files, "want")
	for file, text := range changes {
		if files[file] = text; text == "-" {
			delete(files, file)
		}
	}
	return files
}

// A green build starts: what cannot start is said, and what was written for another place is changed.
func TestProcessesStart(t *testing.T) {
	t.Parallel()
	hello := map[string]string{"/": "hello"}
	buildSmall(t, []small{
		{
			name: "flask-decoy", files: planned(t, "flask-decoy", nil),
			log: []string{
				"Processes: app.py is ignored, because Python imports app/ instead\n",
				"web is gunicorn with app:create_app, which can be imported\n",
			},
			pages: map[string]string{"/": "the real app"},
		},
		{
			name: "procfile-object-missing", files: planned(t, "procfile-object-missing", nil),
			log: []string{
				"Procfile, line 1: mysite.wsgi has no app; it has application:",
				"    web: gunicorn mysite.wsgi:application\n",
				"Procfile, line 2: there is no module mysite.asgi\n", "web       gunicorn mysite.wsgi:app\n",
			},
		},
		{
			name: "procfile-in-app-folder",
			files: planned(t, "procfile-in-app-folder", map[string]string{
				"gunicorn.conf.py": "bind = \"0.0.0.0:\" + __import__(\"os\").environ[\"PORT\"]\n",
				"bin/worker.py":    "print('works')\n",
			}),
			log: []string{
				"web       gunicorn -c ", "/app/log/worker.log", "bin/clock.sh, line 2: the app is in ",
			},
			not: []string{"gunicorn.conf.py, line 2"}, pages: hello,
		},
		{
			name: "uv-run",
			files: planned(t, "uv-run", map[string]string{
				"uv.lock": "-", "pyproject.toml": "-",
				"requirements.txt":   "django==5.2.8\ngunicorn==23.0.0\nwhitenoise==6.11.0\ncelery==5.5.3\n",
				"mysite/__init__.py": "from celery import Celery\n\ncelery = Celery(\"mysite\")\n",
			}),
			log: []string{
				"web       gunicorn mysite.wsgi\n",
				"worker    exec python -m celery -A mysite worker --concurrency 2\n",
				"release   python manage.py migrate\n",
				"uv --with installs more packages",
			},
			not: []string{"celery: command not found", "mysite has no"},
			has: map[string]string{"dist/main.js": "uv"}, pages: hello,
		},
		{
			name: "fastapi-missing-static", files: planned(t, "fastapi-missing-static", nil),
			log: []string{
				"web is uvicorn with main:app, which cannot start: main needs web/dist, which does not exist\n",
				"main.py, line 5, needs web/dist, which does not exist. The build has run npm run build in web",
				"cp -R web/out/. web/dist\n",
			},
		},
		{
			name: "a package in src, without a lockfile", files: planned(t, "web-in-src-without-a-lock", nil),
			log:   []string{"web is uvicorn with cart.main:app, which can be imported\n"},
			pages: map[string]string{"/": "the cart", "/static/site.css": "teal"},
		},
		{
			name:  "an object of another name, which imports from its directory",
			files: planned(t, "web-of-another-name", nil),
			log:   []string{"web is waitress with src.web:server, which can be imported\n"},
			pages: map[string]string{"/": "the only book", "/public/main.js": "the shelf"},
		},
		{
			name:  "the import is disabled",
			files: planned(t, "flask-decoy", nil),
			env: map[string]string{
				"BP_CHECK_PROCESSES": "false",
			},
			log: []string{"web is gunicorn with app:create_app\n"},
			not: []string{"which can be imported"},
		},
	})
}
