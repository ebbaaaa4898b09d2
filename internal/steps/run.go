// Package steps executes the steps of a plan. It is the only place that starts a command of the app, and it explains
// the failure of a command once. It decides nothing and installs nothing.
package steps

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// Runner starts commands. It is a value: each installation has its own, with its own part of the log.
type Runner struct {
	Dirs
	Log    *ui.Branch
	Reaper *run.Reaper
	Plan   plan.Plan
	App    app.App
	Envs   environ.Envs    // with the placeholders that are known so far
	Found  installed.Found // what the installation has shown so far
	// Unpruned is the setting with which an earlier buildpack would install devDependencies.
	Unpruned manager.Variable
	Free     func() string // says how much space is left, see diagnose.Facts
	Done     Done          // what earlier steps have shown
	Before   Before
	System   map[string]SystemPart // layers of Debian packages, by name
}

// SystemPart is a layer with packages of the system. Steps whose Needs name it see it after all else.
type SystemPart interface {
	Get(ctx context.Context) error
	Part() run.Part
}

// Before has a function of another package that a step may need before it runs. It is not called for other steps.
type Before struct {
	Import func(ctx context.Context) *installed.Settings // imports the settings; nil if that is still not possible
}

// Done describes the results of earlier steps.
type Done struct {
	Ran      []string            // the scripts of package.json that have run, as commands
	Settings *installed.Settings // nil if the settings could not be imported
	Blocked  []string            // packages of Node.js whose install scripts were not run
}

// Run runs steps one after the other. Before each it does what the step needs, and afterwards it ends what the step has
// left running. It returns what r has done with them. The error is the user's, or internal.
func Run(ctx context.Context, r Runner, all []plan.Step) (Done, error) {
	for _, step := range all {
		if step.Kind == plan.Translate {
			if err := r.Do(step, func() error { r.translate(r.App.Translations); return nil }); err != nil {
				return r.Done, err
			}
			continue
		}
		envs := r.Envs.WithNodeOptions(environ.LoaderOptions(r.Root, r.Plan, r.HasFile))
		r.Done.Settings = r.prepare(ctx, step)
		if err := r.Run(ctx, step, envs.For(step.Env, step.Dir)); err != nil {
			return r.Done, err
		}
		if step.Kind == plan.Script {
			r.Done.Ran = append(slices.Clip(r.Done.Ran), step.Title)
		}
		if err := r.Reap(step.Title); err != nil {
			return r.Done, err
		}
	}
	return r.Done, nil
}

// Run runs one command of the app and logs how long it took. The error is explained.
func (r Runner) Run(ctx context.Context, step plan.Step, e environ.Env) error {
	env := e.Filled()
	r.Log.Command(plan.Shown(step.Argv))
	if step.Kind == plan.Collectstatic && r.Plan.Config.Collectstatic.Debug.On {
		r.Log.Body("%s is set. The variables that it sees: %s", config.DebugCollectstatic,
			strings.Join(env.Names(), ", "))
	}
	out := r.Log.Output()
	defer out.Close()
	out.Watch(step.Title)
	begin, watched := time.Now(), &watcher{}
	call := Call{Env: env, Out: io.MultiWriter(out, watched), Name: step.Title}
	if _, err := r.Start(ctx, step, call); err != nil {
		return r.Explained(err, step)
	}
	r.Log.Header("%s: %.1f s", step.Title, time.Since(begin).Seconds())
	r.warnOverlooked(step, watched)
	return nil
}
