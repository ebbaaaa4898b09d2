package run

import (
	"context"
	"sync"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Parallel runs all tasks at once. The first error cancels the context of the others and is the one returned. A
// panic of a task is an error.
func Parallel(ctx context.Context, tasks ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, task := range tasks {
		all.Go(func() {
			if err := fail.Recovered(func() error { return task(ctx) }); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}
