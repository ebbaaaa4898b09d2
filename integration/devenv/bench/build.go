package bench

import (
	"context"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// build builds the app by o and returns how long that took. The image that was there before is removed after it,
// outside of the measured time. file gets the log.
func (b *bench) build(ctx context.Context, o *opponent, file string) (took time.Duration, err error) {
	log, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer log.Close()
	old, start := b.dev.ImageID(ctx, o.image), time.Now()
	if o.dockerfile != "" {
		err = b.buildDockerfile(ctx, o, log)
	} else {
		err = b.buildByPack(ctx, o, log)
	}
	took = time.Since(start)
	if err == nil && old != "" && b.dev.ImageID(ctx, o.image) != old {
		_, _ = b.dev.Docker(ctx, "image", "rm", old) // refused if another image has been made from it
	}
	return took, err
}

func (b *bench) buildDockerfile(ctx context.Context, o *opponent, out io.Writer) error {
	text := strings.ReplaceAll(o.dockerfile, "{{.}}", strconv.Itoa(o.generation))
	if err := os.WriteFile(b.path(o.image), []byte(text), 0o644); err != nil {
		return err
	}
	args := []string{"build", "--network", "host", "--file", b.path(o.image), "--tag", o.image}
	for name, value := range b.line.variables() {
		args = append(args, "--build-arg", name+"="+value) // not a part of the cache's keys
	}
	err := b.dev.DockerTo(ctx, out, append(args, b.app)...)
	if err != nil || o.target == nil {
		return err
	}
	return b.push(ctx, o.image, o.target.ref(o.image))
}

func (b *bench) buildByPack(ctx context.Context, o *opponent, out io.Writer) error {
	build := devenv.Build{App: b.app, Image: o.image, Watch: out, Builder: devenv.Builder{Image: o.builder()},
		Env: b.line.variables(), Flags: []string{"--docker-host", "inherit"}}
	if o.target != nil {
		build.Image = o.target.ref(o.image)
		build.Flags = []string{"--publish", "--run-image", o.target.ref(baseRepository)}
	}
	_, err := b.dev.PackBuild(ctx, build)
	return err
}

// forget removes the image and the caches of o, so that the next build is as the first one.
func (b *bench) forget(ctx context.Context, o *opponent) error {
	o.generation++
	if _, err := b.dev.Docker(ctx, "image", "rm", "--force", o.image); err != nil {
		return err
	}
	if err := os.RemoveAll(b.saved(o)); err != nil {
		return err
	}
	if o.target != nil {
		if err := b.refill(ctx, o); err != nil {
			return err
		}
	}
	if o.dockerfile != "" && b.memory {
		_, err := b.dev.Docker(ctx, "builder", "prune", "--all", "--force")
		return err
	}
	names, err := b.dev.Docker(ctx, "volume", "ls", "--quiet", "--filter", "name="+o.image+"_latest")
	if err != nil || names == "" {
		return err
	}
	_, err = b.dev.Docker(ctx, append([]string{"volume", "rm"}, strings.Fields(names)...)...)
	return err
}
