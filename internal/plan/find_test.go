package plan

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
)

// stepOf returns a step with what the functions of this test look at.
func stepOf(id string, stage Stage, kind Kind, argv ...string) Step {
	step := Step{ID: id, Kind: kind}
	step.Stage, step.Argv = stage, argv
	return step
}

func TestCommandsAreTheAppsOwn(t *testing.T) {
	p := Plan{Steps: []Step{
		stepOf("install", Install, InstallScript, "npm"), stepOf("translate", App, Translate),
		stepOf("build", App, Script, "npm", "run", "build"), stepOf("prune", Finish, Prune, "npm"),
	}}
	if got := p.Commands(); len(got) != 1 || got[0].ID != "build" {
		t.Errorf("got %+v", got)
	}
}

func TestStepsThatLoadSettings(t *testing.T) {
	maybe := stepOf("maybe", App, Collectstatic, "python")
	maybe.If = []installed.Condition{installed.IfStaticfiles}
	for name, c := range map[string]struct {
		steps []Step
		want  bool
	}{
		"a command":       {[]Step{stepOf("x", App, Management, "python")}, true},
		"collectstatic":   {[]Step{stepOf("x", App, Collectstatic, "python")}, true},
		"perhaps":         {[]Step{maybe}, false},
		"a script":        {[]Step{stepOf("x", App, Script, "npm")}, false},
		"perhaps and yes": {[]Step{maybe, stepOf("x", App, Management, "python")}, true},
	} {
		if got := (Plan{Steps: c.steps}).LoadsSettings(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTheStepThatCollects(t *testing.T) {
	maybe, yes := stepOf("maybe", App, Collectstatic), stepOf("yes", App, Collectstatic)
	maybe.If = []installed.Condition{installed.IfStaticfiles}
	for name, c := range map[string]struct {
		steps []Step
		want  bool
	}{"none": {nil, false}, "perhaps": {[]Step{maybe}, false}, "certainly": {[]Step{yes}, true}} {
		if _, got := (Plan{Steps: c.steps}).Collects(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A list of processes shows a process that serves the app for certain and that no Procfile has.
func TestNotesThatARowShows(t *testing.T) {
	served := []app.Served{{Server: "gunicorn", Written: "shop:app"}}
	web := Process{Type: "web", Serves: served}
	notes := []note.Note{{Text: web.note()}, {Text: "another"}}
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
		if got := (Plan{Processes: []Process{c.process}}).WithoutRows(notes); len(got) != c.want {
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
