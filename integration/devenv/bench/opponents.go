package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// The opponents' names, as the table has them.
const (
	tandem = "Tandem"
	docker = "Dockerfile"
	simple = "simple Dockerfile"
	floor  = "floor"
)

// opponent is one way to make an image of the app: by a Dockerfile, else by pack with a builder.
type opponent struct {
	name, image, builder string
	dockerfile           string // its text; {{.}} is replaced by generation
	generation           int    // of the cache mounts, since an engine that others use too cannot forget them
	starts               []time.Duration
}

// makeImages makes the buildpack of the floor, and the images on which the Dockerfiles build, with the runtimes that
// Tandem installs here.
func (b *bench) makeImages(ctx context.Context) error {
	if err := b.dev.BaseImages(ctx); err != nil {
		return err
	}
	ids := []string{string(versions.Node), string(versions.Python), string(versions.UV)}
	for _, id := range ids {
		dir, err := b.dev.Runtime(ctx, id)
		if err != nil {
			return err
		}
		version := strings.TrimPrefix(filepath.Base(dir), "runtime-"+id+"-")
		b.runtimes = append(b.runtimes, versions.ID(id).Project()+" "+version)
	}
	if err := b.dev.StandIn(ctx, b.source(floor), b.path(floor), ids...); err != nil {
		return err
	}
	authorities, err := b.dev.HostCertificates()
	if err != nil {
		return fmt.Errorf("read the machine's certificates: %w", err)
	}
	if err := os.WriteFile(filepath.Join(b.path(floor), "ca.pem"), authorities, 0o644); err != nil {
		return err
	}
	for _, target := range []string{"node", "python", "uv"} {
		_, err := b.dev.Docker(ctx, "build", "--file", b.source("docker/images.Dockerfile"), "--target", target,
			"--tag", "tandem/bench-"+target, b.path(floor))
		if err != nil {
			return err
		}
	}
	return nil
}

// source returns the path of a file of opponents.
func (b *bench) source(name string) string {
	return filepath.Join(b.dev.Root, "integration/devenv/bench/opponents", name)
}

// makeOpponents makes all opponents that there are for the app of that name.
func (b *bench) makeOpponents(ctx context.Context, app string) error {
	for _, o := range []opponent{
		{name: docker, image: "tandem-bench-dockerfile", dockerfile: app + ".Dockerfile"},
		{name: simple, image: "tandem-bench-simple", dockerfile: app + ".simple.Dockerfile"},
	} {
		text, err := os.ReadFile(b.source("docker/" + o.dockerfile))
		if errors.Is(err, fs.ErrNotExist) {
			b.say("The opponent %q is left out: nobody has written one for %s", o.name, app)
			continue
		} else if err != nil {
			return err
		}
		o.dockerfile, o.generation = string(text), os.Getpid()
		b.opponents = append(b.opponents, &o)
	}
	ours, err := b.dev.Buildpack(ctx)
	if err != nil {
		return err
	}
	for _, o := range []struct{ name, image, buildpack string }{
		{tandem, "tandem-bench-python-node", ours}, {floor, "tandem-bench-floor", b.path(floor)},
	} {
		builder := "tandem/bench-builder-" + strings.ToLower(o.name)
		if err := b.dev.BuilderOf(ctx, builder, devenv.Debian, o.buildpack); err != nil {
			return err
		}
		b.opponents = append(b.opponents, &opponent{name: o.name, image: o.image, builder: builder})
	}
	return nil
}

// build builds the app by o. The image that was there before is removed after it, outside of the measured time.
func (b *bench) build(ctx context.Context, o *opponent, file string) (*buildLog, error) {
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	old := b.dev.ImageID(ctx, o.image)
	log := &buildLog{out: out, start: time.Now()}
	if o.dockerfile != "" {
		err = b.buildDockerfile(ctx, o, log)
	} else {
		_, err = b.dev.PackBuildOn(ctx, devenv.Builder{Image: o.builder}, devenv.Build{
			App: b.app, Image: o.image, Watch: log, Flags: []string{"--docker-host", "inherit"},
		})
	}
	log.took = time.Since(log.start)
	if err == nil && old != "" && b.dev.ImageID(ctx, o.image) != old {
		_, _ = b.dev.Docker(ctx, "image", "rm", old) // refused if another image has been made from it
	}
	return log, err
}

func (b *bench) buildDockerfile(ctx context.Context, o *opponent, out io.Writer) error {
	text := strings.ReplaceAll(o.dockerfile, "{{.}}", strconv.Itoa(o.generation))
	if err := os.WriteFile(b.path(o.image), []byte(text), 0o644); err != nil {
		return err
	}
	return b.dev.DockerTo(ctx, out, "build", "--network", "host", "--file", b.path(o.image), "--tag", o.image, b.app)
}

// forget removes the image and the caches of o, so that the next build is as the first one.
func (b *bench) forget(ctx context.Context, o *opponent) error {
	o.generation++
	if _, err := b.dev.Docker(ctx, "image", "rm", "--force", o.image); err != nil {
		return err
	}
	if o.dockerfile != "" && b.memory {
		_, err := b.dev.Docker(ctx, "builder", "prune", "--all", "--force")
		return err
	}
	volumes, err := b.volumes(ctx, o)
	if err != nil || len(volumes) == 0 {
		return err
	}
	_, err = b.dev.Docker(ctx, append([]string{"volume", "rm"}, volumes...)...)
	return err
}

// volumes returns the names of the volumes that pack has made for o.
func (b *bench) volumes(ctx context.Context, o *opponent) ([]string, error) {
	names, err := b.dev.Docker(ctx, "volume", "ls", "--quiet", "--filter", "name=pack-cache-library_"+o.image+"_latest")
	return strings.Fields(names), err
}
