package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// Package makes the buildpack and the composites around it as buildpackages for all architectures: files in dist or,
// with an image name, images (name, name-meta and so on) in its registry. A name without a registry's host, as docker
// has them, is one of the local Docker Engine, which keeps one architecture only. only names runtimes that they carry.
func (e *Env) Package(ctx context.Context, image, only string) error {
	dist, err := e.Dist(ctx)
	if err != nil {
		return err
	}
	for _, arch := range targets {
		if only == "" {
			continue
		}
		if err := e.carry(ctx, arch, filepath.Join(dist, "linux-"+arch), only); err != nil {
			return err
		}
	}
	if err := multiPlatform(dist); err != nil {
		return err
	}
	if image != "" && !hasRegistry(image) {
		if err := e.Engine(ctx); err != nil {
			return err
		}
	}
	return e.step("package the buildpack", func() error {
		composites, err := e.available(ctx)
		if err != nil {
			return err
		}
		if image != "" {
			name := func(suffix string) string { return suffixed(image, suffix) }
			return e.packageAs(ctx, packages{name, imageURI(image), imageFlags(image)}, composites)
		}
		for _, arch := range targets { // pack refuses a composite for several architectures that contains files
			name := func(suffix string) string { return filepath.Join(dist, "tandem"+suffix+"-linux-"+arch+".cnb") }
			p := packages{name, name(""), []string{"--format", "file", "--target", "linux/" + arch}}
			if err := e.packageAs(ctx, p, composites); err != nil {
				return err
			}
		}
		return nil
	})
}

// packages are what packageAs makes: their names, the URI of the first one for the others, and the flags of pack.
type packages struct {
	name  func(suffix string) string
	uri   string
	flags []string
}

// packageAs packages the buildpack and composites around it.
func (e *Env) packageAs(ctx context.Context, p packages, composites []string) error {
	if err := e.packPackage(ctx, filepath.Join(e.Root, "package.toml"), p.name(""), p.flags...); err != nil {
		return err
	}
	for _, name := range composites {
		image := p.name(strings.Replace("-"+name, "-tandem", "-meta", 1))
		if err := e.packComposite(ctx, composite{name: name, uri: p.uri}, image, p.flags...); err != nil {
			return err
		}
	}
	return nil
}

// imageFlags returns those of pack for images of all architectures in a registry, or of one in the Docker Engine.
func imageFlags(image string) []string {
	if !hasRegistry(image) {
		return []string{"--pull-policy", "never", "--target", "linux/" + runtime.GOARCH}
	}
	return []string{"--publish", "--target", "linux/" + targets[0], "--target", "linux/" + targets[1]}
}

func (e *Env) packPackage(ctx context.Context, config, name string, flags ...string) error {
	argv := append([]string{"buildpack", "package", name, "--config", config}, flags...)
	return told(e.pack(ctx, io.Discard, argv...))
}

// PackFolder packages a buildpack's directory as an image of the Docker Engine.
func (e *Env) PackFolder(ctx context.Context, dir, image string) error {
	return e.scratch(func(work string) error {
		config := filepath.Join(work, "package.toml")
		text := fmt.Sprintf("[buildpack]\nuri = %q\n\n[platform]\nos = \"linux\"\n", dir)
		return errors.Join(os.WriteFile(config, []byte(text), 0o644),
			e.packPackage(ctx, config, image, imageFlags("")...))
	})
}

// SetVersion gives the buildpack in dir another version.
func SetVersion(dir, version string) error {
	file := filepath.Join(dir, "buildpack.toml")
	text, err := os.ReadFile(file)
	changed := regexp.MustCompile(`(?m)^version = ".*"`).ReplaceAll(text, []byte(`version = "`+version+`"`))
	return errors.Join(err, os.WriteFile(file, changed, 0o644))
}

// Repackage publishes the buildpack of the last Package again, with another version and no other difference.
func (e *Env) Repackage(ctx context.Context, image, version string) error {
	return e.scratch(func(dir string) error {
		err := errors.Join(copyFiles(e.Root, dir, []string{"package.toml"}),
			copyTree(filepath.Join(e.Root, "dist/package"), filepath.Join(dir, "dist/package"), false))
		for _, of := range []string{"", "linux/" + targets[0], "linux/" + targets[1]} {
			err = errors.Join(err, SetVersion(filepath.Join(dir, "dist/package", of), version))
		}
		return errors.Join(err, e.packPackage(ctx, filepath.Join(dir, "package.toml"), image, imageFlags(image)...))
	})
}

// hasRegistry reports whether the part of an image's name before the first slash is a host: it has a dot or a port.
// https://docs.docker.com/reference/cli/docker/image/tag/
func hasRegistry(image string) bool {
	host, _, found := strings.Cut(image, "/")
	return found && (strings.ContainsAny(host, ".:") || host == "localhost")
}

// imageURI returns image as a dependency in package.toml. pack does not accept a docker:// URI whose host has a port
// (GetLocatorType), and takes some names without docker:// for those of its buildpack registry, but none with a port.
func imageURI(image string) string {
	if host, _, _ := strings.Cut(image, "/"); strings.Contains(host, ":") && hasRegistry(image) {
		return image
	}
	return "docker://" + image
}

// suffixed puts a suffix after an image's name and before its tag.
func suffixed(image, suffix string) string {
	slash := strings.LastIndex(image, "/")
	if colon := strings.LastIndex(image, ":"); colon > slash {
		return image[:colon] + suffix + image[colon:]
	}
	return image + suffix
}

// multiPlatform makes dist/package, with the directories where pack looks for an architecture's: <root>/linux/<arch>.
// They are copies, since pack writes buildpack.toml into them and removes it.
// https://buildpacks.io/docs/for-buildpack-authors/how-to/distribute-buildpacks/package-buildpack/
func multiPlatform(dist string) error {
	root := filepath.Join(dist, "package")
	err := os.RemoveAll(root)
	for _, arch := range targets {
		err = errors.Join(err, copyTree(filepath.Join(dist, "linux-"+arch), filepath.Join(root, "linux", arch), false))
	}
	return errors.Join(err, copyFiles(filepath.Join(dist, "linux-"+targets[0]), root, []string{"buildpack.toml"}))
}
