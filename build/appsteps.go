package build

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/msgfmt"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/toolrun"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// runner returns what starts commands, with its part of the log.
func (h Host) runner(log *ui.Branch, d decisions) steps.Runner {
	return steps.Runner{
		Dirs: h.Dirs, Log: log, Reaper: h.guard.reaper, Plan: d.plan, App: d.app, Envs: d.envs, Free: freeSpace(h.In),
		Unpruned: d.plan.Unpruned(h.production()), System: d.debian,
	}
}

// reap ends what the commands of a part of the build have left running.
func (h Host) reap(part string) error {
	return steps.Runner{Log: h.main(), Reaper: h.guard.reaper}.Reap(part)
}

// steps settles the conditions of the plan, runs the app steps, and returns the settled plan.
func (h Host) steps(ctx context.Context, d decisions, done results) (plan.Plan, error) {
	found := installed.Found{
		Packages: done.python.Packages, Settings: done.python.Settings, Managers: done.node.Managers,
	}
	settled, problem := d.plan.Settle(found)
	d.plan, d.envs = settled, d.envs.With(nil, done.python.SecretNames)
	r := h.runner(h.main(), d)
	r.Found = found
	r.Done = steps.Done{Ran: done.node.Ran, Settings: found.Settings, Blocked: done.node.Blocked}
	r.Before = steps.Before{Import: func(ctx context.Context) *installed.Settings {
		return python.Import(ctx, h.pythonIn(h.main(), d), done.python)
	}}
	// These need no layers, and so come before the commands.
	if _, err := steps.Run(ctx, r, settled.Of(plan.Translate)); err != nil {
		return settled, err
	}
	collected := found.Settings != nil && h.HasFiles(found.Settings.StaticRoot)
	steps.LogNotes(h.main(), settled.CollectedBefore(collected))
	if problem != nil {
		return settled, problem
	}
	var err error
	if len(settled.Commands()) == 0 {
		h.logSkipped(settled)
	} else if r.Done, err = h.runCommands(ctx, r, d, done); err != nil {
		return settled, err
	}
	h.checkShipped(r, d, found)
	return settled, nil
}

// logSkipped logs why a build runs no command of the app.
func (h Host) logSkipped(p plan.Plan) {
	if len(p.Noted(plan.App, note.Hint))+len(p.Noted(plan.App, note.Warning)) > 0 {
		h.main().Title("Build")
		logStages(h.main(), p, plan.App)
	}
}

// runCommands gets all layers and runs the app's own commands, each with the whole of both environments.
func (h Host) runCommands(
	ctx context.Context, r steps.Runner, d decisions, done results,
) (steps.Done, error) {
	commands := d.plan.Commands()
	parts, err := done.node.Parts(ctx, commands[0].Needs) // all of them need the same
	if err != nil {
		return r.Done, err
	}
	maps.Copy(parts, done.python.Parts)
	h.main().Title("Build")
	logStages(h.main(), d.plan, plan.App)
	d.envs = d.envs.With(parts, done.python.SecretNames)
	if d.envs, err = h.withTools(d); err != nil {
		return r.Done, err
	}
	if hook := d.app.Hooks.PostCompile; hook != nil {
		if d, err = h.withContract(ctx, d, hook); err != nil {
			return r.Done, err
		}
	}
	r.Envs = d.envs
	program, err := h.withTailwind(ctx, d.plan, r.Found)
	if err != nil {
		return r.Done, err
	}
	for _, step := range commands {
		program, err = program.during(ctx, step, func() (err error) {
			r.Done, err = steps.Run(ctx, r, []plan.Step{step})
			return err
		})
		if err != nil {
			return r.Done, err
		}
	}
	if d.hooks != nil {
		d.hooks.Grown()
	}
	return r.Done, h.saveTailwind(ctx, program)
}

// withTools returns the environments of steps with programs that Tandem replaces. "uv run" and the like work: the
// environment is active, and nothing must be installed. The real tools would look for an environment of their own, and
// install it. Where an earlier buildpack has installed the packages, its tools stay. msgfmt comes last on PATH, so that
// a real one is preferred.
func (h Host) withTools(d decisions) (environ.Envs, error) {
	program := filepath.Join(h.In.Buildpack.Path, "bin", "build")
	if !exists(program) {
		return d.envs, nil
	}
	first, last := filepath.Join(h.Scratch, "runners"), filepath.Join(h.Scratch, "fallbacks")
	var names []string
	if !d.plan.Python.Provided {
		names = toolrun.Names()
	}
	err := errors.Join(toolrun.Install(first, program, names, d.app.Python.Scripts),
		toolrun.Install(last, program, []string{msgfmt.Name}, app.Scripts{}))
	if err != nil {
		return d.envs, fmt.Errorf("create the tools of steps: %w", err)
	}
	return d.envs.WithRunners(first, last), nil
}

// hookCacheKey is the key of the hooks' cache: only the platform invalidates it.
type hookCacheKey struct{ layer.Common }

// withContract creates what Heroku classic promises to a hook. It returns d with the cache of hooks and with the
// variables of the contract.
func (h Host) withContract(ctx context.Context, d decisions, hook *app.Hook) (_ decisions, err error) {
	if d.hooks == nil {
		d.hooks, err = h.Layers.Cache(layer.Meta{
			Name: "hooks", Title: "files of hooks", Key: hookCacheKey{h.Common}, Log: h.main().Header,
		})
		if err != nil {
			return d, err
		}
	}
	if err := d.hooks.Get(ctx); err != nil {
		return d, err
	}
	contract, err := h.runner(h.main(), d).Contract(hook, d.hooks.Dir(), filepath.Join(h.In.Platform.Path, "env"))
	d.envs = d.envs.WithContract(contract)
	return d, err
}
