package devenv

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

const (
	publicBuilder = "heroku/builder:24"
	ownBuilder    = "tandem/builder:bookworm"
	buildImage    = "tandem/build:bookworm"
	runImage      = "tandem/run:bookworm"
	cnbID         = 1000 // user and group of builds and containers, as in the public base images
)

// buildPackages are what the build image has in addition to the run image: native addons and sdists need a compiler.
const buildPackages = "g++,make,git,pkg-config,libc6-dev"

// PublicBuilder returns the builder to take from a container registry, "" if none answers and we make our own.
// $TANDEM_BUILDER names another one, or forces ours with "own".
func (e *Env) PublicBuilder(ctx context.Context) (string, error) {
	name := cmp.Or(e.vars["TANDEM_BUILDER"], publicBuilder)
	asked := e.vars["TANDEM_BUILDER"] != ""
	switch {
	case name == "own", !asked && e.ImageID(ctx, ownBuilder) != "":
		return "", nil
	case e.ImageID(ctx, name) != "":
		return name, nil
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if _, err := e.Docker(short, "manifest", "inspect", name); err != nil && !asked {
		return "", ctx.Err() // no registry answers: not an error, there is another way
	}
	return name, e.step("pull "+name, func() error {
		_, err := e.Docker(ctx, "pull", name)
		return err
	})
}

// ImageID returns the ID of a local image, "" if there is none of that name.
func (e *Env) ImageID(ctx context.Context, name string) string {
	id, err := e.Inspect(ctx, name, "{{.Id}}")
	if err != nil {
		return ""
	}
	return id
}

// Inspect returns what Docker knows of a local image, in a format that is a template of Go.
// https://docs.docker.com/reference/cli/docker/image/inspect/
func (e *Env) Inspect(ctx context.Context, image, format string) (string, error) {
	return e.Docker(ctx, "image", "inspect", "--format", format, image)
}

// Label returns the value of a label of a local image, "" if the image has none of that name.
func (e *Env) Label(ctx context.Context, image, name string) (string, error) {
	return e.Inspect(ctx, image, `{{index .Config.Labels "`+name+`"}}`)
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
			ID:   "devenv/no-base-image",
			What: "There are no base images to build on",
			Why:  "No container registry answers, and only root can make them from Debian packages.",
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
	return e.step("make "+name, func() error {
		return scratch(cmp.Or(Memory(), e.Home), func(dir string) error { // dpkg syncs each file to the disk
			sh := e.shell("").Quiet()
			cache := filepath.Join(e.Home, "debian-packages")
			sh.Env = sh.Env.With(run.Env{"DEBIAN_CACHE": cache, "CNB_ID": fmt.Sprint(cnbID)})
			script := filepath.Join(e.Root, "integration/devenv/debian-image.sh")
			return told(sh.Run(ctx, script, name, packages, filepath.Join(dir, "root")))
		})
	})
}
