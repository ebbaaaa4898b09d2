package settings

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

const djangoManage = "from django.core.management import execute_from_command_line\n"

// files returns a file system with pairs of names and texts.
func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return fsys
}

// staticOf reads the settings of an app whose settings are in shop/settings.py.
func staticOf(settings string, more ...string) Settings {
	fsys := files(append([]string{"manage.py", djangoManage, "shop/settings.py", settings}, more...)...)
	return Read(fsys, ".", "shop.settings")
}

// variablesOf returns the variables with their places.
func variablesOf(s Settings) string {
	var all []string
	for _, v := range s.Variables {
		all = append(all, fmt.Sprintf("%s:%s:%d", v.Name, strings.TrimPrefix(v.File, "shop/"), v.Line))
	}
	return strings.Join(all, " ")
}

func TestVariablesThatSettingsNeed(t *testing.T) {
	const django = "import environ\nenv = environ.Env(DEBUG=(bool, False))\n"
	for name, c := range map[string]struct {
		settings string
		files    []string
		want     string
	}{
		"os.environ": {"import os\n\nA = os.environ['A']\nB = os.environ.get('B')\nC = os.getenv('C')\n", nil,
			"A:settings.py:3"},
		"by its name": {"from os import environ as e\nA = int(e['A'])\nA2 = e['A']\n", nil, "A:settings.py:2"},
		"nested": {"import os\nD = {'a': {\n 'b': f(os.environ['A']),\n 'c': x if y else os.environ['B']}}\n", nil,
			"A:settings.py:3"},
		"conditions": {"import os\nif os.environ['A']:\n  b = os.environ['B']\nelif os.environ['C']: pass\n" +
			"try: d = os.environ['D']\nexcept KeyError: pass\ndef f(): return os.environ['E']\n" +
			"g = x or os.environ['G']\n", nil, "A:settings.py:2"},
		"classes":  {"import os\nclass A:\n  b = os.environ['B']\n", nil, "B:settings.py:3"},
		"comments": {"import os\n# os.environ['A']\n'''os.environ['B']'''\n", nil, ""},
		"set there": {"import os\nos.environ['A'] = 'x'\nos.environ.setdefault('B', 'x')\n" +
			"c = os.environ['A'] + os.environ['B']\n", nil, ""},
		"set by manage.py": {"import os\nA = os.environ['A']\n", []string{"manage.py",
			djangoManage + "import os\ndef main():\n  os.environ.setdefault('A', 'x')\n"}, ""},
		"other names": {"import shop\nA = shop.environ['A']\nB = environ['B']\n", nil, ""},
		"django-environ": {django +
			"A = env('A')\nB = env('B', default='')\nC = env.str('C', 'x')\nD = env('D', int)\nE = env('E', int, 3)\n" +
			"DATABASES = {'default': env.db()}\nF = env.list('F')\nenv.read_env('G')\n", nil,
			"A:settings.py:3 D:settings.py:6 DATABASE_URL:settings.py:8 F:settings.py:9"},
		"django-environ's scheme": {"import environ\nenv = environ.Env(DEBUG=(bool, False), PORT=int)\n" +
			"A = env('DEBUG')\nB = env('PORT')\n",
			nil, "PORT:settings.py:4"},
		"another scheme": {"import environ\nenv = environ.FileAwareEnv(A=(bool, False))\nf(B=(1, 2))\nA = env('A')\n" +
			"B = env('B')\n",
			nil, "B:settings.py:5"},
		"no Env": {"import environ\nenv = environ.Env().x\nA = env('A')\n", nil, ""},
		"django-environ's file": {django + "A = env('A')\nB = env('B')\n",
			[]string{".env", "# x\nexport A=1\n"}, "B:settings.py:4"},
		"a file in the settings' directory": {django + "env.read_env()\nA = env('A')\n", []string{"shop/.env", "A=1\n"},
			""},
		"a file with a name": {django + "env.read_env('conf/x.env')\nA = env('A')\nB = env('B')\n",
			[]string{"conf/x.env", "A=1\n"}, "B:settings.py:5"},
		"a file that is not one of variables": {django + "f('x.env')\nA = env('A')\n", []string{"x.env", "A=1\n"},
			"A:settings.py:4"},
		"a file in a directory": {django +
			"import os\nenv.read_env(os.path.join(os.path.dirname(__file__), 'x'))\nA = env('A')\n",
			[]string{"shop/x", "A=1\n"}, ""},
		"decouple": {"from decouple import config, Csv\nA = config('A', cast=Csv())\nB = config('B', default=1)\n" +
			"C = config('C', 1)\n", nil, "A:settings.py:2"},
		"environs": {"from environs import Env\nenv = Env()\nenv.read_env()\nA = env('A')\nB = env.int('B', 5)\n" +
			"with env.prefixed('X_'):\n  C = env('C')\nD = env.dj_db_url('D')\n", nil,
			"A:settings.py:4 D:settings.py:8"},
		"modules": {"from .base import *\nA = env('A')\nfrom shop.more import x\n", []string{
			"shop/base.py", "import os\n" + django + "B = os.environ['B']\nif x: from .never import *\n",
			"shop/more.py", "import os\nx = os.environ['C']\n", "shop/never.py", "import os\nx = os.environ['D']\n"},
			"B:base.py:4 A:settings.py:2 C:more.py:2"},
		"modules that import each other": {"from .a import *\n", []string{"shop/a.py", "from .settings import *\n"},
			""},
		"what is no Python": {"import os\nA = os.environ['A']\n)\nB = os.environ['B']\n", nil, "A:settings.py:2"},
	} {
		if got := variablesOf(staticOf(c.settings, c.files...)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// A container needs the variable of SECRET_KEY too, which may be empty when the settings are imported.
func TestVariablesThatAContainerNeeds(t *testing.T) {
	for source, want := range map[string]string{
		"import os\nSECRET_KEY = os.environ.get('KEY')\nA = os.environ['A']\n":       "A:settings.py:3 KEY:settings.py:2",
		"from os import getenv\nSECRET_KEY = getenv(\n 'KEY')\n":                     "KEY:settings.py:2",
		"import os\nSECRET_KEY = os.environ['KEY']\n":                                "KEY:settings.py:2",
		"import os\nSECRET_KEY = os.environ['KEY']\nSECRET_KEY = os.getenv('KEY')\n": "KEY:settings.py:2",
		"import os\nSECRET_KEY = os.environ.get('KEY', 'x')\n":                       "",
		"import os\nSECRET_KEY = os.environ.get('KEY') or 'x'\n":                     "",
		"import os\nSECRET_KEY = os.environ.get('KEY')\nSECRET_KEY = 'x'\n":          "",
		"import os\nif x:\n  SECRET_KEY = os.environ.get('KEY')\n":                   "",
		"import os\nOTHER = os.environ.get('KEY')\n":                                 "",
		"import os\nos.environ['KEY'] = 'x'\nSECRET_KEY = os.environ.get('KEY')\n":   "",
	} {
		s := staticOf(source)
		s.Variables = s.Needed()
		if got := variablesOf(s); got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

func TestVariablesOfAnUnknownFile(t *testing.T) {
	for source, want := range map[string]bool{
		"from dotenv import load_dotenv\nload_dotenv(find())\n": true,
		"from dotenv import load_dotenv\nload_dotenv('a')\n":    false,
		"load_dotenv(override=True)\n":                          false,
		"load_dotenv()\n":                                       false,
	} {
		if got := staticOf(source).Open; got != want {
			t.Errorf("%q: %v", source, got)
		}
	}
}

func TestNamesInSettings(t *testing.T) {
	for source, want := range map[string]string{
		"INSTALLED_APPS = ['a', 'b']\n":                                       "[a b] true",
		"A = ['a']\nB = ('b',)\nINSTALLED_APPS = A + list(B) + ['c']\n":       "[a c] false",
		"A = ['a']\nINSTALLED_APPS = A + ['c']\n":                             "[a c] true",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS += ['b']\n":                   "[a b] true",
		"INSTALLED_APPS = ['a', x]\nINSTALLED_APPS += ['b']\n":                "[a b] false",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS += ['b', x]\n":                "[a b] false",
		"INSTALLED_APPS += ['b']\n":                                           "[b] false",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS.append(x)\n":                  "[a] false",
		"INSTALLED_APPS = ['a', x]\nINSTALLED_APPS.append('b')\n":             "[a b] false",
		"INSTALLED_APPS = ['a']\nif X: INSTALLED_APPS.append('b')\n":          "[a b] false",
		"INSTALLED_APPS = f()\nINSTALLED_APPS.append('b')\n":                  "[b] false",
		"INSTALLED_APPS.append('b')\n":                                        "[] false",
		"INSTALLED_APPS = ['a']\nprint(INSTALLED_APPS[0])\n":                  "[a] true",
		"INSTALLED_APPS = ['a', x]\nINSTALLED_APPS.extend(['b'])\n":           "[a b] false",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS.extend(['b', x])\n":           "[a b] false",
		"INSTALLED_APPS = ['a']\nif X: INSTALLED_APPS.extend(['b'])\n":        "[a b] false",
		"from .broken import *\nINSTALLED_APPS = ['a']\n":                     "[a] false",
		"INSTALLED_APPS = ['a']\nif DEBUG:\n  INSTALLED_APPS += ['b']\n":      "[a b] false",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS.append('b')\n":                "[a b] true",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS.insert(0, 'b')\n":             "[a b] true",
		"INSTALLED_APPS = ['a', 'b']\nINSTALLED_APPS.remove('b')\n":           "[a] false",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS.extend(['b'])\n":              "[a b] true",
		"INSTALLED_APPS = ['a']\nINSTALLED_APPS = f(INSTALLED_APPS)\n":        "[] false",
		"from .base import *\nINSTALLED_APPS += ['b']\n":                      "[base b] true",
		"from .base import INSTALLED_APPS as X\nINSTALLED_APPS = X + ['b']\n": "[base b] true",
		"from .nowhere import *\n":                                            "[] false",
		"if X: from .base import *\nINSTALLED_APPS = ['a']\n":                 "[a] false",
		"try:\n  from .base import *\nexcept ImportError: pass\n":             "[base] true",
		"INSTALLED_APPS = ['a']\n)":                                           "[a] false",
		"x = 1":                                                               "[] false",
	} {
		apps := staticOf(source, "shop/base.py", "INSTALLED_APPS = ['base']\n", "shop/broken.py", ")\n").Apps
		if got := fmt.Sprint(apps.Names, " ", apps.Complete); got != want {
			t.Errorf("%q: got %s, want %s", source, got, want)
		}
	}
}

func TestDirectoriesInSettings(t *testing.T) {
	const base = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
	for source, want := range map[string]string{
		base + "STATIC_ROOT = BASE_DIR / 'staticfiles'\n":                    "staticfiles",
		base + "STATIC_ROOT = str(BASE_DIR / 'a' / 'b')\n":                   "a/b",
		base + "import os\nSTATIC_ROOT = os.path.join(BASE_DIR, 'a', 'b')\n": "a/b",
		"import os\nB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\n" +
			"STATIC_ROOT = os.path.join(B, 'c')\n": "c",
		"import os\nSTATIC_ROOT = os.path.join(os.path.dirname(__file__), '..', 'c')\n": "c",
		base + "STATIC_ROOT = os.environ['X']\n":                                        "",
		base + "STATIC_ROOT = BASE_DIR / name\n":                                        "",
		base + "if X:\n  STATIC_ROOT = BASE_DIR / 'a'\n":                                "",
		base + "STATIC_ROOT = BASE_DIR.parents[0] / 'a'\n":                              "",
		base + "STATIC_ROOT = BASE_DIR / '/a'\n":                                        "",
		base + "STATIC_ROOT = Path[__file__]\n":                                         "",
	} {
		if got := staticOf(source).StaticRoot; got != want {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
	s := staticOf("WSGI_APPLICATION = 'shop.wsgi.app'\nSTORAGES = {}\n")
	if s.WSGI != "shop.wsgi.app" || !s.Services || s.File != "shop/settings.py" {
		t.Errorf("got %+v", s)
	}
}

func TestSettingsThatCannotBeRead(t *testing.T) {
	for _, module := range []string{"", "nowhere", "../x", "shop"} {
		if s := Read(fstest.MapFS{}, ".", module); s.File != "" || s.Variables != nil {
			t.Errorf("%s: %+v", module, s)
		}
	}
	if s := Read(files("web.py", "", "..py", ""), "web", ""); s.File != "" {
		t.Errorf("%+v", s)
	}
	fsys := files("web/manage.py", djangoManage, "web/shop/settings/__init__.py",
		"from ..a.b import *\nfrom ....x import *\n",
		"web/shop/a/b.py", "INSTALLED_APPS = ['a']\n")
	if s := Read(fsys, "web", "shop.settings"); !s.Apps.Has("a") {
		t.Errorf("got %+v", s)
	}
}

func TestWhatServesStaticFiles(t *testing.T) {
	for source, want := range map[string]string{
		"MIDDLEWARE = ['a', 'whitenoise.middleware.WhiteNoiseMiddleware']\n": "whitenoise false",
		"MIDDLEWARE = ['a']\nROOT_URLCONF = 'shop.urls'\n":                   "django.views.static false",
		"MIDDLEWARE = ['a']\nSTATIC_URL = '/static/'\n":                      " false",
		"STATIC_URL = 'https://cdn.example.com/'\n":                          " true",
		"STATIC_URL = env('X')\n":                                            " true",
		"STORAGES['staticfiles'] = x\n":                                      " true",
		"from .stored import *\n":                                            " true",
	} {
		s := staticOf(source, "shop/urls.py", "from django.views.static import serve\n", "shop/stored.py",
			"STORAGES = {}\n")
		if got := fmt.Sprint(s.StaticServer, " ", s.Services); got != want {
			t.Errorf("%q: got %s, want %s", source, got, want)
		}
	}
	if s := staticOf("", "shop/wsgi.py", "from dj_static import Cling\n"); s.StaticServer != "dj_static" {
		t.Errorf("got %+v", s)
	}
}

// What settings may cost has limits: of files, with manage.py, and of variables.
func TestLimitsOfSettings(t *testing.T) {
	for imports, want := range map[int]bool{maxSettings - 2: true, maxSettings - 1: false} {
		var more []string
		for i := range imports {
			more = append(more, fmt.Sprintf("shop/m%d.py", i), fmt.Sprintf("from .m%d import *\n", i+1))
		}
		more[len(more)-1] = "INSTALLED_APPS = ['a']\n"
		if s := staticOf("from .m0 import *\n", more...); s.Apps.Complete != want {
			t.Errorf("%d modules: %+v", imports, s.Apps)
		}
	}
	source := "import os\n"
	for i := range maxVariables + 1 {
		source += fmt.Sprintf("a = os.environ['A%d']\n", i)
	}
	if got := len(staticOf(source).Variables); got != maxVariables {
		t.Errorf("%d variables", got)
	}
}
