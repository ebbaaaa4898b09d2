package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"text/template"

	"github.com/tandem-cnb/tandem/internal/run"
)

// The opponents' names, as the table has them.
const (
	tandem   = "Tandem"
	docker   = "Dockerfile"
	simple   = "simple Dockerfile"
	unpacked = "unpacked"
	floor    = "floor"
)

// opponent is one way to make an image of the app.
type opponent struct {
	name, image string
	build       func(ctx context.Context, out io.Writer) error
	forget      func(ctx context.Context) error // image and caches are as if it had never built
	cache       func(ctx context.Context) (size, error)
}

// makeOpponents makes all that there are for the app of that name.
func (b *bench) makeOpponents(ctx context.Context, app string) error {
	for _, o := range []struct{ name, image, file string }{{docker, "tandem-bench-dockerfile", ".Dockerfile"}, {simple, "tandem-bench-simple", ".simple.Dockerfile"}} {
		text, err := opponentFiles.ReadFile("opponents/docker/" + app + o.file)
		if errors.Is(err, fs.ErrNotExist) {
			b.say("The opponent %q is left out: nobody has written one for %s", o.name, app)
			continue
		} else if err != nil {
			return err
		}
		b.opponents = append(b.opponents, b.dockerfile(o.name, o.image, string(text)))
	}
	ours, err := b.dev.Buildpack(ctx)
	if err != nil {
		return err
	}
	for _, o := range []struct{ name, id, dir string }{{tandem, "tandem/python-node", ours}, {unpacked, "tandem-bench/unpacked", ""}, {floor, "tandem-bench/floor", ""}} {
		if o.dir == "" {
			if o.dir, err = b.makeBuildpack(o.name); err != nil {
				return err
			}
		}
		image := "tandem-bench-" + filepath.Base(o.id)
		builder := "tandem/bench-builder-" + filepath.Base(o.id)
		if err := b.makeBuilder(ctx, builder, o.id, o.dir); err != nil {
			return err
		}
		b.opponents = append(b.opponents, b.packed(o.name, image, builder))
	}
	return nil
}

// dockerfile is an opponent that docker builds. Its cache mounts get new names when it shall forget, since those of an engine that
// others use too can't be removed.
func (b *bench) dockerfile(name, image, text string) *opponent {
	file, generation := b.path(image), os.Getpid()
	return &opponent{
		name: name, image: image,
		build: func(ctx context.Context, out io.Writer) error {
			var filled bytes.Buffer
			if err := template.Must(template.New("").Parse(text)).Execute(&filled, generation); err != nil {
				return err
			}
			if err := os.WriteFile(file, filled.Bytes(), 0o644); err != nil {
				return err
			}
			sh := run.Shell{Dir: b.app, Env: b.engine.vars, Out: out}
			return sh.Run(ctx, b.engine.client, "build", "--network", "host", "--file", file, "--tag", image, b.app)
		},
		forget: func(ctx context.Context) (err error) {
			generation++
			b.engine.removeImage(ctx, image)
			if b.engine.own {
				_, err = b.engine.docker(ctx, "builder", "prune", "--all", "--force")
			}
			return err
		},
		cache: b.dockerCache,
	}
}

// packed is an opponent that pack builds with a builder.
func (b *bench) packed(name, image, builder string) *opponent {
	return &opponent{
		name: name, image: image,
		build: func(ctx context.Context, out io.Writer) error {
			sh := run.Shell{Dir: b.dir, Env: b.packVars(), Out: out}
			return sh.Run(ctx, b.pack, "build", image, "--path", b.app, "--builder", builder, "--trust-builder", "--network", "host",
				"--pull-policy", "never", "--docker-host", "inherit", "--volume", b.binding()+":/platform/bindings/ca-certificates:ro")
		},
		forget: func(ctx context.Context) error {
			b.engine.removeImage(ctx, image)
			volumes, err := b.engine.volumes(ctx, image)
			if err != nil || len(volumes) == 0 {
				return err
			}
			_, err = b.engine.docker(ctx, append([]string{"volume", "rm"}, volumes...)...)
			return err
		},
		cache: func(ctx context.Context) (size, error) { return b.engine.count(ctx, image) },
	}
}

// packVars is the environment of pack: settings of its own, and names of volumes that are the same in every build.
func (b *bench) packVars() run.Env {
	return b.engine.vars.With(run.Env{"PACK_HOME": b.path("pack"), "PACK_VOLUME_KEY": "tandem-bench", "NO_COLOR": "1"})
}

func (b *bench) binding() string { return b.path("binding") }

// bind makes the binding with the machine's certificates: a proxy may stand between build and registries.
func (b *bench) bind(vars run.Env) error {
	bundle := vars["SSL_CERT_FILE"]
	if bundle == "" {
		bundle = "/etc/ssl/certs/ca-certificates.crt"
	}
	if err := writeFile(filepath.Join(b.binding(), "type"), []byte("ca-certificates\n"), 0o644); err != nil {
		return err
	}
	if err := copyFile(bundle, filepath.Join(b.binding(), "host.pem")); err != nil {
		return fmt.Errorf("read the machine's certificates: %w", err)
	}
	return nil
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return writeFile(to, content, 0o644)
}
