package devenv

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// ErrNoEngine is the error of Engine if no Docker Engine runs and none can be started. Callers may go on without one.
var ErrNoEngine = errors.New("no Docker Engine")

// Engine makes sure that a Docker Engine answers. As root on Debian and Ubuntu it installs and starts one, which
// outlives this process until Stop.
func (e *Env) Engine(ctx context.Context) error {
	if e.engineAnswers(ctx) {
		e.forgetBuilds(ctx, "2m") // a running build has no stopped container that old
		return nil
	}
	if err := e.startEngine(ctx); err != nil {
		return &fail.Error{
			ID: "devenv/no-engine", What: "There is no Docker Engine and none can be started", Why: err.Error(),
			Fix: fail.Fix{fail.Say{Text: "Start Docker, or set DOCKER_HOST, and run the command again."}},
			Err: errors.Join(ErrNoEngine, err),
		}
	}
	e.forgetBuilds(ctx, "0s")
	return nil
}

func (e *Env) startEngine(ctx context.Context) error {
	switch {
	case e.vars["DOCKER_HOST"] != "":
		return fmt.Errorf("nothing answers at DOCKER_HOST, %s", e.vars["DOCKER_HOST"])
	case runtime.GOOS != "linux" || os.Geteuid() != 0:
		return errors.New("`docker version` gets no answer, and only root on Linux can start one here")
	}
	for _, program := range [][2]string{{"dockerd", "docker.io"}, {"iptables", "iptables"}, {"docker", "docker.io"}} {
		if err := e.Need(ctx, program[0], program[1]); err != nil {
			return err
		}
	}
	if e.engineAnswers(ctx) { // the package's installation may have started it
		return nil
	}
	return e.Step("start a Docker Engine", func() error { return e.engine(ctx, "start") })
}

// forgetBuilds removes the containers of builds that ended with their pack or the engine, if the engine is ours: they
// hold their volumes, and the cache of the next build could not be cleared. age is the least that they must have.
func (e *Env) forgetBuilds(ctx context.Context, age string) {
	if _, err := os.Stat(filepath.Join(e.Home, "dockerd.pid")); err != nil {
		return
	}
	// An error is not the end: another process may be removing them, and pack says what is in its way.
	_, _ = e.Docker(ctx, "container", "prune", "--force", "--filter", "label=author=pack", "--filter", "until="+age)
}

func (e *Env) engineAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	_, err := e.Docker(ctx, "version", "--format", "{{.Server.Version}}")
	return err == nil
}

func (e *Env) engine(ctx context.Context, command string) error {
	return e.run(ctx, "", filepath.Join(e.Root, "integration/devenv/engine.sh"), command, e.Home)
}

// Stop ends what this package started: the demos, and the Docker Engine if it is ours.
func (e *Env) Stop(ctx context.Context) error {
	if err := e.stopDemos(ctx); err != nil || runtime.GOOS != "linux" {
		return err
	}
	return e.engine(ctx, "stop")
}

const (
	ownBuilder = "tandem/builder:bookworm"
	buildImage = "tandem/build:bookworm"
	runImage   = "tandem/run:bookworm"
	cnbID      = 1000 // user and group of builds and containers, as in the public base images
)

// buildPackages are what the build image has in addition to the run image: native addons and sdists need a compiler.
const buildPackages = "g++,make,git,pkg-config,libc6-dev"

// publicBuilder returns the builder to take from a container registry, "" if none answers and we make our own.
// $TANDEM_BUILDER names another one, or forces ours with "own".
func (e *Env) publicBuilder(ctx context.Context) (string, error) {
	name := cmp.Or(e.vars["TANDEM_BUILDER"], fail.Builder)
	asked := e.vars["TANDEM_BUILDER"] != ""
	switch {
	case name == "own", !asked && e.ImageID(ctx, ownBuilder) != "":
		return "", nil
	case e.ImageID(ctx, name) != "":
		return name, nil
	}
	if !asked && !e.published(ctx, name) {
		return "", ctx.Err() // no registry answers: not an error, there is another way
	}
	return name, e.Step("pull "+name, func() error {
		return e.run(ctx, "", "docker", "pull", name)
	})
}

// published reports whether a registry has the image and answers.
func (e *Env) published(ctx context.Context, image string) bool {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	_, err := e.Docker(ctx, "manifest", "inspect", image)
	return err == nil
}

// ImageID returns the ID of a local image, "" if there is none of that name.
func (e *Env) ImageID(ctx context.Context, name string) string {
	id, _ := e.Docker(ctx, "image", "inspect", "--format", "{{.Id}}", name) // the only error to expect is that one
	return id
}

// Label returns the value of a label of a local image, "" if the image has none of that name.
func (e *Env) Label(ctx context.Context, image, name string) (string, error) {
	return e.Docker(ctx, "image", "inspect", "--format", `{{index .Config.Labels "`+name+`"}}`, image)
}

// LayerDigests returns the digests of an image's layers for which the buildpack is answerable, by the layer's name. The
// layer of the app is "app".
func (e *Env) LayerDigests(ctx context.Context, image string) (map[string]string, error) {
	label, err := e.Label(ctx, image, "io.buildpacks.lifecycle.metadata")
	if err != nil {
		return nil, err
	}
	return LabelledDigests(label)
}

// LabelledDigests is like LayerDigests, for the text of the lifecycle's label.
// https://github.com/buildpacks/spec/blob/main/platform.md#iobuildpackslifecyclemetadata-json
func LabelledDigests(label string) (map[string]string, error) {
	var metadata struct {
		App        []struct{ SHA string }
		Buildpacks []struct {
			Layers map[string]struct{ SHA string }
		}
	}
	if err := json.Unmarshal([]byte(label), &metadata); err != nil {
		return nil, fmt.Errorf("read the label of an image: %w", err)
	}
	found := map[string]string{}
	for _, slice := range metadata.App {
		found["app"] += slice.SHA
	}
	for _, buildpack := range metadata.Buildpacks {
		for name, layer := range buildpack.Layers {
			found[name] = layer.SHA
		}
	}
	return found, nil
}

// BaseImages makes the build and the run image from Debian packages. It needs root and a Docker Engine.
func (e *Env) BaseImages(ctx context.Context) error {
	if err := e.Engine(ctx); err != nil {
		return err
	}
	if err := e.DebianImage(ctx, runImage, "ca-certificates"); err != nil {
		return err
	}
	return e.DebianImage(ctx, buildImage, "ca-certificates,"+buildPackages)
}

// DebianImage makes an image of Debian with packages, separated by commas, unless there is an image of that name.
func (e *Env) DebianImage(ctx context.Context, name, packages string) error {
	if e.ImageID(ctx, name) != "" {
		return nil
	}
	if os.Geteuid() != 0 {
		return &fail.Error{
			ID: "devenv/no-base-image", What: "There are no base images to build on",
			Why: "No container registry answers, and only root can make them from Debian packages.",
			Fix: fail.Fix{fail.Say{Text: "Load a builder image and name it in TANDEM_BUILDER, " +
				"or run the command again as root."}},
		}
	}
	if err := e.Need(ctx, "debootstrap", "debootstrap"); err != nil {
		return err
	}
	const keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
	if err := e.Need(ctx, keys, "debian-archive-keyring"); err != nil { // Ubuntu has none
		return err
	}
	return e.Step("make "+name, func() error {
		return scratch(cmp.Or(Memory(), e.Home), func(dir string) error { // dpkg syncs each file to the disk
			cache := filepath.Join(e.Home, "debian-packages")
			sh := e.shell("", run.Env{"DEBIAN_CACHE": cache, "CNB_ID": fmt.Sprint(cnbID)})
			script := filepath.Join(e.Root, "integration/devenv/debian-image.sh")
			return told(sh.Run(ctx, script, name, packages, filepath.Join(dir, "root")))
		})
	})
}
