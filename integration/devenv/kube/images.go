//go:build linux

package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// The images that builds are made from.
const (
	Build     = Registry + "/base-build"
	Run       = Registry + "/base-run"
	Buildpack = Registry + "/tandem:0.1.0"
	lifecycle = Registry + "/lifecycle"
)

// registry starts one that keeps everything in dir.
func (c *Cluster) registry(ctx context.Context) error {
	serve := []string{filepath.Join(c.crane, "crane"), "registry", "serve", "--address", Registry, "--disk", filepath.Join(c.dir, "registry")}
	_, err := c.start("registry", &syscall.SysProcAttr{}, serve...)
	if err != nil {
		return err
	}
	return wait(ctx, func() error {
		response, err := http.Get("http://" + Registry + "/v2/")
		if err == nil {
			response.Body.Close()
		}
		return err
	})
}

// images publishes all that the cluster and kpack need, and our buildpack.
func (c *Cluster) images(ctx context.Context) error {
	for role, target := range map[string]string{"build": Build, "run": Run} {
		name, id, err := c.env.BaseImage(ctx, role)
		if err != nil {
			return err
		}
		if err := c.kept(ctx, target, id, func() error { return c.pushSaved(ctx, name, target) }); err != nil {
			return err
		}
	}
	if err := c.kept(ctx, lifecycle, devenv.LifecycleVersion, func() error { return c.lifecycleImage(ctx) }); err != nil {
		return err
	}
	if err := c.kpackImages(ctx); err != nil {
		return err
	}
	if err := c.image(ctx, Registry+"/pause", "pause", "--entrypoint", "/pause", "--user", "65535:65535"); err != nil {
		return err
	}
	return c.env.Package(ctx, Buildpack, "python@3.13,node@24")
}

// kept pushes an image from an earlier run's copy, or makes it and keeps a copy. version changes when the image would.
func (c *Cluster) kept(ctx context.Context, image, version string, fill func() error) error {
	folder := filepath.Join(c.env.Home, "kpack-images", strings.TrimPrefix(image, Registry+"/")+"-"+strings.TrimPrefix(version, "sha256:"))
	if _, err := os.Stat(folder); err == nil {
		_, err := c.Crane(ctx, "push", folder, image)
		return err
	}
	if err := fill(); err != nil {
		return err
	}
	unready := filepath.Join(c.dir, "copy")
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return err
	}
	if _, err := c.Crane(ctx, "pull", "--format", "oci", image, unready); err != nil {
		return err
	}
	return os.Rename(unready, folder)
}

// pushSaved pushes an image of the Docker Engine's.
func (c *Cluster) pushSaved(ctx context.Context, name, target string) error {
	dir, err := os.MkdirTemp(c.dir, "saved-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := c.env.Save(ctx, name, dir); err != nil {
		return err
	}
	_, err = c.Crane(ctx, "push", filepath.Join(dir, "image.tar"), target)
	return err
}

// image makes one from the folder dir/folder, with flags of `crane mutate`. Its one layer is the last, where kpack looks for the lifecycle.
func (c *Cluster) image(ctx context.Context, name, folder string, flags ...string) error {
	layer := filepath.Join(c.dir, folder+".tar")
	tar := []string{"tar", "--create", "--file", layer, "--owner=0", "--group=0", "--sort=name", "--directory", filepath.Join(c.dir, folder), "."}
	if _, err := c.output(ctx, tar...); err != nil {
		return err
	}
	if _, err := c.Crane(ctx, "append", "--new_layer", layer, "--new_tag", name); err != nil {
		return err
	}
	_, err := c.Crane(ctx, append(append([]string{"mutate", "--set-platform", "linux/" + runtime.GOARCH}, flags...), "--tag", name, name)...)
	return err
}

// copyInto copies a program to a path below dir.
func (c *Cluster) copyInto(path, program string) error {
	content, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	target := filepath.Join(c.dir, path)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	return os.WriteFile(target, content, 0o755)
}

// lifecycleImage is what kpack makes builders with. Its labels say which APIs it speaks.
// https://github.com/buildpacks/spec/blob/main/platform.md#lifecycle-image-labels
func (c *Cluster) lifecycleImage(ctx context.Context) error {
	from, err := c.env.Lifecycle(ctx)
	if err != nil {
		return err
	}
	if err := os.CopyFS(filepath.Join(c.dir, "lifecycle/cnb/lifecycle"), os.DirFS(from)); err != nil {
		return err
	}
	buildpack, platform := devenv.LifecycleAPIs()
	supported := func(versions []string) map[string]any {
		return map[string]any{"deprecated": []string{}, "supported": versions}
	}
	apis := map[string]any{"buildpack": supported(buildpack), "platform": supported(platform)}
	oldest := map[string]any{"buildpack": buildpack[0], "platform": platform[0]}
	version := strings.TrimPrefix(devenv.LifecycleVersion, "v")
	metadata := map[string]any{"api": oldest, "apis": apis, "lifecycle": map[string]any{"version": version, "api": oldest, "apis": apis}}
	var flags []string
	for name, value := range map[string]any{"io.buildpacks.lifecycle.apis": apis, "io.buildpacks.builder.metadata": metadata} {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		flags = append(flags, "--label", name+"="+string(text))
	}
	return c.image(ctx, lifecycle, "lifecycle", append(flags, "--label", "io.buildpacks.lifecycle.version="+version)...)
}

// kpackImages are one layer with all of kpack's programs and an image for each of them.
func (c *Cluster) kpackImages(ctx context.Context) error {
	const all = Registry + "/kpack"
	err := c.kept(ctx, all, devenv.KpackVersion, func() error {
		files := map[string]string{"etc/passwd": "kpack:x:65532:65532::/tmp:/none\n", "etc/group": "kpack:x:65532:\n", "tmp/.keep": ""}
		for name, text := range files {
			path := filepath.Join(c.dir, "kpack", name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				return err
			}
		}
		if err := os.Chmod(filepath.Join(c.dir, "kpack/tmp"), 0o777|os.ModeSticky); err != nil {
			return err
		}
		for _, program := range devenv.KpackPrograms {
			if err := c.copyInto("kpack/cnb/process/"+program, filepath.Join(c.kpack, program)); err != nil {
				return err
			}
		}
		return c.image(ctx, all, "kpack", "--user", "65532:65532", "--env", "HOME=/tmp")
	})
	for _, program := range devenv.KpackPrograms {
		if err == nil {
			_, err = c.Crane(ctx, "mutate", "--entrypoint", "/cnb/process/"+program, "--tag", fmt.Sprintf("%s-%s", all, program), all)
		}
	}
	return err
}
