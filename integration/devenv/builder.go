package devenv

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Builder is what pack builds with: a builder image and, if that is not ours, the directory of our buildpack.
type Builder struct {
	Image     string
	Buildpack string // "" if the builder has it
}

// Bases are the images that a builder builds and runs in.
type Bases struct{ Build, Run string }

// Debian are the base images that BaseImages makes.
var Debian = Bases{buildImage, runImage}

// Builder makes a builder ready, once for e: a public one if a container registry answers, or our own with the
// buildpack in it. It starts a Docker Engine if none runs.
func (e *Env) Builder(ctx context.Context) (Builder, error) {
	return e.builder.get(func() (Builder, error) { return e.makeBuilder(ctx) })
}

func (e *Env) makeBuilder(ctx context.Context) (Builder, error) {
	if err := e.Engine(ctx); err != nil {
		return Builder{}, err
	}
	public, err := e.PublicBuilder(ctx)
	if err != nil {
		return Builder{}, err
	}
	if public != "" {
		buildpack, err := e.Buildpack(ctx)
		return Builder{Image: public, Buildpack: buildpack}, err
	}
	err = run.Parallel(ctx, e.BaseImages, func(ctx context.Context) error { // one waits for the network and the disk
		if _, err := e.Pack(ctx); err != nil {
			return err
		}
		_, err := e.Lifecycle(ctx)
		return err
	})
	if err != nil {
		return Builder{}, err
	}
	return Builder{Image: ownBuilder}, e.makeOwnBuilder(ctx)
}

// madeFrom is the label of our builder with the digest of what it was made from.
const madeFrom = "tandem.made-from"

// makeOwnBuilder makes our builder, unless there is one that was made from the same things.
func (e *Env) makeOwnBuilder(ctx context.Context) error {
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return err
	}
	from := inputs(buildpack, LifecycleVersion, e.ImageID(ctx, buildImage), e.ImageID(ctx, runImage))
	if label, err := e.Label(ctx, ownBuilder, madeFrom); err == nil && label == from {
		return nil
	}
	return e.step("make "+ownBuilder, func() error {
		id, _, err := identity(buildpack)
		if err != nil {
			return err
		}
		last := e.ImageID(ctx, ownBuilder)
		err = e.createBuilder(ctx, ownBuilder, contents{id, Debian, []string{buildpack}, from})
		if last != "" && err == nil {
			_, _ = e.Docker(ctx, "image", "rm", last) // refused while something uses it: then it stays
		}
		return err
	})
}

// inputs returns one digest of all inputs, in which the end of an input cannot be the beginning of the next one.
func inputs(all ...string) string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q", all)))
}

// BuilderOf makes a builder with buildpacks, each a directory, and none of ours. It builds with the first one.
func (e *Env) BuilderOf(ctx context.Context, image string, on Bases, buildpacks ...string) error {
	if err := e.BaseImages(ctx); err != nil {
		return err
	}
	id, _, err := identity(buildpacks[0])
	if err != nil {
		return err
	}
	return e.createBuilder(ctx, image, contents{id: id, on: on, uris: buildpacks})
}

// contents are those of a builder. It builds with the buildpack of that ID.
type contents struct {
	id   string
	on   Bases
	uris []string // of the buildpacks
	from string   // for the label madeFrom; may be empty
}

// createBuilder makes a builder image. https://buildpacks.io/docs/reference/config/builder-config/
func (e *Env) createBuilder(ctx context.Context, image string, c contents) error {
	lifecycle, err := e.LifecycleArchive(ctx)
	if err != nil {
		return err
	}
	text := "description = \"Debian with buildpacks, for demos and tests\"\n"
	for _, uri := range c.uris {
		text += fmt.Sprintf("[[buildpacks]]\nuri = %q\n", uri)
	}
	text += fmt.Sprintf("[[order]]\n[[order.group]]\nid = %q\n[lifecycle]\nuri = %q\n[build]\nimage = %q\n"+
		"[[run.images]]\nimage = %q\n",
		c.id, lifecycle, c.on.Build, c.on.Run)
	return e.scratch(func(dir string) error {
		config := filepath.Join(dir, "builder.toml")
		if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
			return err
		}
		return told(e.pack(ctx, io.Discard, "builder", "create", image, "--config", config, "--pull-policy", "never",
			"--label", madeFrom+"="+c.from))
	})
}
