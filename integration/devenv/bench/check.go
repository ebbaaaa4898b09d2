package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// check starts the image, notes how long its first answer takes, and looks for the change in the container. A published
// image is in the engine only until then.
func (b *bench) check(ctx context.Context, o *opponent, c change, mark string) (err error) {
	if o.target == nil {
		return b.checkImage(ctx, o, o.image, withMark(c.shown, mark))
	}
	image := o.target.ref(o.image)
	if _, err := b.dev.Docker(ctx, "pull", "--quiet", image); err != nil {
		return err
	}
	err = b.checkImage(ctx, o, image, withMark(c.shown, mark))
	_, gone := b.dev.Docker(ctx, "image", "rm", image)
	return errors.Join(err, gone)
}

// checkImage is check for an image of the engine. shown is the command that looks for the change; may be empty.
func (b *bench) checkImage(ctx context.Context, o *opponent, image, shown string) (err error) {
	begin := time.Now()
	// All have one worker: Tandem's would have as many as the machine has CPUs, which takes longer to start.
	container, err := b.dev.Run(ctx, image, devenv.Start{Env: map[string]string{
		"WEB_CONCURRENCY": "1", "SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
	}})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			logs, _ := container.Logs(ctx) // the other error is the one to read
			err = fmt.Errorf("%w\n%s", err, logs)
		}
		err = errors.Join(err, container.Stop(context.WithoutCancel(ctx)))
	}()
	for {
		response, _, err := devenv.Get(ctx, container.URL+"/")
		if err == nil && response.StatusCode == http.StatusOK {
			break
		} else if time.Since(begin) > time.Minute || ctx.Err() != nil {
			return errors.Join(errors.New("the app gives no page"), err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	o.answers = append(o.answers, time.Since(begin))
	if o.name == floor || shown == "" { // the floor never has the change
		return nil
	}
	if _, err := container.Exec(ctx, "bash", "-c", shown); err != nil {
		return fmt.Errorf("the change is not in the image: %w", err)
	}
	return nil
}
