package process

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
)

func TestObjectsOfSettings(t *testing.T) {
	otherwise := []app.Web{{Module: "m"}}
	for path, want := range map[string][]app.Web{
		"shop.wsgi.application": {{Module: "shop.wsgi", Object: "application", Interface: app.WSGI}},
		"w.application":         {{Module: "w", Object: "application", Interface: app.WSGI}},
		"":                      otherwise, "application": otherwise, ".application": otherwise,
	} {
		if diff := cmp.Diff(want, named(path, app.WSGI, otherwise)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", path, diff)
		}
	}
}

func TestTheInterfaceIsThatOfAllFrameworksOrServers(t *testing.T) {
	for names, want := range map[string]string{
		"flask": app.WSGI, "fastapi starlette": app.ASGI, "flask fastapi": "", "six": "", "pyramid flask": app.WSGI,
		"six gunicorn": app.WSGI, "six hypercorn uvicorn": app.ASGI, "gunicorn uvicorn": "", "granian": "",
		"flask uvicorn": app.WSGI,
	} {
		in := installed.Found{Packages: map[string]string{}}
		for _, name := range strings.Fields(names) {
			in.Packages[name] = "1"
		}
		if got := installedInterface(in); got != want {
			t.Errorf("%s: got %q", names, got)
		}
	}
}

// A list of processes shows a process that serves the app for certain and that no Procfile has.
func TestNotesThatARowShows(t *testing.T) {
	served := []app.Served{{Server: "gunicorn", Written: "shop:app"}}
	web := Process{Type: "web", Serves: served}
	notes := []note.Note{{Text: web.Note()}, {Text: "another"}}
	for name, c := range map[string]struct {
		process Process
		want    int
	}{
		"a row":          {web, 1},
		"of a Procfile":  {Process{Type: "web", Serves: served, Line: 1}, 2},
		"perhaps":        {Process{Type: "web", Serves: served, If: installed.IfDjango}, 2},
		"without server": {Process{Type: "migrate"}, 2},
		"of another":     {Process{Type: "api", Serves: served}, 2},
	} {
		if got := WithoutRows(notes, []Process{c.process}); len(got) != c.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// A warning about a line that cannot start says what then happens: a container starts web.
func TestLinesThatCannotStart(t *testing.T) {
	for kind, want := range map[string]note.Effect{"web": note.StopsContainer, "worker": note.Passes} {
		said := note.List{{ID: "procfile/tool-not-in-image"}}
		stops(said, app.Process{Type: kind, Line: 3})
		if got := said[0]; got.Effect != want || got.File != "Procfile" || got.Line != 3 {
			t.Errorf("%s: got %+v", kind, got)
		}
	}
}

// An object whose module says its interface keeps it; the others have that of the installed frameworks.
func TestCandidatesHaveAnInterface(t *testing.T) {
	a := app.App{Python: &app.Python{}}
	a.Python.Web = []app.Web{{Module: "a", Interface: app.WSGI}, {Module: "b"}}
	got := candidates(a, installed.Found{Packages: map[string]string{"fastapi": "1"}})
	if len(got) != 1 || len(got[0]) != 2 || got[0][0].Interface != app.WSGI || got[0][1].Interface != app.ASGI {
		t.Errorf("got %+v", got)
	}
}

// Modules that no import finds matter only if a module is chosen.
func TestHiddenModulesAreNamed(t *testing.T) {
	python := &app.Python{WebModules: app.WebModules{Hidden: []app.Hidden{{File: "main.py", By: "main/__init__.py"}}}}
	for _, c := range []struct {
		app  app.App
		want int
	}{
		{app.App{Python: python}, 1},
		{app.App{Python: python, Procfiles: app.Procfiles{Procfile: []app.Process{{Type: "web"}}}}, 0}, {app.App{}, 0},
	} {
		if said := (Facts{App: c.app}).hiddenWeb(); len(said) != c.want {
			t.Errorf("%+v: got %v", c.app, said)
		}
	}
}

func TestLikelyServers(t *testing.T) {
	of := func(all ...app.Web) (f Facts) {
		f.App.Python = &app.Python{}
		f.App.Python.Web = all
		return f
	}
	django := manager.Listed{Complete: true, Packages: []manager.ListedPackage{{Name: "django"}}}
	asgi, wsgi := app.Web{Module: "a", Interface: app.ASGI}, app.Web{Module: "b", Interface: app.WSGI}
	for name, c := range map[string]struct {
		f      Facts
		listed manager.Listed
		want   string
	}{
		"nothing": {of(), manager.Listed{}, "gunicorn"}, "ASGI": {of(asgi), manager.Listed{}, "uvicorn"},
		"WSGI": {of(wsgi), manager.Listed{}, "gunicorn"}, "Django": {of(asgi), django, "gunicorn"},
	} {
		if got := c.f.likelyServer(c.listed); got != c.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestBrief(t *testing.T) {
	for command, want := range map[string]string{
		`exec gunicorn --no-control-socket --bind "0.0.0.0:${PORT:-8080}" 'shop:create_app()'`: "gunicorn 'shop:create_app()'",
		`exec hypercorn --bind "0.0.0.0:${PORT:-8080}" --workers "${WEB_CONCURRENCY:-1}" a:b`:  "hypercorn a:b",
		"python manage.py collectstatic --noinput":                                             "python manage.py collectstatic",
		"x --bind": "x",
	} {
		if got := Brief(command); got != want {
			t.Errorf("%s: got %s", command, got)
		}
	}
}
