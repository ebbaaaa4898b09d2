package devenv

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Build describes one `pack build`.
type Build struct {
	App, Image string
	Builder    Builder           // that of the method Builder if it has no image
	Env        map[string]string // build-time variables
	Bindings   map[string]string // service bindings: name to directory
	Flags      []string          // more flags of pack
	ClearCache bool
	Watch      io.Writer // also gets the log while it is printed; may be nil
}

// PackBuild builds an image and returns everything pack printed, which also goes to Log while it runs. The host's CA
// bundle is bound, since a proxy may be between the build and registries.
func (e *Env) PackBuild(ctx context.Context, b Build) (log string, err error) {
	if b.Builder.Image == "" {
		if b.Builder, err = e.Builder(ctx); err != nil {
			return "", err
		}
	}
	if b.Bindings, err = e.bindings(b.Bindings); err != nil {
		return "", err
	}
	var kept strings.Builder
	err = e.pack(ctx, b.watched(e.Log, &kept), b.arguments()...)
	return kept.String(), err
}

func (b Build) watched(out ...io.Writer) io.Writer {
	if b.Watch != nil {
		out = append(out, b.Watch)
	}
	return io.MultiWriter(out...)
}

// arguments returns those of pack. b.Flags comes last and wins.
func (b Build) arguments() []string {
	args := []string{"build", b.Image, "--path", b.App, "--builder", b.Builder.Image, "--trust-builder",
		"--network", "host"}
	if b.Builder.Buildpack == "" {
		args = append(args, "--pull-policy", "never") // our base images are in no registry
	} else {
		args = append(args, "--pull-policy", "if-not-present", "--buildpack", b.Builder.Buildpack)
	}
	args = append(args, environment(b.Env)...)
	for _, name := range slices.Sorted(maps.Keys(b.Bindings)) {
		args = append(args, "--volume", b.Bindings[name]+":/platform/bindings/"+name+":ro")
	}
	if b.ClearCache {
		args = append(args, "--clear-cache")
	}
	return append(args, b.Flags...)
}

// environment returns a flag --env for each variable, in the order of the names.
func environment(vars map[string]string) (flags []string) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		flags = append(flags, "--env", name+"="+vars[name])
	}
	return flags
}

// bindings returns those given and one with the host's CA bundle, if the host has one.
func (e *Env) bindings(given map[string]string) (map[string]string, error) {
	bundle, err := e.HostCertificates()
	if err != nil {
		return given, nil // macOS has none in a file; then the containers' own must do
	}
	dir, err := e.Kept(fmt.Sprintf("bindings/ca-certificates-%x", sha256.Sum256(bundle)), func(dir string) error {
		return errors.Join(os.WriteFile(filepath.Join(dir, "type"), []byte("ca-certificates\n"), 0o644),
			os.WriteFile(filepath.Join(dir, "host.pem"), bundle, 0o644))
	})
	all := map[string]string{"ca-certificates": dir}
	maps.Copy(all, given)
	return all, err
}

// HostCertificates returns the authorities that this machine trusts, in PEM form.
func (e *Env) HostCertificates() ([]byte, error) {
	if file := e.vars["SSL_CERT_FILE"]; file != "" {
		return os.ReadFile(file)
	}
	return os.ReadFile("/etc/ssl/certs/ca-certificates.crt")
}

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

// createBuilder makes a builder image, unless there is one that was made from the same things.
// https://buildpacks.io/docs/reference/config/builder-config/
func (e *Env) createBuilder(ctx context.Context, name string, c contents) (err error) {
	last := e.ImageID(ctx, name)
	parts := []string{LifecycleVersion, e.ImageID(ctx, c.on.Build), e.ImageID(ctx, c.on.Run)}
	var buildpacks []location
	for _, uri := range c.uris {
		buildpacks = append(buildpacks, location{uri})
		parts = append(parts, uri, e.ImageID(ctx, image(uri)))
	}
	from := inputs(parts...)
	if label, err := e.Label(ctx, name, madeFrom); err == nil && label == from {
		return nil
	}
	lifecycle, err := e.LifecycleArchive(ctx)
	if err == nil && c.id == "" {
		c.id, _, err = identity(c.uris[0])
	}
	if err != nil {
		return err
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
	create := []string{"builder", "create", name, "--pull-policy", "never", "--label", madeFrom + "=" + from}
	err = e.Step("make "+name, func() error { return e.packWith(ctx, config, create...) })
	if last != "" && err == nil {
		_, _ = e.Docker(ctx, "image", "rm", last) // refused while something uses it: then it stays
	}
	return err
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
