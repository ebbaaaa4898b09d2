package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Call has what the caller of a command adds to its step.
type Call struct {
	Env     run.Env // of the step's class
	Out     io.Writer
	Prints  bool     // what it prints to its standard output is a result
	Name    string   // in the log's timeline; empty: it is a part of something that is there
	Instead []string // replaces the first argument, which the log shows; nil: nothing
	More    []string // the last arguments, which are known only now
}

// Start runs the command of a step and returns what it prints, if that is a result. No other function starts a command
// of the plan. The step has the arguments, the input and the directory.
func (r Runner) Start(ctx context.Context, step plan.Step, c Call) (printed string, err error) {
	if in := step.Input; in.Path != "" {
		if err := os.WriteFile(in.Path, []byte(in.Text), 0o644); err != nil {
			return "", err
		}
	}
	dir := cmp.Or(step.In, filepath.Join(r.Root, step.Dir))
	argv := step.Argv
	if c.Instead != nil {
		argv = slices.Concat(c.Instead, argv[1:])
	}
	if c.Env, err = r.withSystem(ctx, step, c.Env); err != nil {
		return "", err
	}
	argv = append(slices.Clip(argv), c.More...)
	sh := run.Shell{Dir: dir, Env: c.Env, Out: c.Out}
	err = r.Log.Step(step.ID, c.Name, func() (err error) {
		if c.Prints {
			printed, err = sh.Output(ctx, argv...)
			return err
		}
		return sh.Run(ctx, argv...)
	})
	var failed *run.Error
	if errors.As(err, &failed) {
		failed.Argv = step.Argv // as the log shows it
	}
	return printed, err
}

// withSystem returns env with the layers of the system that a step sees, which are there then. They are created for the
// first step that needs them.
func (r Runner) withSystem(ctx context.Context, step plan.Step, env run.Env) (run.Env, error) {
	for _, name := range step.Needs {
		if part := r.System[name]; part != nil {
			if err := part.Get(ctx); err != nil {
				return env, err
			}
			env = env.WithPart(part.Part())
		}
	}
	return env, nil
}

// Tool runs the command of a package manager. Its output goes to the file of the step, or to c.Out. The error is
// explained.
func (r Runner) Tool(ctx context.Context, step plan.Step, c Call) error {
	r.Log.Typed(plan.Typed(step.Argv), plan.Shown(step.Argv))
	c.Prints = step.Output != ""
	text, err := r.Start(ctx, step, c)
	if err != nil || step.Output == "" {
		return r.Explained(err, step)
	}
	return os.WriteFile(step.Output, []byte(text), 0o600)
}

// Do executes a step without a command, which is a part of another one.
func (r Runner) Do(step plan.Step, do func() error) error { return r.Log.Step(step.ID, "", do) }

// Fill executes the one step that fills a layer without a command. A layer that no step fills is an internal error.
func (r Runner) Fill(layer string, do func() error) error {
	all := r.Plan.Filling(layer, plan.Fresh)
	if len(all) != 1 {
		return fmt.Errorf("fill layer %s: the plan has %d steps for it", layer, len(all))
	}
	return r.Do(all[0], do)
}
