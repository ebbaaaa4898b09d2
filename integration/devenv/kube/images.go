//go:build linux

package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// The images from which builds are made, and the buildpack.
const (
	Build     = Registry + "/base-build"
	Run       = Registry + "/base-run"
	Buildpack = Registry + "/tandem:0.1.0"
	lifecycle = Registry + "/lifecycle"
	programs  = Registry + "/kpack" // all of kpack's; with "-" and a program the image that runs it
)

// serveRegistry serves an empty registry, whose layers are files of dir.
func (c *Cluster) serveRegistry() error {
	listener, err := net.Listen("tcp", Registry)
	if err != nil {
		return err
	}
	blobs := registry.WithBlobHandler(registry.NewDiskBlobHandler(filepath.Join(c.dir, "registry")))
	c.registry = &http.Server{Handler: registry.New(blobs, registry.Logger(log.New(io.Discard, "", 0)))}
	go func() { _ = c.registry.Serve(listener) }() // it ends with Stop
	return nil
}

// images publishes all that the cluster and kpack need, and our buildpack.
func (c *Cluster) images(ctx context.Context) error {
	run, err := c.baseImage(ctx, devenv.Debian.Run, Run)
	if err != nil {
		return err
	}
	// It keeps the namespaces of a pod until it is killed.
	if err := pushAs(run, Registry+"/pause", "sleep", "infinity"); err != nil {
		return err
	}
	all, err := c.publish(ctx, programs, devenv.KpackVersion, func() (string, error) { return c.buildKpack(ctx) })
	if err != nil {
		return err
	}
	for _, program := range devenv.KpackPrograms {
		if err := pushAs(all, programs+"-"+program, "/cnb/process/"+program); err != nil {
			return err
		}
	}
	_, err = c.publish(ctx, lifecycle, devenv.LifecycleVersion, func() (string, error) { return c.buildLifecycle(ctx) })
	if err != nil {
		return err
	}
	if _, err := c.baseImage(ctx, devenv.Debian.Build, Build); err != nil {
		return err
	}
	return c.env.Package(ctx, Buildpack, "python@3.13,node@24")
}

// baseImage publishes one of the base images.
func (c *Cluster) baseImage(ctx context.Context, name, target string) (v1.Image, error) {
	if err := c.env.BaseImages(ctx); err != nil {
		return nil, err
	}
	id := strings.TrimPrefix(c.env.ImageID(ctx, name), "sha256:")
	return c.publish(ctx, target, id, func() (string, error) { return name, nil })
}

// publish pushes an image and returns it. Unless an earlier run has kept a copy, the Docker Engine makes it: docker
// returns its name there. version changes when the image would.
func (c *Cluster) publish(
	ctx context.Context, target, version string, docker func() (string, error),
) (v1.Image, error) {
	dir := filepath.Join(c.env.Home, "kpack-images", strings.TrimPrefix(target, Registry+"/")+"-"+version)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		name, err := docker()
		if err != nil {
			return nil, err
		}
		if err := c.keep(ctx, name, dir); err != nil {
			return nil, fmt.Errorf("keep a copy of %s: %w", name, err)
		}
	}
	index, err := layout.ImageIndexFromPath(dir)
	if err != nil {
		return nil, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	image, err := index.Image(manifest.Manifests[0].Digest)
	if err != nil {
		return nil, err
	}
	return image, crane.Push(image, target)
}

// keep writes the image called name into dir, compressed.
func (c *Cluster) keep(ctx context.Context, name, dir string) error {
	work, err := os.MkdirTemp(c.dir, "image-")
	if err != nil {
		return err
	}
	if _, err := c.env.Docker(ctx, "image", "save", "--output", filepath.Join(work, "image.tar"), name); err != nil {
		return err
	}
	image, err := crane.Load(filepath.Join(work, "image.tar"))
	if err != nil {
		return err
	}
	if err := crane.SaveOCI(image, filepath.Join(work, "oci")); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	return errors.Join(os.Rename(filepath.Join(work, "oci"), dir), os.RemoveAll(work))
}

// pushAs pushes image with another command.
func pushAs(image v1.Image, target string, command ...string) error {
	file, err := image.ConfigFile()
	if err != nil {
		return err
	}
	config := file.Config.DeepCopy()
	config.Entrypoint = command
	if image, err = mutate.Config(image, *config); err != nil {
		return fmt.Errorf("make %s: %w", target, err)
	}
	return crane.Push(image, target)
}

// build builds an image of the directory dir and returns its id.
func (c *Cluster) build(ctx context.Context, dir, dockerfile string) (id string, err error) {
	file := filepath.Join(c.dir, "Dockerfile")
	if err := os.WriteFile(file, []byte(dockerfile), 0o644); err != nil {
		return "", err
	}
	id, err = c.output(ctx, "docker", "build", "--quiet", "--file", file, dir)
	return strings.TrimSpace(id), err
}

// buildKpack builds an image with all programs of kpack.
func (c *Cluster) buildKpack(ctx context.Context) (string, error) {
	if err := c.env.BaseImages(ctx); err != nil {
		return "", err
	}
	copied := strings.Join(devenv.KpackPrograms, " ")
	return c.build(ctx, c.kpack, fmt.Sprintf("FROM %s\nCOPY %s /cnb/process/\n", devenv.Debian.Run, copied))
}

// buildLifecycle builds the image from which kpack takes the lifecycle of builders. Its labels list the APIs it speaks.
// https://github.com/buildpacks/spec/blob/main/platform.md#lifecycle-image-labels
func (c *Cluster) buildLifecycle(ctx context.Context) (string, error) {
	dir, err := c.env.Lifecycle(ctx)
	if err != nil {
		return "", err
	}
	buildpack, platform := devenv.LifecycleAPIs()
	supported := func(versions []string) map[string]any {
		return map[string]any{"deprecated": []string{}, "supported": versions}
	}
	apis := map[string]any{"buildpack": supported(buildpack), "platform": supported(platform)}
	oldest := map[string]any{"buildpack": buildpack[0], "platform": platform[0]}
	version := strings.TrimPrefix(devenv.LifecycleVersion, "v")
	described := map[string]any{"version": version, "api": oldest, "apis": apis}
	text, err := json.Marshal(map[string]any{"api": oldest, "apis": apis, "lifecycle": described})
	if err != nil {
		return "", err
	}
	spoken, err := json.Marshal(apis)
	if err != nil {
		return "", err
	}
	const dockerfile = `FROM scratch
LABEL io.buildpacks.lifecycle.version=%s io.buildpacks.lifecycle.apis='%s' io.buildpacks.builder.metadata='%s'
COPY . /cnb/lifecycle/
`
	return c.build(ctx, dir, fmt.Sprintf(dockerfile, version, spoken, text))
}
