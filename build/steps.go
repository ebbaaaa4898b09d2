package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
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
	if err := b.runSteps(ctx, steps, parts); err != nil {
		return err
	}
	if b.hookCache != nil {
		b.hookCache.Grown()
	}
	b.checkShipped()
	return nil
}

// runSteps runs the app's own steps, one after the other. parts is what all of them see.
func (b *builder) runSteps(ctx context.Context, steps []plan.Step, parts environ.Parts) error {
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
		facts := b.stepFacts(step)
		return explained(err, b.failedStep(step, facts), facts)
	}
	if step.Kind == plan.Script {
		b.ran = append(b.ran, step.Title)
	}
	log.Body("%s took %.1f s", step.Title, time.Since(begin).Seconds())
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
