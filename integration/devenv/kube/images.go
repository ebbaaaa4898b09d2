//go:build linux

package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/crane"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// The images from which builds are made, and the buildpack.
const (
	Build     = Registry + "/base-build"
	Run       = Registry + "/base-run"
	Buildpack = Registry + "/tandem:0.1.0"
	lifecycle = Registry + "/lifecycle"
	programs  = Registry + "/kpack-" // with the name of a program of kpack the image that runs it
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
	base, err := c.baseImage(ctx, devenv.Debian.Run, Run)
	if err != nil {
		return err
	}
	if _, err := c.baseImage(ctx, devenv.Debian.Build, Build); err != nil {
		return err
	}
	// It keeps the namespaces of a pod until it is killed.
	pause := func(config *v1.Config) { config.Entrypoint = []string{"sleep", "infinity"} }
	err = errors.Join(push(base, Registry+"/pause", pause), c.kpackImages(ctx, base), c.lifecycleImage(ctx, base))
	if err != nil {
		return err
	}
	only := "python@" + versions.Python.DefaultSeries() + ",node@" + versions.Node.DefaultSeries()
	return c.env.Package(ctx, Buildpack, only)
}

// baseImage publishes an image of the Docker Engine and returns it. A copy with compressed layers is kept.
func (c *Cluster) baseImage(ctx context.Context, name, target string) (v1.Image, error) {
	id := strings.TrimPrefix(c.env.ImageID(ctx, name), "sha256:")
	kept, err := c.env.Kept("kpack-images/"+id, func(dir string) error {
		archive := filepath.Join(dir, "docker.tar")
		if _, err := c.env.Docker(ctx, "image", "save", "--output", archive, name); err != nil {
			return err
		}
		image, err := crane.Load(archive)
		if err != nil {
			return err
		}
		return errors.Join(crane.Save(image, name, filepath.Join(dir, "image.tar")), os.Remove(archive))
	})
	if err != nil {
		return nil, fmt.Errorf("keep a copy of %s: %w", name, err)
	}
	image, err := crane.Load(filepath.Join(kept, "image.tar"))
	if err != nil {
		return nil, err
	}
	return image, crane.Push(image, target)
}

// push pushes image with another configuration.
func push(image v1.Image, target string, change func(*v1.Config)) error {
	file, err := image.ConfigFile()
	if err != nil {
		return err
	}
	config := file.Config.DeepCopy()
	change(config)
	if image, err = mutate.Config(image, *config); err != nil {
		return fmt.Errorf("make %s: %w", target, err)
	}
	return crane.Push(image, target)
}

// kpackImages publishes an image for each program of kpack.
func (c *Cluster) kpackImages(ctx context.Context, base v1.Image) error {
	layer, err := c.env.Layer(ctx, "kpack-"+devenv.KpackVersion, c.kpack, "cnb/process", devenv.KpackPrograms...)
	if err != nil {
		return err
	}
	image, err := crane.Append(base, layer)
	if err != nil {
		return err
	}
	for _, program := range devenv.KpackPrograms {
		command := func(config *v1.Config) { config.Entrypoint = []string{"/cnb/process/" + program} }
		if err := push(image, programs+program, command); err != nil {
			return err
		}
	}
	return nil
}

// lifecycleImage publishes the image from whose last layer kpack takes the lifecycle of builders. Its labels list the
// APIs it speaks. https://github.com/buildpacks/spec/blob/main/platform.md#lifecycle-image-labels
func (c *Cluster) lifecycleImage(ctx context.Context, base v1.Image) error {
	dir, err := c.env.Lifecycle(ctx)
	if err != nil {
		return err
	}
	layer, err := c.env.Layer(ctx, "lifecycle-"+devenv.LifecycleVersion, filepath.Dir(dir), "cnb", filepath.Base(dir))
	if err != nil {
		return err
	}
	image, err := crane.Append(base, layer)
	if err != nil {
		return err
	}
	descriptor := devenv.LifecycleDescriptor()
	text, err := json.Marshal(descriptor)
	apis, failed := json.Marshal(descriptor["apis"])
	return errors.Join(err, failed, push(image, lifecycle, func(config *v1.Config) {
		config.Labels = map[string]string{
			"io.buildpacks.lifecycle.apis": string(apis), "io.buildpacks.builder.metadata": string(text),
		}
	}))
}
