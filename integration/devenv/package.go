package devenv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Package makes the buildpack and the composites around it as buildpackages for all architectures: files in dist or,
// with an image name, images (name, name-meta and so on) in its registry. A name without a registry's host, as docker
// has them, is one of the local Docker Engine, which keeps one architecture only. only names runtimes that they carry.
func (e *Env) Package(ctx context.Context, image, only string) error {
	dist, err := e.Dist(ctx, only)
	if err != nil {
		return err
	}
	if err := multiPlatform(dist); err != nil {
		return err
	}
	if image != "" && !hasRegistry(image) {
		if err := e.Engine(ctx); err != nil {
			return err
		}
	}
	return e.Step("package the buildpack", func() error {
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
	ours, err := readPackage(e.Root, "")
	if err != nil {
		return err
	}
	if err := e.packPackage(ctx, ours, p.name(""), p.flags...); err != nil {
		return err
	}
	for _, name := range composites {
		c, err := e.composite(name, p.uri)
		if err != nil {
			return err
		}
		image := p.name(strings.Replace("-"+name, "-tandem", "-meta", 1))
		if err := e.packPackage(ctx, c, image, p.flags...); err != nil {
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

func (e *Env) packPackage(ctx context.Context, config packageConfig, name string, flags ...string) error {
	return e.packWith(ctx, config, append([]string{"buildpack", "package", name}, flags...)...)
}

// PackFolder packages a buildpack's directory as an image of the Docker Engine or, if its name has a registry, there.
func (e *Env) PackFolder(ctx context.Context, dir, image string) error {
	return e.packPackage(ctx, packageConfig{Buildpack: location{dir}}, image, imageFlags(image)...)
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
