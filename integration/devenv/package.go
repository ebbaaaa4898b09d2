package devenv

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// Package makes the buildpack and the composites around it as buildpackages for all processors: files in dist, or, with
// an image name, images (name, name-meta and so on) in its registry. A name without a registry's host, as docker has them,
// means the local Docker Engine, which holds one processor's only. only names runtimes that they carry; "": none.
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
	return e.step("package the buildpack", func() error {
		if image == "" {
			return e.packageFiles(ctx, dist)
		}
		return e.packageImages(ctx, dist, image)
	})
}

var versionLine = regexp.MustCompile(`(?m)^version = ".*"`)

// SetVersion gives the buildpack in a folder another version.
func SetVersion(folder, to string) error {
	file := filepath.Join(folder, "buildpack.toml")
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(file, versionLine.ReplaceAll(text, []byte(`version = "`+to+`"`)), 0o644)
}

// Repackage publishes the buildpack that Package made last as another version, which is all that differs.
func (e *Env) Repackage(ctx context.Context, image, as string) error {
	dir, err := os.MkdirTemp(e.Home, ".package-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := copyTree(filepath.Join(e.Root, "dist/package"), filepath.Join(dir, "dist/package"), false); err != nil {
		return err
	}
	config := filepath.Join(dir, "package.toml")
	if err := copyFile(filepath.Join(e.Root, "package.toml"), config); err != nil {
		return err
	}
	for _, folder := range []string{"", "linux/" + targets[0], "linux/" + targets[1]} {
		if err := SetVersion(filepath.Join(dir, "dist/package", folder), as); err != nil {
			return err
		}
	}
	return e.packPackage(ctx, config, image, "--publish", "--target", "linux/"+targets[0], "--target", "linux/"+targets[1])
}

// packageFiles makes dist/tandem-linux-<arch>.cnb, dist/tandem-meta-linux-<arch>.cnb and so on. pack refuses a composite for
// several processors around files, so that each gets a run of its own.
func (e *Env) packageFiles(ctx context.Context, dist string) error {
	composites, err := e.available(ctx)
	if err != nil {
		return err
	}
	component := filepath.Join(e.Root, "package.toml")
	for _, arch := range targets {
		file := filepath.Join(dist, "tandem-linux-"+arch+".cnb")
		if err := e.packPackage(ctx, component, file, "--format", "file", "--target", "linux/"+arch); err != nil {
			return err
		}
		for _, c := range composites {
			config, err := e.config(c, dist, file)
			if err != nil {
				return err
			}
			around := filepath.Join(dist, "tandem-"+c.suffix()+"-linux-"+arch+".cnb")
			if err := e.packPackage(ctx, config, around, "--format", "file", "--target", "linux/"+arch); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Env) packageImages(ctx context.Context, dist, image string) error {
	where := []string{"--publish"}
	for _, arch := range targets {
		where = append(where, "--target", "linux/"+arch)
	}
	if !hasRegistry(image) {
		if err := e.Engine(ctx); err != nil {
			return err
		}
		where = []string{"--pull-policy", "never", "--target", "linux/" + runtime.GOARCH}
	}
	if err := e.packPackage(ctx, filepath.Join(e.Root, "package.toml"), image, where...); err != nil {
		return err
	}
	composites, err := e.available(ctx)
	for _, c := range composites {
		config, err := e.config(c, dist, imageURI(image))
		if err != nil {
			return err
		}
		if err := e.packPackage(ctx, config, suffixed(image, c.suffix()), where...); err != nil {
			return err
		}
	}
	return err
}

func (e *Env) packPackage(ctx context.Context, config, name string, flags ...string) error {
	argv := append([]string{"buildpack", "package", name, "--config", config}, flags...)
	return told(e.pack(ctx, io.Discard, argv...))
}

// hasRegistry follows docker: what stands before the first slash is a host when it has a dot or a port.
// https://docs.docker.com/reference/cli/docker/image/tag/
func hasRegistry(image string) bool {
	host, _, found := strings.Cut(image, "/")
	return found && (strings.ContainsAny(host, ".:") || host == "localhost")
}

// imageURI is image as a dependency in package.toml. pack doesn't know a docker:// address again when its host has a
// port (GetLocatorType), and takes some names without docker:// for those of its buildpack registry, but none with a port.
func imageURI(image string) string {
	if host, _, _ := strings.Cut(image, "/"); strings.Contains(host, ":") && hasRegistry(image) {
		return image
	}
	return "docker://" + image
}

// suffixed puts a suffix behind an image's name and before its tag.
func suffixed(image, suffix string) string {
	slash := strings.LastIndex(image, "/")
	if colon := strings.LastIndex(image, ":"); colon > slash {
		return image[:colon] + "-" + suffix + image[colon:]
	}
	return image + "-" + suffix
}

// multiPlatform makes dist/package, with the folders where pack looks for a processor's: <root>/linux/<arch>. They are
// copies, since pack writes buildpack.toml into them and removes it.
// https://buildpacks.io/docs/for-buildpack-authors/how-to/distribute-buildpacks/package-buildpack/
func multiPlatform(dist string) error {
	root := filepath.Join(dist, "package")
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	for _, arch := range targets {
		if err := copyTree(filepath.Join(dist, "linux-"+arch), filepath.Join(root, "linux", arch), false); err != nil {
			return err
		}
	}
	return copyFile(filepath.Join(dist, "linux-"+targets[0], "buildpack.toml"), filepath.Join(root, "buildpack.toml"))
}
