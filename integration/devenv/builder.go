package devenv

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

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

func (e *Env) makeBuilder(ctx context.Context) (b Builder, err error) {
	if err := e.Engine(ctx); err != nil {
		return b, err
	}
	if b.Image, err = e.publicBuilder(ctx); err != nil {
		return b, err
	}
	if b.Image != "" {
		b.Buildpack, err = e.Buildpack(ctx)
		return b, err
	}
	// The images wait for the network and the disk, the programs compute.
	if err := run.Parallel(ctx, e.BaseImages, made(e.Pack), made(e.Lifecycle)); err != nil {
		return b, err
	}
	buildpack, err := e.Buildpack(ctx)
	if err != nil {
		return b, err
	}
	return Builder{Image: ownBuilder}, e.createBuilder(ctx, ownBuilder, contents{on: Debian, uris: []string{buildpack}})
}

// madeFrom is the label of our builders with the digest of what they were made from.
const madeFrom = "tandem.made-from"

// inputs returns one digest of all inputs, in which the end of an input cannot be the beginning of the next one.
func inputs(all ...string) string {
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q", all)))
}

// BuilderOf makes a builder with buildpacks, each a directory, and none of ours. It builds with the first one.
func (e *Env) BuilderOf(ctx context.Context, image string, on Bases, buildpacks ...string) error {
	if err := e.BaseImages(ctx); err != nil {
		return err
	}
	return e.createBuilder(ctx, image, contents{on: on, uris: buildpacks})
}

// contents are those of a builder.
type contents struct {
	id   string // of the buildpack that it builds with; "" if that is the first one, a directory
	on   Bases
	uris []string // of the buildpacks
}

// parallelExport lets the lifecycle of a builder save caches while it exports the image. pack has no flag for it, and
// [[build.env]] of builder.toml is for buildpacks only. The lifecycle defines it in platform/defaults.go:
// EnvParallelExport.
const parallelExport = "CNB_PARALLEL_EXPORT=true"

// createBuilder makes a builder image, unless there is one that was made from the same inputs.
func (e *Env) createBuilder(ctx context.Context, name string, c contents) (err error) {
	last := e.ImageID(ctx, name)
	parts := []string{LifecycleVersion, parallelExport, e.ImageID(ctx, c.on.Build), e.ImageID(ctx, c.on.Run)}
	for _, uri := range c.uris {
		parts = append(parts, uri, e.ImageID(ctx, image(uri)))
	}
	from := inputs(parts...)
	if label, err := e.Label(ctx, name, madeFrom); err == nil && label == from {
		return nil
	}
	err = e.Step("make "+name, func() error {
		if err := e.packBuilder(ctx, name, c); err != nil {
			return err
		}
		return e.addToImage(ctx, name, "ENV "+parallelExport, "LABEL "+madeFrom+"="+from)
	})
	if last != "" && err == nil {
		_, _ = e.Docker(ctx, "image", "rm", last) // refused while something uses it: then it stays
	}
	return err
}

// packBuilder makes a builder image with pack.
// https://buildpacks.io/docs/reference/config/builder-config/
func (e *Env) packBuilder(ctx context.Context, name string, c contents) error {
	lifecycle, err := e.LifecycleArchive(ctx)
	if err == nil && c.id == "" {
		c.id, _, err = identity(c.uris[0])
	}
	if err != nil {
		return err
	}
	var buildpacks []location
	for _, uri := range c.uris {
		buildpacks = append(buildpacks, location{uri})
	}
	type table = map[string]any
	config := table{
		"description": "Debian with buildpacks, for demos and tests",
		"buildpacks":  buildpacks,
		"order":       []table{{"group": []table{{"id": c.id}}}},
		"lifecycle":   location{lifecycle},
		"build":       table{"image": c.on.Build},
		"run":         table{"images": []table{{"image": c.on.Run}}},
	}
	return e.packWith(ctx, config, "builder", "create", name, "--pull-policy", "never")
}

// addToImage applies instructions of a Dockerfile to an image of the Docker Engine.
func (e *Env) addToImage(ctx context.Context, name string, instructions ...string) error {
	return e.scratch(func(dir string) error {
		text := strings.Join(append([]string{"FROM " + name}, instructions...), "\n") + "\n"
		if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o644); err != nil {
			return err
		}
		last := e.ImageID(ctx, name)
		_, err := e.Docker(ctx, "build", "--tag", name, dir)
		if err == nil {
			_, _ = e.Docker(ctx, "image", "rm", last) // refused without BuildKit: then it is the parent of the new one
		}
		return err
	})
}

// identity returns the ID and version in the buildpack.toml of a directory.
func identity(dir string) (id, version string, err error) {
	var descriptor struct {
		Buildpack struct{ ID, Version string }
	}
	if _, err := toml.DecodeFile(filepath.Join(dir, "buildpack.toml"), &descriptor); err != nil {
		return "", "", fmt.Errorf("parse buildpack.toml: %w", err)
	}
	return descriptor.Buildpack.ID, descriptor.Buildpack.Version, nil
}
