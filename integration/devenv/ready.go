package devenv

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Ready makes what the tests would otherwise wait for: the lifecycle, the buildpack, the lockfiles of the examples and,
// if there is a Docker Engine, two builders.
func (e *Env) Ready(ctx context.Context) error {
	return run.Parallel(ctx, e.readyBuilders, e.readyLocks)
}

func (e *Env) readyBuilders(ctx context.Context) error {
	err := e.Engine(ctx)
	if err == nil {
		_, err = e.CompositeBuilder(ctx)
	} else if errors.Is(err, ErrNoEngine) {
		_, err = fmt.Fprintln(e.Log, err)
	}
	if err != nil {
		return err
	}
	if _, err := e.Lifecycle(ctx); err != nil {
		return err
	}
	_, err = e.Buildpack(ctx)
	return err
}

// readyLocks makes the lockfiles one after the other: that waits for package indexes more than it computes.
func (e *Env) readyLocks(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(e.Root, "examples/*/expect.json"))
	for _, file := range files {
		_, remove, err := e.Stage(ctx, filepath.Dir(file))
		if err != nil {
			return err
		}
		if err := remove(); err != nil {
			return err
		}
	}
	return err
}
