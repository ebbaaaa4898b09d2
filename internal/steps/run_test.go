package steps

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

func runner(t *testing.T, files map[string]string) (Runner, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	r := Runner{Dirs: placed(t, files), Log: ui.New(&log).Branch(""), Reaper: run.NewReaper()}
	r.Free = func() string { return "" }
	platform := environ.Platform{Vars: run.Env{"PATH": os.Getenv("PATH"), "GIVEN": "1"}, Root: r.Root}
	r.Envs = environ.Of(platform)
	return r, &log
}

func script(name, command string) plan.Step {
	return plan.Step{
		ID: "script:.:" + name, Kind: plan.Script, About: plan.About{Title: "npm run " + name},
		Command: plan.Command{Dir: ".", Argv: []string{"sh", "-c", command}, Env: plan.EnvScript},
	}
}

func TestStepsRunOneAfterTheOther(t *testing.T) {
	r, log := runner(t, map[string]string{"a": ""})
	r.Done.Ran = []string{"npm run heroku-prebuild"}
	all := []plan.Step{script("one", "mv a b"), script("two", `test "$GIVEN" = 1 && test -e b && sleep 60 &`)}
	done, err := Run(t.Context(), r, all)
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if want := []string{"npm run heroku-prebuild", "npm run one", "npm run two"}; !slices.Equal(done.Ran, want) {
		t.Errorf("ran %q, want %q", done.Ran, want)
	}
	if len(r.Done.Ran) != 1 {
		t.Errorf("the runner has changed: %q", r.Done.Ran)
	}
	if !strings.Contains(log.String(), "npm run two:") {
		t.Errorf("the log does not say how long it took:\n%s", log)
	}
	if !strings.Contains(log.String(), "still running after npm run two are ended") {
		t.Errorf("what a step has left running is not ended:\n%s", log)
	}
}

func TestAFailedStepIsExplainedAndEndsTheOthers(t *testing.T) {
	r, log := runner(t, map[string]string{"a": ""})
	_, err := Run(t.Context(), r, []plan.Step{script("one", "exit 3"), script("two", "rm a")})
	user, ok := fail.User(err)
	if !ok || user.ID != "step/script" || !strings.Contains(user.Error(), "npm run one") {
		t.Errorf("%v\n%s", err, log)
	}
	if !r.HasFile("a") {
		t.Error("the next step has run")
	}
}

func TestWhatAStepNeedsIsDoneBefore(t *testing.T) {
	r, log := runner(t, map[string]string{"hook": "#!/bin/sh\n", "static/a.css": ""})
	var asked []string
	settings := &plan.Settings{StaticRoot: filepath.Join(r.Root, "static")}
	r.Before = Before{
		Ready:  func(context.Context) error { asked = append(asked, "ready"); return nil },
		Import: func(context.Context) *plan.Settings { asked = append(asked, "import"); return settings },
	}
	step := script("one", "test -x hook && test source.py -nt static/a.css")
	step.Title = "hook"
	step.Before = []plan.Preparation{plan.ByteCodeReady, plan.Executable, plan.SettingsRead, plan.StaticRootAged}
	if err := os.WriteFile(filepath.Join(r.Root, "source.py"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	done, err := Run(t.Context(), r, []plan.Step{step, step})
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if want := []string{"ready", "import", "ready"}; !slices.Equal(asked, want) || done.Settings != settings {
		t.Errorf("asked for %q, want %q; settings %v", asked, want, done.Settings)
	}
}

func TestAToolWritesWhatItPrintsToItsFile(t *testing.T) {
	r, log := runner(t, map[string]string{"a": ""})
	env, file := run.Env{"PATH": os.Getenv("PATH")}, filepath.Join(filepath.Dir(r.Root), "out")
	step := plan.Step{ID: "print", Kind: plan.PythonTool, Command: plan.Command{
		Argv: []string{"sh", "-c", "echo printed; cat in; pwd"}, Output: file, In: filepath.Dir(r.Root),
		Input: plan.File{Path: filepath.Join(filepath.Dir(r.Root), "in"), Text: "read\n"},
	}}
	r.Plan.Python = &plan.Python{Manager: manager.UV}
	if err := r.Tool(t.Context(), step, Call{Env: env, Out: r.Log.Output()}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if want := "printed\nread\n" + step.In + "\n"; err != nil || string(text) != want {
		t.Errorf("%q, %v, want %q", text, err, want)
	}
	if !strings.Contains(log.String(), "$ sh") {
		t.Errorf("the log does not show the command:\n%s", log)
	}
	step.Argv, step.Output = []string{"false"}, ""
	if err := r.Tool(t.Context(), step, Call{Env: env, Out: r.Log.Output()}); err == nil {
		t.Error("a command that fails is no error")
	}
}

func TestAStepThatSucceedsAndMissesAProgram(t *testing.T) {
	r, log := runner(t, map[string]string{"a": ""})
	r.App.Node = []*app.Node{{Dir: "."}}
	all := []plan.Step{script("one", "no-such-program --x; echo 'page not found'"), script("two", "printf 'not found'")}
	if _, err := Run(t.Context(), r, all); err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	for _, want := range []string{
		"npm run one has succeeded, but printed: ", "no-such-program: not found",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
	if n := strings.Count(log.String(), "has succeeded, but"); n != 1 {
		t.Errorf("%d warnings:\n%s", n, log)
	}
}
