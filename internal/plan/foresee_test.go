package plan

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/settings"
)

// listing returns a list of "name" or "name@version".
func listing(complete bool, packages ...string) (l manager.Listed) {
	for _, p := range packages {
		name, version, _ := strings.Cut(p, "@")
		l.Packages = append(l.Packages, manager.ListedPackage{Name: name, Version: version, File: "uv.lock"})
	}
	l.Complete = complete
	return l
}

// foreseen returns the app steps and processes of a plan as text, with their conditions.
func foreseen(p Plan) (all []string) {
	for _, s := range p.In(Place{Stage: App}) {
		all = append(all, strings.TrimSpace(fmt.Sprint(s.Title, " ", s.If)))
	}
	for _, c := range p.Processes {
		all = append(all, strings.TrimSpace(c.Type+" "+process.Brief(c.Command)+" "+string(c.If)))
	}
	return all
}

func TestForesee(t *testing.T) {
	django := fstest.MapFS{"manage.py": {Data: []byte("# django")}, "requirements.txt": {},
		"shop/wsgi.py": {Data: []byte("application = get_wsgi_application()\n")}}
	procfile := maps.Clone(django)
	procfile["Procfile"] = &fstest.MapFile{Data: []byte("web: gunicorn shop.wsgi\n")}
	fastapi := fstest.MapFS{"requirements.txt": {}, "main.py": {Data: []byte("app = FastAPI()\n")}}
	static, none := &installed.Settings{Staticfiles: true, WSGI: "shop.wsgi.other"}, &installed.Settings{}
	for name, c := range map[string]struct {
		app    fstest.MapFS
		listed manager.Listed
		s      *installed.Settings
		want   []string
	}{
		"all is known": {django, listing(true, "django", "gunicorn@27.0.1"), static,
			[]string{"collectstatic []", "web gunicorn shop.wsgi:other", "migrate python manage.py migrate"}},
		"no settings": {django, listing(true, "django", "gunicorn"), nil,
			[]string{"collectstatic [" + string(installed.IfStaticfiles) + "]", "web gunicorn shop.wsgi:application",
				"migrate python manage.py migrate"}},
		"no static files": {django, listing(true, "django", "gunicorn"), none,
			[]string{"web gunicorn shop.wsgi:application", "migrate python manage.py migrate"}},
		"no Django": {django, listing(true, "gunicorn"), nil, []string{"web gunicorn shop.wsgi:application"}},
		"a part is known": {django, listing(false, "django", "gunicorn"), static,
			[]string{"collectstatic []", "web gunicorn shop.wsgi:other", "migrate python manage.py migrate"}},
		"a part, without static files": {django, listing(false, "django", "gunicorn"), none,
			[]string{"web gunicorn shop.wsgi:application", "migrate python manage.py migrate"}},
		"a Procfile": {procfile, listing(false, "django", "gunicorn"), none,
			[]string{"web gunicorn shop.wsgi", "migrate python manage.py migrate"}},
		"nothing is known": {django, listing(false), nil,
			[]string{"collectstatic [" + string(installed.IfStaticfiles) + "]",
				"web gunicorn shop.wsgi:application gunicorn is installed",
				"web granian --interface wsgi shop.wsgi:application granian is installed, and not gunicorn",
				"web waitress-serve shop.wsgi:application waitress is installed, and not gunicorn or granian",
				"migrate python manage.py migrate " + string(installed.IfDjango)}},
		"the second server": {fastapi, listing(false, "fastapi", "uvicorn"), nil,
			[]string{"web uvicorn main:app granian or daphne is not installed"}},
		"the second server of a complete list": {fastapi, listing(true, "fastapi", "uvicorn"), nil,
			[]string{"web uvicorn main:app"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := planOf(t, c.app)
			got, err := p.Foresee(c.listed, c.s)
			if diff := cmp.Diff(c.want, foreseen(got)); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	if _, err := planOf(t, django).Foresee(listing(true, "django", "gunicorn@19.9"), none); err == nil {
		t.Error("a gunicorn that cannot start is not noticed")
	}
}

// planOf returns the plan of an app, which must have no error.
func planOf(t *testing.T, files fstest.MapFS) Plan {
	t.Helper()
	c, a, err := readApp(files, map[string]string{config.SecretKeyPlaceholder: "true", config.PythonInstaller: "uv"})
	if err != nil {
		t.Fatal(err)
	}
	q := Question{App: a, Config: c, Places: Places{App: "/workspace", Layers: "/layers"}}
	p, err := decide(q)
	if err != nil {
		t.Fatal(err)
	}
	return q.follow(p)
}

func TestNoServer(t *testing.T) {
	files := fstest.MapFS{"requirements.txt": {}, "main.py": {Data: []byte("app = FastAPI()\n")}}
	p := planOf(t, files)
	user, ok := fail.User(p.NoServer(listing(true, "fastapi")))
	if !ok || user.ID != "process/no-server" || !strings.Contains(user.Fix.String(), "uvicorn") {
		t.Fatalf("got %v", user)
	}
	p.Python.Manager = manager.UV
	user, _ = fail.User(p.NoServer(listing(true, "flask")))
	if run, ok := user.Fix[1].(fail.Run); !ok || run.Command != "uv add uvicorn" {
		t.Errorf("got %v", user.Fix)
	}
	if err := p.NoServer(listing(true, "fastapi", "uvicorn")); err != nil { // as after the fix
		t.Errorf("got %v", err)
	}
	if err := p.NoServer(listing(false, "fastapi")); err != nil {
		t.Errorf("the list is not complete: %v", err)
	}
	files["Procfile"] = &fstest.MapFile{Data: []byte("web: granian main:app\n")}
	if err := planOf(t, files).NoServer(listing(true, "fastapi")); err != nil {
		t.Errorf("there is a Procfile: %v", err)
	}
}

func TestServerNotListed(t *testing.T) {
	p := planOf(t, fstest.MapFS{"requirements.txt": {}, "main.py": {Data: []byte("app = FastAPI()\n")}})
	withProcfile := planOf(t, fstest.MapFS{"requirements.txt": {}, "main.py": {Data: []byte("app = FastAPI()\n")},
		"Procfile": {Data: []byte("web: hypercorn main:app\n")}})
	for name, c := range map[string]struct {
		p    Plan
		l    manager.Listed
		want int
	}{
		"no server":  {p, listing(false, "fastapi"), 1},
		"a server":   {p, listing(false, "fastapi", "hypercorn"), 0},
		"nothing":    {p, listing(false), 0},
		"a Procfile": {withProcfile, listing(false, "fastapi"), 0},
	} {
		got, err := c.p.Foresee(c.l, nil)
		if warnings := got.Noted(Prepare, note.Warning); len(warnings) != c.want || err != nil {
			t.Errorf("%s: got %v, %v", name, warnings, err)
		}
	}
}

func TestForeseenSettings(t *testing.T) {
	for name, c := range map[string]struct {
		s    settings.Settings
		want *installed.Settings
	}{
		"no file": {settings.Settings{}, nil},
		"static files": {settings.Settings{File: "a", Apps: settings.NameList{Names: []string{
			"django.contrib.staticfiles"}}, WSGI: "a.b"}, &installed.Settings{Staticfiles: true, WSGI: "a.b"}},
		"a configuration": {settings.Settings{File: "a",
			Apps: settings.NameList{Names: []string{"shop.apps.StaticFiles"}}},
			&installed.Settings{Staticfiles: true}},
		"none": {settings.Settings{File: "a", Apps: settings.NameList{Names: []string{"b"}, Complete: true}},
			&installed.Settings{}},
		"perhaps more": {settings.Settings{File: "a", Apps: settings.NameList{Names: []string{"b"}}}, nil},
	} {
		if diff := cmp.Diff(c.want, ForeseenSettings(c.s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNotServed(t *testing.T) {
	p := planOf(t, fstest.MapFS{"manage.py": {Data: []byte("# django")}, "requirements.txt": {}})
	p, err := p.Foresee(listing(true, "django", "gunicorn"), &installed.Settings{Staticfiles: true})
	if err != nil {
		t.Fatal(err)
	}
	known := settings.Settings{Middleware: settings.NameList{Complete: true}}
	served, service, open := known, known, settings.Settings{}
	served.StaticServer, service.Services = "whitenoise", true
	for want, s := range map[*settings.Settings]int{&known: 1, &served: 0, &service: 0, &open: 0} {
		if got := p.NotServed(*want); len(got) != s {
			t.Errorf("%+v: got %v", want, got)
		}
	}
	if p.Processes = []process.Process{{Type: "web", Command: "nginx"}}; len(p.NotServed(known)) > 0 {
		t.Error("nginx serves the files")
	}
}

// A list of which only a part is known closes the conditions that it certainly meets, and no others.
func TestForeseePartClosesConditions(t *testing.T) {
	p := planOf(t, fstest.MapFS{
		"manage.py": {Data: []byte("# django")}, "requirements.txt": {}, "locale/de/LC_MESSAGES/django.po": {},
	})
	conditions := func(p Plan) (all []installed.Condition) {
		for _, step := range p.Steps {
			all = append(all, step.If...)
		}
		return all
	}
	for name, c := range map[string]struct {
		listed manager.Listed
		s      *installed.Settings
		want   []installed.Condition
	}{
		"Django":              {listing(false, "django"), nil, []installed.Condition{installed.IfStaticfiles}},
		"Django and settings": {listing(false, "django"), &installed.Settings{Staticfiles: true}, nil},
		"neither":             {listing(false, "gunicorn"), nil, conditions(p)},
	} {
		got, err := p.Foresee(c.listed, c.s)
		if diff := cmp.Diff(c.want, conditions(got)); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	if got := conditions(p); len(got) != 3 {
		t.Errorf("the plan has the conditions %q", got)
	}
}
