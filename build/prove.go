package build

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// proveProgram imports what the processes serve.
//
//go:embed prove.py
var proveProgram []byte

// proveDelay bounds how long the program runs. It ends earlier on its own.
const proveDelay = 30 * time.Second

// prove imports what the processes serve, as they will, and returns the plan with the processes that can start. The app
// is as in the image: build-only files are gone, and bytecode is written. What the import writes into the app is
// removed. Nothing that the app does is an error: an import may need a variable or a database that only a
// container has.
//
// It returns the files that a start of the processes imports too; nil if they are not known.
//
// The import is the last command of a build. Whatever it leaves running is ended with it, or by the reaper.
func (h Host) prove(ctx context.Context, d decisions, done results) (_ plan.Plan, files []string, err error) {
	all := d.plan.Of(plan.Prove)
	if len(all) == 0 {
		return d.plan, nil, nil
	}
	before, err := h.names()
	if err != nil {
		return d.plan, nil, err
	}
	if err := os.WriteFile(all[0].Argv[1], proveProgram, 0o644); err != nil {
		return d.plan, nil, err
	}
	d.envs = d.envs.With(done.python.Parts, done.python.SecretNames)
	found, reason := h.imported(ctx, d, all[0])
	if err := ctx.Err(); err != nil {
		return d.plan, nil, context.Cause(ctx)
	}
	if reason != "" {
		h.main().Header("What the processes serve could not be imported here: %s", show.Line(reason))
	}
	if err := h.removeNew(before); err != nil {
		return d.plan, nil, err
	}
	proven := d.plan.Prove(found)
	return proven, process.Starts(d.plan.Processes, proven.Processes, found, d.plan.Manage.Path), nil
}

// imported runs the step and returns its results, or the reason why there are none. What the app prints is not logged:
// its import is not a step of the app.
func (h Host) imported(ctx context.Context, d decisions, step plan.Step) (found []process.Imported, reason string) {
	ctx, stop := context.WithTimeout(ctx, proveDelay)
	defer stop()
	text, err := h.runner(h.main(), d).Start(ctx, step, steps.Call{
		Env: d.envs.For(step.Env, "").Filled(), Out: io.Discard, Prints: true, Name: "import the app",
	})
	if err == nil {
		err = json.Unmarshal([]byte(text), &found)
	}
	if err != nil {
		return nil, err.Error()
	}
	return found, ""
}

// names returns the paths of all files and directories of the app. A file that an import changes keeps its change. The
// steps of the app may change files too, and a copy of the whole app would take longer than the import.
func (h Host) names() (names map[string]bool, err error) {
	names = map[string]bool{}
	err = fs.WalkDir(h.Source, ".", func(name string, d fs.DirEntry, err error) error {
		names[name] = true
		if err != nil {
			return skipUnreadable(d, err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the app: %w", err)
	}
	return names, nil
}

// removeNew removes the files and directories of the app that are not in before. What cannot be removed stays.
func (h Host) removeNew(before map[string]bool) error {
	var left []string
	err := fs.WalkDir(h.Source, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && (before[name] || d == nil):
			return skipUnreadable(d, err)
		case before[name]:
			return nil
		}
		p, err := app.In(".", name)
		if err == nil {
			err = h.Tree.RemoveAll(p)
		}
		if err != nil {
			left = append(left, app.Refused(name, err))
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
	if len(left) > 0 {
		h.main().Warn("could not be removed after the import, and is in the image: %s", show.Series(left))
	}
	return err
}
