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

// opponent is one way to make an image of the app: by a Dockerfile, or by pack with a builder that has a buildpack.
type opponent struct {
	name, image, buildpack string
	dockerfile             string                     // its text; {{.}} is replaced by generation
	generation             int                        // of the cache mounts: a shared engine cannot forget them
	builds                 map[string][]time.Duration // by case, one a round
	answers                []time.Duration            // from the start of a container to its first answer
}

func (o *opponent) builder() string { return "tandem/bench-builder-" + strings.ToLower(o.name) }

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
		b.runtimes = append(b.runtimes, strings.TrimPrefix(filepath.Base(dir), "runtime-"))
	}
	if err := b.dev.StandIn(ctx, b.source(floor), b.path(floor), ids...); err != nil {
		return err
	}
	authorities, err := b.dev.HostCertificates()
	if err != nil {
		return fmt.Errorf("read the machine's certificates: %w", err)
	}
	err = os.WriteFile(filepath.Join(b.path(floor), "ca.pem"), authorities, 0o644)
	for _, target := range []string{"node", "python", "uv"} {
		if err == nil {
			_, err = b.dev.Docker(ctx, "build", "--file", b.source("docker/images.Dockerfile"), "--target", target,
				"--tag", "tandem/bench-"+target, b.path(floor))
		}
	}
	return err
}

// source returns the path of a file of opponents.
func (b *bench) source(name string) string {
	return filepath.Join(b.dev.Root, "integration/devenv/bench/opponents", name)
}

// makeOpponents makes all opponents that there are for the app of that name.
func (b *bench) makeOpponents(ctx context.Context, app string) error {
	ours, err := b.dev.Buildpack(ctx)
	if err != nil {
		return err
	}
	opponents := []*opponent{
		{name: docker, image: "tandem-bench-dockerfile", dockerfile: app + ".Dockerfile"},
		{name: simple, image: "tandem-bench-simple", dockerfile: app + ".simple.Dockerfile"},
		{name: tandem, image: "tandem-bench-python-node", buildpack: ours},
		{name: floor, image: "tandem-bench-floor", buildpack: b.path(floor)},
	}
	if b.base != "" {
		theirs, err := b.dev.BuildpackOf(ctx, b.base)
		if err != nil {
			return err
		}
		// Only the two buildpacks are compared.
		opponents = []*opponent{{name: base, image: "tandem-bench-base", buildpack: theirs}, opponents[2]}
	}
	for _, o := range opponents {
		if o.dockerfile == "" {
			err = b.dev.BuilderOf(ctx, o.builder(), devenv.Debian, o.buildpack)
		} else {
			var text []byte
			text, err = os.ReadFile(b.source("docker/" + o.dockerfile))
			o.dockerfile, o.generation = string(text), os.Getpid()
		}
		if errors.Is(err, fs.ErrNotExist) {
			b.say("The opponent %q is left out: nobody has written one for %s", o.name, app)
			continue
		} else if err != nil {
			return err
		}
		o.builds = map[string][]time.Duration{}
		b.opponents = append(b.opponents, o)
	}
	return nil
}

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
		_, err = b.dev.PackBuild(ctx, devenv.Build{App: b.app, Image: o.image, Watch: log,
			Builder: devenv.Builder{Image: o.builder()}, Flags: []string{"--docker-host", "inherit"}})
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
	names, err := b.dev.Docker(ctx, "volume", "ls", "--quiet", "--filter", "name=pack-cache-library_"+o.image+"_latest")
	if err != nil || names == "" {
		return err
	}
	_, err = b.dev.Docker(ctx, append([]string{"volume", "rm"}, strings.Fields(names)...)...)
	return err
}
