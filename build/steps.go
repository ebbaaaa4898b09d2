package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// steps runs the app's own commands, one after the other, each with the whole of both environments.
func (b *builder) steps(ctx context.Context) error {
	b.installed.Settings = b.settings
	settled, problem := b.plan.Settle(b.installed)
	b.plan = settled
	steps := b.plan.In(plan.Place{Stage: plan.App})
	if len(steps) > 0 && steps[0].Kind == plan.Translate {
		b.translate(b.app.Translations)
		steps = steps[1:]
	}
	if said := b.plan.CollectedBefore(b.settings != nil && b.hasFiles(b.settings.StaticRoot)); said != "" {
		b.main.Header("%s", said)
	}
	if problem != nil {
		return problem
	}
	if len(steps) == 0 {
		b.notes(plan.App, plan.Finish)
		b.checkShipped()
		return nil
	}
	parts, err := b.appParts(ctx)
	if err != nil {
		return err
	}
	b.main.Title("Steps of the app")
	b.notes(plan.App, plan.Finish)
	envs := b.envs
	if hook := b.app.Hooks.PostCompile; hook != nil {
		contract, err := b.contract(ctx, hook)
		if err != nil {
			return err
		}
		envs = envs.WithContract(contract)
	}
	for _, step := range steps {
		parts.NodeOptions = environ.LoaderOptions(b.root, b.plan, b.hasFile) // a step may create or remove these files
		if err := b.runStep(ctx, step, envs.With(parts, b.secretNames)); err != nil {
			return err
		}
	}
	if b.hookCache != nil {
		b.hookCache.Grown()
	}
	b.checkShipped()
	return nil
}

// runStep prepares and runs one of the app's own steps.
func (b *builder) runStep(ctx context.Context, step plan.Step, envs environ.Envs) error {
	if err := b.prepare(ctx, step); err != nil {
		return err
	}
	if err := b.step(ctx, b.main, step, envs.For(step.Env, step.Dir).Filled()); err != nil {
		return err
	}
	return b.reap(step.Title)
}

// prepare does what a step needs before it runs, and says what to know about it.
func (b *builder) prepare(ctx context.Context, step plan.Step) error {
	for _, line := range step.Notes {
		b.main.Header("%s", line)
	}
	for _, need := range step.Before {
		switch need {
		case plan.ByteCodeReady:
			if err := b.main.Timed("wait for byte code", func() error { return b.set.Ready(ctx) }); err != nil {
				return err
			}
		case plan.Executable:
			if err := b.makeExecutable(step.Title); err != nil {
				b.main.Body("%s keeps its permissions (%s)", step.Title, reason(err))
			}
		case plan.SettingsRead:
			b.settingsAgain(ctx)
		case plan.StaticRootAged:
			b.outdateStaticRoot()
		}
	}
	return nil
}

// outdateStaticRoot makes files that came with the source in STATIC_ROOT older than all sources, so that collectstatic replaces them.
func (b *builder) outdateStaticRoot() {
	if b.settings == nil {
		return
	}
	if dir, ok := b.inApp(b.settings.StaticRoot); ok { // otherwise it is outside of the app, or its root
		b.touch(string(dir), time.Now().Add(-24*time.Hour))
	}
}

// step runs one command of the app and explains its failure.
func (b *builder) step(ctx context.Context, log *ui.Branch, step plan.Step, env run.Env) error {
	log.Header("Running %s", show.Command(step.Argv))
	if step.Kind == plan.Collectstatic && b.config.DebugCollectstatic.On {
		log.Body("%s is set. The variables that it sees: %s", config.DebugCollectstatic, strings.Join(env.Names(), ", "))
	}
	out := log.Output()
	defer out.Close()
	begin := time.Now()
	err := log.Step(step.ID, step.Title, func() error {
		return run.Shell{Dir: filepath.Join(b.root, step.Dir), Env: env, Out: out}.Run(ctx, step.Argv...)
	})
	if err != nil {
		return b.scriptError(b.stepError(err, step), step)
	}
	if step.Kind == plan.Script {
		b.ran = append(b.ran, step.Title)
	}
	log.Body("%s took %.1f s", step.Title, time.Since(begin).Seconds())
	return nil
}

func (b *builder) stepError(err error, step plan.Step) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return startError(err, step)
	}
	e := &fail.Error{ID: "step/" + string(step.Kind), Err: err, Why: fmt.Sprintf("It ended with exit code %d; what it says is above.", failed.Code)}
	if killed(failed) {
		e.Why = manager.Killed
	}
	command := show.Command(step.Argv)
	switch step.Kind {
	case plan.Collectstatic:
		e.What = "Django's collectstatic failed"
		e.Fix = fail.Text("Try it on your machine, with the variables that the build has:\n    " + command +
			"\nThis shows the whole way to the error in the log, and the names of the variables:\n    pack build … --env DEBUG_COLLECTSTATIC=1" +
			"\nIf the app needs no static files from the build, switch it off:\n    pack build … --env DISABLE_COLLECTSTATIC=1")
		return b.djangoError(*e, failed)
	case plan.Management:
		e.What = "The management command failed: " + show.Command(step.Argv[2:])
		e.Fix = fail.Text("Try it on your machine, with the variables that the build has:\n    " + command)
		return b.djangoError(*e, failed)
	case plan.HookScript:
		e.What = "The app's hook " + step.Title + " failed"
		e.Fix = fail.Text("Correct the script. To see each of its commands in the log, let its second line be:\n    set -x")
		if !killed(failed) {
			return b.hookError(*e, step, failed)
		}
	default:
		e.What = "The script of package.json failed: " + step.Title
		e.Fix = fail.Text("Try it on your machine, in a fresh clone:\n    " + step.Try)
	}
	return e
}

// startError explains a command that could not even be started: a hook's interpreter, most often.
func startError(err error, step plan.Step) error {
	if step.Kind == plan.HookScript && errors.Is(err, fs.ErrPermission) {
		return &fail.Error{
			ID: "step/hook-permissions", What: "The app's hook " + step.Title + " cannot be started", Err: err,
			Why: "The build's user may not run it, or the interpreter that its first line names.",
			Fix: fail.Text("Make it executable and commit that:\n    git update-index --chmod=+x " + show.Path(step.Title)),
		}
	}
	if step.Kind != plan.HookScript || !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENOEXEC) {
		return err
	}
	return &fail.Error{
		ID: "step/hook-interpreter", What: "The app's hook " + step.Title + " cannot be started", Err: err,
		Why: "The interpreter named in its first line does not exist in the build image, or the file has the line ends of Windows.",
		Fix: fail.Text("Let its first line be the following, and save it with Unix line ends (dos2unix " + show.Path(step.Title) + "):\n    #!/usr/bin/env bash"),
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
