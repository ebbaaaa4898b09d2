package devenv

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Versions of other projects' programs, as the modules of the directory tools require them.
const (
	packVersion = "v0.40.6"
	// LifecycleVersion is the latest that also supports Debian 12's Docker Engine (API 1.41) in daemon mode.
	LifecycleVersion = "v0.20.5"
	// kubernetesVersion is of the last series whose kubelet runs with cgroups v1 by default.
	kubernetesVersion = "v1.34.1"
	// KpackVersion is kpack's.
	KpackVersion = "v0.17.2"
)

// KpackPrograms are kpack's own, one an image.
var KpackPrograms = []string{"controller", "webhook", "build-init", "build-waiter", "completion", "rebase"}

// buildTool compiles the programs that the module tools/name requires into dir. vars are values for variables of the
// programs ("main.version=1"). The module has the upstream's replacements, which `go install` refuses.
func (e *Env) buildTool(ctx context.Context, name, version, dir string, vars ...string) error {
	flags := strings.Join(append([]string{"-s -w"}, vars...), " -X ")
	sh := e.shell(filepath.Join(e.Root, "integration/tools", name)).Quiet()
	sh.Env = sh.Env.With(run.Env{"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOWORK": "off"})
	return e.step("build "+name+" "+version, func() error {
		return told(sh.Run(ctx, "go", "build", "-trimpath", "-ldflags", flags, "-o", dir+"/", "tool"))
	})
}

// goSource returns the directory of a module in the module cache. version is exact: some proxies refuse queries.
func (e *Env) goSource(ctx context.Context, path, version string) (string, error) {
	printed, err := e.output(ctx, e.Home, "go", "mod", "download", "-json", path+"@"+version)
	if err != nil {
		return "", err
	}
	var info struct{ Dir string }
	if err := json.Unmarshal([]byte(printed), &info); err != nil {
		return "", fmt.Errorf("parse the output of go mod download: %w", err)
	}
	return info.Dir, nil
}

// Pack returns the path of the pack on PATH, or of one that is built from source.
func (e *Env) Pack(ctx context.Context) (string, error) {
	if path, err := run.LookPath("pack", e.vars["PATH"], ""); err == nil {
		return path, nil
	}
	dir, err := e.kept("pack-"+packVersion, func(dir string) error {
		return e.buildTool(ctx, "pack", packVersion, dir)
	})
	return filepath.Join(dir, "pack"), err
}

// pack runs pack with args. Its settings are below Home, and its temporary files in a directory of their own: making a
// builder leaves a copy of its base image there. In a container pack forgets the names of its cache volumes from build
// to build unless it has a key to make them from.
func (e *Env) pack(ctx context.Context, out io.Writer, args ...string) error {
	path, err := e.Pack(ctx)
	if err != nil {
		return err
	}
	return e.scratch(func(tmp string) error {
		sh := e.shell(e.Root)
		sh.Out = out
		sh.Env = sh.Env.WithDefaults(run.Env{"PACK_VOLUME_KEY": "tandem"}).
			With(run.Env{"PACK_HOME": filepath.Join(e.Home, "pack"), "NO_COLOR": "1", "TMPDIR": tmp})
		return sh.Run(ctx, append([]string{path}, args...)...)
	})
}

// Lifecycle returns a directory with the lifecycle's phases and the launcher, built from source.
func (e *Env) Lifecycle(ctx context.Context) (string, error) {
	dir, err := e.kept("lifecycle-"+LifecycleVersion, func(dir string) error { return e.makeLifecycle(ctx, dir) })
	return filepath.Join(dir, "lifecycle"), err
}

// LifecycleArchive returns what `pack builder create` takes: lifecycle.toml and the directory, as a tgz.
func (e *Env) LifecycleArchive(ctx context.Context) (string, error) {
	dir, err := e.Lifecycle(ctx)
	return filepath.Join(filepath.Dir(dir), "lifecycle.tgz"), err
}

func (e *Env) makeLifecycle(ctx context.Context, dir string) error {
	bin := filepath.Join(dir, "lifecycle")
	version := "github.com/buildpacks/lifecycle/cmd.Version=" + LifecycleVersion[1:]
	if err := e.buildTool(ctx, "lifecycle", LifecycleVersion, bin, version); err != nil {
		return err
	}
	// https://github.com/buildpacks/lifecycle#supporting-components
	for phase := range strings.FieldsSeq("analyzer detector restorer builder exporter creator rebaser extender") {
		if err := os.Symlink("lifecycle", filepath.Join(bin, phase)); err != nil {
			return err
		}
	}
	text, err := lifecycleTOML()
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "lifecycle.toml"), text, 0o644); err != nil {
		return err
	}
	return e.tarGz(ctx, dir, filepath.Join(dir, "lifecycle.tgz"), "lifecycle.toml", "lifecycle")
}

// LifecycleAPIs returns the versions of both APIs that the lifecycle supports, oldest first: v0.20's api/apis.go.
func LifecycleAPIs() (buildpack, platform []string) {
	all := []string{"0.7", "0.8", "0.9", "0.10", "0.11", "0.12", "0.13", "0.14"}
	return all[:5:5], all
}

// lifecycleTOML describes the lifecycle to pack.
// https://github.com/buildpacks/rfcs/blob/main/text/0011-lifecycle-descriptor.md
func lifecycleTOML() ([]byte, error) {
	buildpack, platform := LifecycleAPIs()
	supported := func(versions []string) any { return map[string]any{"supported": versions, "deprecated": []string{}} }
	return toml.Marshal(map[string]any{
		"lifecycle": map[string]any{"version": LifecycleVersion[1:]},
		"api":       map[string]any{"buildpack": buildpack[0], "platform": platform[0]},
		"apis":      map[string]any{"buildpack": supported(buildpack), "platform": supported(platform)},
	})
}

// Kubernetes returns a directory with Kubernetes' programs. Two cores build them in about 6 minutes the first time.
func (e *Env) Kubernetes(ctx context.Context) (string, error) {
	const version = "k8s.io/component-base/version."
	return e.kept("kubernetes-"+kubernetesVersion, func(dir string) error {
		return e.buildTool(ctx, "kubernetes", kubernetesVersion, dir, version+"gitVersion="+kubernetesVersion,
			version+"gitMajor=1", version+"gitMinor="+strings.Split(kubernetesVersion, ".")[1])
	})
}

// Kpack returns a directory with kpack's programs, and the YAML that installs kpack, in config. Two cores build them in
// about 4 minutes the first time.
func (e *Env) Kpack(ctx context.Context) (string, error) {
	return e.kept("kpack-"+KpackVersion, func(dir string) error {
		const path = "github.com/pivotal/kpack"
		if err := e.buildTool(ctx, "kpack", KpackVersion, dir, path+"/cmd.Version="+KpackVersion[1:]); err != nil {
			return err
		}
		source, err := e.goSource(ctx, path, KpackVersion)
		if err != nil {
			return err
		}
		return os.CopyFS(filepath.Join(dir, "config"), os.DirFS(filepath.Join(source, "config")))
	})
}
