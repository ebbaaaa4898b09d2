package devenv

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Ready makes everything that the tests find made: the lifecycle, the buildpack, the examples' lock files and, where there is a
// Docker Engine, two builders. Nothing depends on it; it is quicker before the tests than in them, where it would keep them waiting.
func (e *Env) Ready(ctx context.Context) error {
	return run.Parallel(ctx, e.readyBuilders, e.readyApps)
}

func (e *Env) readyBuilders(ctx context.Context) error {
	err := e.Engine(ctx)
	switch {
	case NoEngine(err):
		fmt.Fprintln(e.Log, err)
	case err != nil:
		return err
	default:
		if _, err := e.CompositeBuilder(ctx); err != nil {
			return err
		}
	}
	if _, err := e.Lifecycle(ctx); err != nil {
		return err
	}
	_, err = e.Buildpack(ctx)
	return err
}

// readyApps makes the lock files one after the other: it waits for registries more than it computes.
func (e *Env) readyApps(ctx context.Context) error {
	apps, err := filepath.Glob(filepath.Join(e.Root, "examples", "*"))
	for _, app := range apps {
		if _, remove, stageErr := e.Stage(ctx, app); stageErr != nil {
			return stageErr
		} else if err := remove(); err != nil {
			return err
		}
	}
	return err
}
