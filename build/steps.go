package build

import (
	"context"
	"os"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// runner returns what starts commands, with their part of the log.
func (b *builder) runner(log *ui.Branch) steps.Runner {
	r := steps.Runner{
		Dirs: b.Dirs, Log: log, Reaper: b.reaper, Plan: b.plan, App: b.app,
		Done:   steps.Done{Ran: b.node.Ran, Settings: b.settings},
		Before: steps.Before{Ready: b.set.Ready, Import: b.settingsAgain},
	}
	r.Plan.Config = b.config
	r.Facts.Free = freeSpace(b.in)
	return r.About(b.envs.With(environ.Parts{}, b.secretNames), b.installed)
}

// steps runs the app's own commands, one after the other, each with the whole of both environments.
func (b *builder) steps(ctx context.Context) error {
	b.installed.Settings, b.installed.Managers = b.settings, b.node.Managers
	settled, problem := b.plan.Settle(b.installed)
	b.plan = settled
	r, all := b.runner(b.main), b.plan.In(plan.Place{Stage: plan.App})
	if len(all) > 0 && all[0].Kind == plan.Translate {
		if _, err := steps.Run(ctx, r, b.envs, all[:1]); err != nil {
			return err
		}
		all = all[1:]
	}
	if said := b.plan.CollectedBefore(b.settings != nil && b.HasFiles(b.settings.StaticRoot)); said != "" {
		b.main.Header("%s", said)
	}
	if problem != nil {
		return problem
	}
	done, err := b.runSteps(ctx, r, all)
	if err != nil {
		return err
	}
	b.checkShipped(done)
	return nil
}

// runSteps gets all layers and runs the app's own commands, if there are some.
func (b *builder) runSteps(ctx context.Context, r steps.Runner, all []plan.Step) (steps.Done, error) {
	if len(all) == 0 {
		b.notes(plan.App, plan.Finish)
		return r.Done, nil
	}
	parts, err := b.appParts(ctx)
	if err != nil {
		return r.Done, err
	}
	b.main.Title("Steps of the app")
	b.notes(plan.App, plan.Finish)
	envs := b.envs.With(parts, b.secretNames)
	if hook := b.app.Hooks.PostCompile; hook != nil {
		contract, err := b.contract(ctx, hook)
		if err != nil {
			return r.Done, err
		}
		envs = envs.WithContract(contract)
	}
	done, err := steps.Run(ctx, r, envs, all)
	if err == nil && b.hookCache != nil {
		b.hookCache.Grown()
	}
	return done, err
}

// checkShipped warns of what the settings need in a container and the image will not have.
func (b *builder) checkShipped(done steps.Done) {
	if done.Settings == nil {
		return
	}
	seen := steps.Look(b.Dirs, done)
	for _, warning := range plan.CheckShipped(*done.Settings, b.installed, b.plan.Processes, seen, b.Root) {
		b.main.Warn("%s", warning)
	}
}

// settingsAgain imports the settings once more where they could not be before the app's steps: a build script may have
// made what they read. If they still cannot, collectstatic says so.
func (b *builder) settingsAgain(ctx context.Context) *plan.Settings {
	read, err := b.readSettings(ctx, b.main, nil)
	if err != nil {
		return nil
	}
	return read.Settings
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
