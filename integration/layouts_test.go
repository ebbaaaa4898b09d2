package integration

import (
	"strings"
	"testing"
)

// site is a Django project of one page that says what the project's own setting NAME is; its files lie below dir.
func site(dir string, files map[string]string) map[string]string {
	project := map[string]string{
		"manage.py": "import os\nimport sys\nfrom django.core.management import execute_from_command_line\n" +
			"os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\n" +
			"execute_from_command_line(sys.argv)\n",
		"mysite/settings.py": "import os\nfrom pathlib import Path\n" +
			"BASE_DIR = Path(__file__).resolve().parent.parent\nSECRET_KEY = os.environ[\"SECRET_KEY\"]\n" +
			"ALLOWED_HOSTS = [\"*\"]\nNAME = \"plain\"\n" +
			"INSTALLED_APPS = [\"django.contrib.staticfiles\"]\nROOT_URLCONF = \"mysite.urls\"\n" +
			"WSGI_APPLICATION = \"mysite.wsgi.application\"\nSTATIC_URL = \"static/\"\n" +
			"STATIC_ROOT = BASE_DIR / \"staticfiles\"\nSTATICFILES_DIRS = [BASE_DIR / \"static\"]\n",
		"mysite/urls.py": "from django.conf import settings\nfrom django.http import HttpResponse\n" +
			"from django.urls import path\nurlpatterns = [path(\"\", lambda request: HttpResponse(f\"this is " +
			"{settings.NAME}\"))]\n",
		"mysite/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n" +
			"os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\n" +
			"application = get_wsgi_application()\n",
		"static/site.css": "a{}",
	}
	out := map[string]string{"requirements.txt": djangoAndGunicorn}
	for name, text := range project {
		out[dir+name] = text
	}
	return merged(out, files)
}

// local is a package of the app itself, so that npm ci needs no registry.
var local = map[string]string{
	"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"widget": "file:widget"}}`,
	"package-lock.json": `{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": ` +
		`"a", "version": "1.0.0", "dependencies": {"widget": "file:widget"}}, "node_modules/widget": {"resolved": ` +
		`"widget", "link": true}, "widget": {"version": "1.0.0"}}}`,
	"widget/package.json":    `{"name": "widget", "version": "1.0.0"}`,
	"widget/dist/widget.css": "b{}",
}

// scripted is an app whose scripts write down that they ran, with what NODE_ENV and with which packages.
var scripted = map[string]string{
	"requirements.txt": "",
	"package.json": `{"name": "a", "version": "1.0.0", "devDependencies": {"widget": "file:widget"}, "scripts": ` +
		`{"build": "", ` +
		`"build:prod": "echo prod $NODE_ENV $(ls node_modules) >>ran", "lint": "echo lint >>ran", "heroku-cleanup": ` +
		`"echo cleanup >>ran"}}`,
	"package-lock.json": `{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a", ` +
		`"version": "1.0.0", "devDependencies": {"widget": "file:widget"}}, ` +
		`"node_modules/widget": {"resolved": "widget", "link": true}, "widget": {"version": "1.0.0", "dev": true}}}`,
	"widget/package.json": `{"name": "widget", "version": "1.0.0"}`,
}

func TestScripts(t *testing.T) {
	t.Parallel()
	buildSmall(t, []small{
		{name: "one without text", files: scripted,
			log: []string{"$ npm run build\n", "BP_NODE_RUN_SCRIPTS=build:prod would run instead"},
			has: map[string]string{"ran": "cleanup\n"}},
		{name: "asked for", files: scripted, env: map[string]string{"BP_NODE_RUN_SCRIPTS": "build:prod,lint"},
			has: map[string]string{"ran": "prod production widget\nlint\ncleanup\n"}},
		{name: "none asked for", files: scripted, env: map[string]string{"BP_NODE_RUN_SCRIPTS": ""},
			not: []string{"$ npm run build"}, has: map[string]string{"ran": "cleanup\n"}},
		{name: "with the user's NODE_ENV", files: scripted,
			env: map[string]string{"BP_NODE_RUN_SCRIPTS": "build:prod", "NODE_ENV": "staging"},
			has: map[string]string{"ran": "prod staging widget\n"}},
		{name: "NPM_CONFIG_PRODUCTION=true does", files: scripted,
			env: map[string]string{"BP_NODE_RUN_SCRIPTS": "build:prod", "NPM_CONFIG_PRODUCTION": "true"},
			log: []string{"npm ci --omit=dev"}, has: map[string]string{"ran": "prod production\n"}},
	})
}

func TestFilesOfOtherPlatforms(t *testing.T) {
	t.Parallel()
	list := map[string]string{".buildpacks": "heroku/python\nhttps://github.com/heroku/heroku-buildpack-nginx.git\n",
		"app.json": `{"env": {"DISABLE_COLLECTSTATIC": {"value": "1"}, "DATABASE_URL": {}, "GIVEN": {"required": ` +
			`true}}}`}
	buildSmall(t, []small{
		{name: "no Node, no collectstatic", files: site("", merged(local, list)),
			env: map[string]string{"GIVEN": "x"},
			log: []string{".buildpacks lists https://github.com/heroku/heroku-buildpack-nginx.git: a web server",
				"Node.js is not used: .buildpacks", "DISABLE_COLLECTSTATIC=1, from app.json",
				"does not have: DATABASE_URL. If"},
			not: []string{"$ npm", "collectstatic --noinput"}, pages: map[string]string{"/": "this is plain"}},
		{name: "both, by the build's variables",
			files: site("",
				merged(scripted,
					merged(list, map[string]string{"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\n"}))),
			env: map[string]string{"BP_NODE_RUN_SCRIPTS": "lint", "DISABLE_COLLECTSTATIC": "0"},
			log: []string{"collectstatic --noinput"}, has: map[string]string{"ran": "lint\n"},
			pages: map[string]string{"/": "this is plain"}},
	})
}

// Advice stops nothing: the hook and the process run all the same.
func TestAdviceOnClassicsHabits(t *testing.T) {
	t.Parallel()
	buildSmall(t, []small{{
		name: "in both hooks and the Procfile", files: map[string]string{
			"requirements.txt": "", "index.html": "hello",
			"Procfile":        "web: python -m http.server $PORT\nclock: cd /app/jobs && python clock.py\n",
			"bin/pre_compile": "apt-get install -y gettext || true\n",
			"bin/post_compile": "#!/usr/bin/env bash\nset -e\nexport PATH=/app/.heroku/node/bin:$PATH\n" +
				"false && python manage.py migrate || echo ran >made\n",
		},
		log: []string{"bin/pre_compile, line 1: a build is not root",
			"bin/post_compile, line 3: a build has no directory .heroku",
			"bin/post_compile, line 4: a build should change no database",
			"Procfile, line 2: /app does not exist", "has no /app/jobs"},
		has: map[string]string{"made": "ran"}, pages: map[string]string{"/index.html": "hello"},
	}})
}

// Commands and translations: each command writes down what it sees, and the page is in the language of the compiled
// file.
func TestCommandsAndTranslations(t *testing.T) {
	t.Parallel()
	stamp := "import shutil\nfrom pathlib import Path\nfrom django.core.management.base import BaseCommand\n\n" +
		"class Command(BaseCommand):\n    def add_arguments(self, parser):\n" +
		"        parser.add_argument(\"text\")\n\n    def handle(self, *, text, **options):\n" +
		"        with open(\"stamps\", \"a\") as f:\n" +
		"            print(text, Path(\"staticfiles\").exists(), Path(\"built.js\").exists(), shutil.which(\"node\") " +
		"is not None, file=f)\n"
	files := site("", map[string]string{
		"package.json": `{"scripts": {"build": "node -e ` +
			`\"require('fs').writeFileSync('built.js', '')\""}}`,
		"shop/__init__.py":                  "",
		"shop/management/commands/stamp.py": stamp,
		"mysite/german.py": "from .settings import *\nINSTALLED_APPS += [\"shop\"]\n" +
			"LANGUAGE_CODE = \"de\"\nLOCALE_PATHS = [BASE_DIR / \"words\"]\n",
		"mysite/urls.py": translatedPage,
		"words/de/LC_MESSAGES/django.po": "#, fuzzy\nmsgid \"\"\nmsgstr \"\"\n" +
			"\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n" +
			"msgid \"hello\"\nmsgstr \"Grüße von\"\n\nmsgid \"%d goose\"\nmsgid_plural \"%d geese\"\n" +
			"msgstr[0] \"%d Gans\"\nmsgstr[1] \"%d Gänsen\"\n",
		"shop/locale/fr/LC_MESSAGES/django.po": "<<<<<<< HEAD\n",
	})
	vars := map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.german"}
	buildSmall(t, []small{{
		name: "all of them", files: files, run: vars,
		env: merged(vars,
			map[string]string{"BP_DJANGO_COMMANDS_BEFORE": "stamp 'first of all'; stamp second",
				"BP_DJANGO_COMMANDS_AFTER": "stamp after\n"}),
		log: []string{"$ python manage.py stamp 'first of all'", "1 of 2 .po files",
			"words/de/LC_MESSAGES/django.po", "shop/locale/fr/LC_MESSAGES/django.po is not compiled",
			"line 1: not understood"},
		has: map[string]string{"stamps": "first of all False False True\nsecond False False True\n" +
			"after True True True\n", "-shop/locale/fr/LC_MESSAGES/django.mo": ""},
		pages: map[string]string{"/": "Grüße von 3 Gänsen. Dieses Feld ist zwingend erforderlich. 0 sources"},
	}})
}

// translatedPage has texts of the app and of Django, and how many of Django's translations have their source.
const translatedPage = `import pathlib

import django
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext, ngettext


def page(request):
    words = gettext("hello") + " " + ngettext("%d goose", "%d geese", 3) % 3
    sources = len(list(pathlib.Path(django.__file__).parent.rglob("*.po")))
    return HttpResponse(f"{words}. {gettext('This field is required.')} {sources} sources")


urlpatterns = [path("", page)]
`

func TestLayouts(t *testing.T) {
	t.Parallel()
	plain := map[string]string{"/": "this is plain"}
	buildSmall(t, []small{
		{
			name: "manage.py three folders deep", files: site("src/my web/backend/", nil),
			log: []string{"$ python 'src/my web/backend/manage.py' collectstatic"}, pages: plain,
		},
		{
			name: "manage.py as a symbolic link", files: site("backend/", nil),
			links: map[string]string{"manage.py": "backend/manage.py"},
			log:   []string{"$ python manage.py collectstatic"},
			has:   map[string]string{"backend/staticfiles/site.css": "a{}"}, pages: plain,
		},
		{
			name: "one of several", files: merged(site("backend/", nil), map[string]string{"tools/manage.py": manage}),
			env: map[string]string{"BP_DJANGO_MANAGE_PATH": "backend/manage.py"},
			log: []string{"$ python backend/manage.py collectstatic"}, pages: plain,
		},
		{
			name: "a project in a folder, with paths that begin there", files: map[string]string{
				"backend/requirements.txt": "django==5.2.4\ngunicorn==23.0.0\n",
				"backend/manage.py":        strings.ReplaceAll(manage, `"settings"`, `"mysite.settings"`),
				"backend/name.txt":         "in the folder",
				"backend/mysite/settings.py": "SECRET_KEY = \"x\"\nALLOWED_HOSTS = [\"*\"]\n" +
					"NAME = open(\"name.txt\").read()\nROOT_URLCONF = \"mysite.urls\"\n" +
					"INSTALLED_APPS = [\"django.contrib.staticfiles\"]\nSTATIC_URL = \"static/\"\n" +
					"STATIC_ROOT = \"dist\"\nSTATICFILES_DIRS = [\"files\"]\n",
				"backend/mysite/urls.py": "from django.conf import settings\nfrom django.http import HttpResponse\n" +
					"from django.urls import path\nurlpatterns = [path(\"\", lambda request: HttpResponse(f\"this is " +
					"{settings.NAME} {open('name.txt').read()}\"))]\n",
				"backend/mysite/wsgi.py": "import os\nfrom django.core.wsgi import get_wsgi_application\n" +
					"os.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\n" +
					"application = get_wsgi_application()\n",
				"backend/files/site.css": "a{}",
			},
			log:   []string{"the project is in backend", "$ python manage.py collectstatic"},
			has:   map[string]string{"backend/dist/site.css": "a{}"},
			pages: map[string]string{"/": "this is in the folder in the folder"},
		},
		{
			name: "FastAPI in a folder", files: map[string]string{
				"backend/requirements.txt": "fastapi==0.121.0\nuvicorn==0.38.0\n",
				"backend/src/prices.py":    "TEA = open(\"price\").read()\n",
				"backend/price":            "three",
				"backend/src/main.py": "from fastapi import FastAPI\nfrom prices import TEA\napp = FastAPI()\n" +
					"@app.get(\"/\")\ndef index():\n    return TEA\n",
				"backend/.python-version": "3.13\n", ".python-version": "3.10\n",
			},
			env:   map[string]string{"BP_PYTHON_PROJECT_PATH": "backend"},
			log:   []string{"from backend/.python-version", "web is uvicorn with main:app"},
			pages: map[string]string{"/": "three"},
		},
		{
			name: "other settings by DJANGO_SETTINGS_MODULE",
			files: site("",
				map[string]string{"mysite/production.py": "from .settings import *\nNAME = \"production\"\n" +
					"STATIC_ROOT = BASE_DIR / \"public\"\n"}),
			env:   map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.production"},
			run:   map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.production"},
			has:   map[string]string{"public/site.css": "a{}", "-staticfiles/site.css": ""},
			pages: map[string]string{"/": "this is production"},
		},
		{
			name: "settings as classes, by DJANGO_CONFIGURATION", files: site("", configurations),
			env: map[string]string{"DJANGO_CONFIGURATION": "Production"},
			run: map[string]string{"DJANGO_CONFIGURATION": "Production"},
			not: []string{"cannot be imported"},
			has: map[string]string{"public/site.css": "a{}"}, pages: map[string]string{"/": "this is production"},
		},
		{
			name: "STATIC_ROOT outside of the app",
			files: site("",
				map[string]string{"mysite/local.py": "from .settings import *\nSTATIC_ROOT = \"/tmp/www/static\"\n"}),
			env: map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.local"},
			log: []string{"STATIC_ROOT is /tmp/www/static, outside of the app"},
		},
		{
			name: "folders of node_modules as static files, by settings and by a link",
			files: merged(site("",
				map[string]string{"mysite/local.py": "from .settings import *\nSTATICFILES_DIRS += [(\"npm\", " +
					"BASE_DIR / \"node_modules/widget/dist\")]\n"}), local),
			links: map[string]string{"static/vendor": "../node_modules/widget/dist"},
			env:   map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.local"},
			log:   []string{"static/vendor: a link into node_modules"},
			has: map[string]string{"staticfiles/npm/widget.css": "b{}", "staticfiles/vendor/widget.css": "b{}",
				"-node_modules/widget/package.json": ""}, pages: plain,
		},
		{
			name: "sources in folders that elsewhere hold output",
			files: site("",
				map[string]string{"build/tool.py": "x", "dist/notes.txt": "y", "static/dist/z.css": "z",
					"static/build/z.css": "z"}),
			has: map[string]string{"build/tool.py": "x", "dist/notes.txt": "y", "static/dist/z.css": "z",
				"staticfiles/build/z.css": "z"}, pages: plain,
		},
	})
}

// configurations are settings of django-configurations. https://django-configurations.readthedocs.io
var configurations = map[string]string{
	"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\ndjango-configurations==2.5.1\n",
	"manage.py": "import os\nimport sys\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\n" +
		"os.environ.setdefault(\"DJANGO_CONFIGURATION\", \"Base\")\n" +
		"from configurations.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n",
	"mysite/wsgi.py": "import os\nos.environ.setdefault(\"DJANGO_SETTINGS_MODULE\", \"mysite.settings\")\n" +
		"os.environ.setdefault(\"DJANGO_CONFIGURATION\", \"Base\")\n" +
		"from configurations.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
	"mysite/settings.py": "from pathlib import Path\nfrom configurations import Configuration, values\n\n" +
		"class Base(Configuration):\n    BASE_DIR = Path(__file__).resolve().parent.parent\n" +
		"    SECRET_KEY = values.SecretValue(environ_prefix=None)\n    ALLOWED_HOSTS = [\"*\"]\n    NAME = \"base\"\n" +
		"    INSTALLED_APPS = [\"django.contrib.staticfiles\"]\n    ROOT_URLCONF = \"mysite.urls\"\n" +
		"    WSGI_APPLICATION = \"mysite.wsgi.application\"\n    STATIC_URL = \"static/\"\n" +
		"    STATIC_ROOT = BASE_DIR / \"staticfiles\"\n    STATICFILES_DIRS = [BASE_DIR / \"static\"]\n\n" +
		"class Production(Base):\n    NAME = \"production\"\n    STATIC_ROOT = Base.BASE_DIR / \"public\"\n",
}
