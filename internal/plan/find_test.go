package plan

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/installed"
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
