package devenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
)

const (
	publicBuilder = "heroku/builder:24"
	ownBuilder    = "tandem/builder:bookworm"
	buildImage    = "tandem/build:bookworm"
	runImage      = "tandem/run:bookworm"
	stackID       = "tandem.bookworm"
	cnbID         = 1000 // user and group of builds and containers, as in the public base images
)

// buildPackages are what the build image has besides the run image: native addons and sdists want a compiler.
const buildPackages = "g++,make,git,pkg-config,libc6-dev"

// leftOut is what no container reads: package lists, documentation, translations, logs.
var leftOut = []string{
	"--exclude=./var/lib/apt/lists/*", "--exclude=./var/cache/*/*", "--exclude=./var/log/*", "--exclude=./tmp/*",
	"--exclude=./usr/share/doc/*", "--exclude=./usr/share/man/*", "--exclude=./usr/share/info/*",
	"--exclude=./usr/share/locale/*", "--exclude=./usr/share/lintian/*",
	"--exclude=./dev/*", "--exclude=./proc/*", "--exclude=./sys/*",
}

// PublicBuilder is the builder to take from a container registry, or "" when there is none to be had and we make our own.
// $TANDEM_BUILDER names another, or forces ours with "own".
func (e *Env) PublicBuilder(ctx context.Context) (string, error) {
	name := e.vars["TANDEM_BUILDER"]
	switch {
	case name == "own", name == "" && e.haveImage(ctx, ownBuilder):
		return "", nil
	case name != "" && !e.haveImage(ctx, name):
		return name, e.step("pull "+name, func() error { return e.run(ctx, "", "docker", "pull", name) })
	case name != "" || e.haveImage(ctx, publicBuilder):
		return firstSet(name, publicBuilder), nil
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if e.run(short, "", "docker", "manifest", "inspect", publicBuilder) != nil {
		return "", ctx.Err() // no registry answers: not an error, we can do without
	}
	return publicBuilder, e.step("pull "+publicBuilder, func() error { return e.run(ctx, "", "docker", "pull", publicBuilder) })
}

func firstSet(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

func (e *Env) haveImage(ctx context.Context, name string) bool { return e.ImageID(ctx, name) != "" }

// ImageID returns the id of a local image, "" if there is none.
func (e *Env) ImageID(ctx context.Context, name string) string {
	id, err := e.Inspect(ctx, name, "{{.Id}}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(id)
}

// BaseImages makes the build and the run image from Debian packages. It needs root and a Docker Engine.
func (e *Env) BaseImages(ctx context.Context) error {
	if err := e.DebianImage(ctx, runImage, "ca-certificates"); err != nil {
		return err
	}
	return e.DebianImage(ctx, buildImage, "ca-certificates,"+buildPackages)
}

// DebianImage makes an image of Debian with packages, separated by commas, unless there is an image of that name.
func (e *Env) DebianImage(ctx context.Context, name, packages string) error {
	if e.haveImage(ctx, name) {
		return nil
	}
	return e.step("make "+name, func() error { return e.makeImage(ctx, name, packages) })
}

// BaseImage makes the base images and returns the name and the id of the one for role, "build" or "run".
func (e *Env) BaseImage(ctx context.Context, role string) (name, id string, err error) {
	if err := e.Engine(ctx); err != nil {
		return "", "", err
	}
	name = map[string]string{"build": buildImage, "run": runImage}[role]
	if err := e.BaseImages(ctx); err != nil {
		return "", "", err
	}
	return name, e.ImageID(ctx, name), nil
}

func (e *Env) makeImage(ctx context.Context, name, include string) error {
	if err := e.canBootstrap(ctx); err != nil {
		return err
	}
	packages := filepath.Join(e.Home, "debian-packages")
	if err := os.MkdirAll(packages, 0o755); err != nil {
		return err
	}
	root, err := os.MkdirTemp(firstSet(Memory(), e.Home), "tandem-root-") // dpkg asks for each file to be on the disk
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := os.Chmod(root, 0o755); err != nil { // it becomes the image's root folder
		return err
	}
	err = e.run(ctx, "", "debootstrap", "--variant=minbase", "--cache-dir="+packages, "--include="+include, "bookworm", root)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, tail(filepath.Join(root, "debootstrap/debootstrap.log"), 10))
	}
	if err := addUser(root); err != nil {
		return err
	}
	return e.importImage(ctx, root, name)
}

func (e *Env) canBootstrap(ctx context.Context) error {
	if os.Geteuid() != 0 {
		return &fail.Error{
			ID:   "devenv/no-base-image",
			What: "There are no base images to build on",
			Why:  "No container registry answers, and only root can make them from Debian packages.",
			Fix:  fail.Text("Load a builder image and name it in TANDEM_BUILDER, or run the command again as root."),
		}
	}
	if err := e.need(ctx, "debootstrap", "debootstrap"); err != nil {
		return err
	}
	if _, err := os.Stat("/usr/share/keyrings/debian-archive-keyring.gpg"); err == nil {
		return nil
	}
	return e.aptInstall(ctx, "debian-archive-keyring") // Ubuntu has none by itself
}

// addUser gives the image the user of builds and containers.
// https://github.com/buildpacks/spec/blob/main/platform.md#build-image
func addUser(root string) error {
	lines := map[string]string{
		"etc/passwd": fmt.Sprintf("cnb:x:%d:%d::/home/cnb:/bin/bash\n", cnbID, cnbID),
		"etc/group":  fmt.Sprintf("cnb:x:%d:\n", cnbID),
	}
	for name, line := range lines {
		file, err := os.OpenFile(filepath.Join(root, name), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		if _, err := file.WriteString(line); err != nil {
			file.Close()
			return err
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	home := filepath.Join(root, "home/cnb")
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	return os.Chown(home, cnbID, cnbID)
}

// importImage makes an image of one layer from the folder root.
func (e *Env) importImage(ctx context.Context, root, name string) error {
	file := root + ".tar"
	defer os.Remove(file)
	pack := append([]string{"tar", "--create", "--file", file, "--numeric-owner", "--one-file-system", "--sort=name", "--directory", root}, leftOut...)
	if err := e.run(ctx, "", append(pack, ".")...); err != nil {
		return err
	}
	argv := []string{"docker", "import"}
	for _, change := range []string{
		"LABEL io.buildpacks.base.distro.name=debian io.buildpacks.base.distro.version=12 io.buildpacks.stack.id=" + stackID,
		fmt.Sprintf("ENV CNB_USER_ID=%d CNB_GROUP_ID=%d CNB_STACK_ID=%s", cnbID, cnbID, stackID),
		"ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		fmt.Sprintf("USER %d:%d", cnbID, cnbID),
	} {
		argv = append(argv, "--change", change)
	}
	return e.run(ctx, "", append(argv, file, name)...)
}

// Label is the value of a label of an image that the Docker Engine has.
func (e *Env) Label(ctx context.Context, image, name string) (string, error) {
	return e.Inspect(ctx, image, `{{index .Config.Labels "`+name+`"}}`)
}

// Inspect is what Docker knows of an image, in a format that is a template of Go.
// https://docs.docker.com/reference/cli/docker/image/inspect/
func (e *Env) Inspect(ctx context.Context, image, format string) (string, error) {
	return e.output(ctx, "", "docker", "image", "inspect", "--format", format, image)
}

// RemoveImage removes an image, if there is one of that name.
func (e *Env) RemoveImage(ctx context.Context, name string) error {
	if !e.haveImage(ctx, name) {
		return nil
	}
	return e.run(ctx, "", "docker", "image", "rm", "--force", name)
}

// Save writes an image, its configuration and its layers, into the folder dir, as one archive.
func (e *Env) Save(ctx context.Context, image, dir string) error {
	return e.run(ctx, "", "docker", "image", "save", "--output", filepath.Join(dir, "image.tar"), image)
}
