package steps

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
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
	if strings.Contains(log.String(), "still running after npm run one") {
		t.Errorf("a step that has left nothing:\n%s", log)
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
	settings := &installed.Settings{StaticRoot: filepath.Join(r.Root, "static")}
	r.Before = Before{
		Import: func(context.Context) *installed.Settings { asked = append(asked, "import"); return settings },
	}
	step := script("one", "test -x hook && test source.py -nt static/a.css")
	step.Title = "hook"
	step.Before = []plan.Preparation{plan.Executable, plan.SettingsRead, plan.StaticRootAged}
	if err := os.WriteFile(filepath.Join(r.Root, "source.py"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	done, err := Run(t.Context(), r, []plan.Step{step, step})
	if err != nil {
		t.Fatalf("%v\n%s", err, log)
	}
	if want := []string{"import"}; !slices.Equal(asked, want) || done.Settings != settings {
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
	step.Argv = []string{"false"}
	for _, output := range []string{"", file} {
		step.Output = output
		if err := r.Tool(t.Context(), step, Call{Env: env, Out: r.Log.Output()}); err == nil {
			t.Errorf("a command that fails is no error, output %q", output)
		}
	}
}

// packages is a layer of the system that says how often it was asked for.
type packages struct {
	asked *int
	err   error
}

func (p packages) Get(context.Context) error { *p.asked++; return p.err }

func (p packages) Part() run.Part {
	vars := libcnb.Environment{}
	vars.Override("FROM_LAYER", "1")
	return run.Part{Vars: vars}
}

func TestAStepSeesTheLayersThatItNeeds(t *testing.T) {
	r, log := runner(t, map[string]string{"a": ""})
	var asked int
	r.System = map[string]SystemPart{"debian": packages{asked: &asked}}
	step := script("one", `test "$FROM_LAYER" = 1`)
	if _, err := Run(t.Context(), r, []plan.Step{step}); err == nil || asked > 0 {
		t.Errorf("a step that needs no layer: %v, asked %d", err, asked)
	}
	step.Needs = []string{"none", "debian"}
	if _, err := Run(t.Context(), r, []plan.Step{step}); err != nil || asked != 1 {
		t.Errorf("%v, asked %d\n%s", err, asked, log)
	}
	r.System["debian"] = packages{&asked, errors.New("no packages")}
	if _, err := Run(t.Context(), r, []plan.Step{script("two", "true"), step}); err == nil {
		t.Error("a layer that cannot be had is no error")
	}
}

func TestAHookIsMadeExecutable(t *testing.T) {
	r, _ := runner(t, map[string]string{"hook": "", "all": ""})
	if err := os.Chmod(filepath.Join(r.Root, "all"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"hook": 0o755, "all": 0o777} {
		err := r.makeExecutable(name)
		info, statErr := os.Stat(filepath.Join(r.Root, name))
		if err != nil || statErr != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v, %v", name, info, err, statErr)
		}
	}
	if err := r.makeExecutable("gone"); err == nil {
		t.Error("a hook that is gone is no error")
	}
}

func TestAStepThatSucceedsAndMissesAFile(t *testing.T) {
	r, log := runner(t, map[string]string{"a": ""})
	if _, err := Run(t.Context(), r, []plan.Step{script("one", "echo 'ENOENT: no such file'")}); err != nil ||
		!strings.Contains(log.String(), "has succeeded, but printed") || strings.Contains(log.String(), "To add it") {
		t.Errorf("%v\n%s", err, log)
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
