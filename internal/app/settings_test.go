package app

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSettingsModules(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"settings.py", "web/mysite/settings.py", "web/config/settings/__init__.py",
		"web/config/settings/production.py", "web/tests/settings.py", "web/node_modules/a/settings.py",
		"web/a/b/c/settings.py"} {
		files[name] = &fstest.MapFile{}
	}
	if got, want := newReader(files).settingsModules("web"), []string{"config.settings.production",
		"mysite.settings"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := newReader(files).settingsModules("."), []string{"settings",
		"web.mysite.settings"}; !slices.Equal(got[:1], want[:1]) || !slices.Contains(got, want[1]) {
		t.Errorf("got %v, want %v among them", got, want)
	}
	if got := newReader(files).settingsModules("nowhere"); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestSettingsThatAreMissing(t *testing.T) {
	const choice = djangoManage + "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'x.settings')\n"
	for name, c := range map[string]struct {
		files   fstest.MapFS
		missing bool
		instead string
	}{
		"a module":                 {files("x/settings.py", ""), false, ""},
		"a package":                {files("x/settings/__init__.py", ""), false, ""},
		"a namespace package":      {files("x/settings/base.py", ""), false, ""},
		"another name":             {files("x/settings.py.dev", ""), true, "x/settings.py.dev"},
		"a directory without code": {files("x/settings/README", ""), true, "x/settings"},
		"nothing":                  {files("x/urls.py", ""), true, ""},
		"another package":          {files("y/settings.py", ""), false, ""},
	} {
		c.files["manage.py"] = &fstest.MapFile{Data: []byte(choice)}
		got := read(c.files).Python
		if got.Settings.Missing != c.missing || got.Settings.Instead != c.instead || got.NoSettings {
			t.Errorf("%s: got %+v", name, got.Settings)
		}
	}
	top := files("settings.py.example", "", "manage.py", strings.ReplaceAll(choice, "x.settings", "settings"))
	if got := read(top).Python.Settings.Instead; got != "settings.py.example" {
		t.Errorf("got %q", got)
	}
	delete(top, "settings.py.example")
	if got := read(top).Python.Settings; got.Missing {
		t.Errorf("a module of a package that is not in the app is missing: %+v", got)
	}
	none := files("manage.py", djangoManage, "x/wsgi.py", "application = get_wsgi_application()\n")
	if got := read(none).Python; !got.NoSettings {
		t.Error("a file chooses settings")
	}
}

func TestSettingsThatServersChoose(t *testing.T) {
	chooses := func(module string) string {
		return `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "` + module + `")` + "\n"
	}
	manage := djangoManage + chooses("x.settings.dev")
	for name, c := range map[string]struct {
		files  fstest.MapFS
		want   Chosen
		differ bool // from manage.py's
	}{
		"the same in both": {files("web/x/wsgi.py", chooses("x.settings.prod"), "web/x/asgi.py",
			chooses("x.settings.prod"), "web/x/settings/prod.py", ""),
			Chosen{Module: "x.settings.prod", File: "web/x/wsgi.py"}, true},
		"one alone": {files("web/asgi.py", chooses("x.settings.dev")),
			Chosen{Module: "x.settings.dev", File: "web/asgi.py"}, false},
		"different ones": {files("web/x/wsgi.py", chooses("x.a"), "web/x/asgi.py", chooses("x.b")), Chosen{},
			false},
		"one without a choice": {files("web/x/wsgi.py", "", "web/x/asgi.py", chooses("x.b"), "web/x/b.py", ""),
			Chosen{Module: "x.b", File: "web/x/asgi.py"}, true},
		"one that is missing": {files("web/x/wsgi.py", chooses("x.b")),
			Chosen{Module: "x.b", File: "web/x/wsgi.py", Missing: true}, false},
		"none":     {files(), Chosen{}, false},
		"too deep": {files("web/a/b/c/wsgi.py", chooses("x.a")), Chosen{}, false},
		"the Procfile's": {files("web/x/wsgi.py", chooses("x.a"), "Procfile",
			"web: env DJANGO_SETTINGS_MODULE=x.b gunicorn x"),
			Chosen{Module: "x.a", File: "web/x/wsgi.py", Missing: true}, false},
	} {
		c.files["web/manage.py"] = &fstest.MapFile{Data: []byte(manage)}
		a := read(c.files)
		if a.Python.Served != c.want || a.OtherSettings() != c.differ {
			t.Errorf("%s: got %+v, they differ: %v", name, a.Python.Served, a.OtherSettings())
		}
	}
	for text, want := range map[string]string{
		"# os.environ['DJANGO_SETTINGS_MODULE'] = 'x.old'\nos.environ['DJANGO_SETTINGS_MODULE'] = 'x.new'\n": "x.new",
		"if a:\n  os.environ.setdefault(\n    'DJANGO_SETTINGS_MODULE',  # which\n    'x.a')\n":              "x.a",
		"os.environ.setdefault('DJANGO_SETTINGS_MODULE', name)\n":                                            "",
		"a = os.environ['DJANGO_SETTINGS_MODULE']\n":                                                         "",
		"os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'no module')\n":                                     "",
	} {
		if got := newReader(files("manage.py", text)).choice("manage.py").Module; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	undecided := read(files("manage.py", djangoManage, "x/wsgi.py", chooses("x.a")))
	if undecided.OtherSettings() || read(files("index.html", "")).OtherSettings() {
		t.Error("settings differ from none")
	}
}
