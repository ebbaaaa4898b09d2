package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	target                 *target                    // to which it publishes; nil for the engine
}

// base returns the image on which o makes its own.
func (o *opponent) base() string {
	if o.dockerfile != "" {
		return "tandem/bench-python"
	}
	return devenv.Debian.Run
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
	if b.Base != "" {
		theirs, err := b.dev.BuildpackOf(ctx, b.Base)
		if err != nil {
			return err
		}
		// Only the two buildpacks are compared.
		opponents = []*opponent{{name: base, image: "tandem-bench-base", buildpack: theirs}, opponents[2]}
	}
	for _, o := range opponents {
		err := b.makeOpponent(ctx, o)
		if errors.Is(err, fs.ErrNotExist) {
			b.say("The opponent %q is left out: nobody has written one for %s", o.name, app)
			continue
		} else if err != nil {
			return err
		}
		b.opponents = append(b.opponents, o)
	}
	return nil
}

// makeOpponent makes the builder of o or reads its Dockerfile, and starts its registry.
func (b *bench) makeOpponent(ctx context.Context, o *opponent) (err error) {
	o.builds = map[string][]time.Duration{}
	if o.dockerfile == "" {
		err = b.dev.BuilderOf(ctx, o.builder(), devenv.Debian, o.buildpack)
	} else {
		var text []byte
		text, err = os.ReadFile(b.source("docker/" + o.dockerfile))
		o.dockerfile, o.generation = string(text), os.Getpid()
	}
	if err != nil || b.Target == Engine {
		return err
	}
	if o.target, err = serve(); err != nil {
		return err
	}
	return b.refill(ctx, o)
}
