package devenv

import (
	"context"
	"encoding/json"
	"errors"
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
	// cosignVersion is also in the name of the directory with the other program of the module, which has its own.
	cosignVersion = "v3.1.3"
)

// KpackPrograms are kpack's own, one an image.
var KpackPrograms = []string{"controller", "webhook", "build-init", "build-waiter", "completion", "rebase"}

// tool returns a directory with the programs that the module tools/name requires. values are for variables of the
// programs ("main.version=1"). The module has the upstream's replacements, which `go install` refuses.
func (e *Env) tool(ctx context.Context, name, version string, values ...string) (string, error) {
	flags := strings.Join(append([]string{"-s -w"}, values...), " -X ")
	vars := run.Env{"CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false", "GOWORK": "off"}
	sh := e.shell(filepath.Join(e.Root, "integration/tools", name), vars)
	return e.Kept("tools/"+name+"-"+version, func(dir string) error {
		return e.Step("build "+name+" "+version, func() error {
			return told(sh.Run(ctx, "go", "build", "-trimpath", "-ldflags", flags, "-o", dir+"/", "tool"))
		})
	})
}

// goSource returns the directory of a module in the module cache. version is exact: some proxies refuse queries.
func (e *Env) goSource(ctx context.Context, path, version string) (string, error) {
	printed, err := e.Output(ctx, e.Home, "go", "mod", "download", "-json", path+"@"+version)
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
	dir, err := e.tool(ctx, "pack", packVersion)
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
		sh := e.shell(e.Root, run.Env{"PACK_HOME": filepath.Join(e.Home, "pack"), "NO_COLOR": "1", "TMPDIR": tmp})
		sh.Env, sh.Out = sh.Env.WithDefaults(run.Env{"PACK_VOLUME_KEY": "tandem"}), out
		return sh.Run(ctx, append([]string{path}, args...)...)
	})
}

// packWith runs pack with args and a configuration file, and shows its output only if it fails.
func (e *Env) packWith(ctx context.Context, config any, args ...string) error {
	text, err := toml.Marshal(config)
	if err != nil {
		return err
	}
	return e.scratch(func(dir string) error {
		file := filepath.Join(dir, "config.toml")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
		return told(e.pack(ctx, io.Discard, append(args, "--config", file)...))
	})
}

// Lifecycle returns a directory with the lifecycle's phases and the launcher, built from source.
func (e *Env) Lifecycle(ctx context.Context) (string, error) {
	archive, err := e.LifecycleArchive(ctx)
	return filepath.Join(filepath.Dir(archive), "lifecycle"), err
}

// LifecycleArchive returns what `pack builder create` takes: lifecycle.toml and the directory, as a tgz next to it.
func (e *Env) LifecycleArchive(ctx context.Context) (string, error) {
	version := "github.com/buildpacks/lifecycle/cmd.Version=" + LifecycleVersion[1:]
	programs, err := e.tool(ctx, "lifecycle", LifecycleVersion, version)
	if err != nil {
		return "", err
	}
	dir, err := e.Kept("lifecycle-for-pack-"+LifecycleVersion, func(dir string) error {
		text, err := toml.Marshal(LifecycleDescriptor())
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, "lifecycle.toml"), text, 0o644),
			copyTree(programs, filepath.Join(dir, "lifecycle"), true))
		// https://github.com/buildpacks/lifecycle#supporting-components
		for phase := range strings.FieldsSeq("analyzer detector restorer builder exporter creator rebaser extender") {
			err = errors.Join(err, os.Symlink("lifecycle", filepath.Join(dir, "lifecycle", phase)))
		}
		if err != nil {
			return err
		}
		return e.tarGz(ctx, dir, filepath.Join(dir, "lifecycle.tgz"), "lifecycle.toml", "lifecycle")
	})
	return filepath.Join(dir, "lifecycle.tgz"), err
}

// lifecycleAPIs are the versions of the platform API that the lifecycle supports, the first five also of the buildpack
// API: v0.20's api/apis.go.
var lifecycleAPIs = []string{"0.7", "0.8", "0.9", "0.10", "0.11", "0.12", "0.13", "0.14"}

// LifecycleDescriptor describes the lifecycle to pack and kpack.
// https://github.com/buildpacks/rfcs/blob/main/text/0011-lifecycle-descriptor.md
func LifecycleDescriptor() map[string]any {
	supported := func(versions []string) any { return map[string]any{"supported": versions, "deprecated": []string{}} }
	return map[string]any{
		"lifecycle": map[string]any{"version": LifecycleVersion[1:]},
		"api":       map[string]any{"buildpack": lifecycleAPIs[0], "platform": lifecycleAPIs[0]},
		"apis":      map[string]any{"buildpack": supported(lifecycleAPIs[:5]), "platform": supported(lifecycleAPIs)},
	}
}

// Kubernetes returns a directory with Kubernetes' programs. Two cores build them in about 6 minutes the first time.
func (e *Env) Kubernetes(ctx context.Context) (string, error) {
	const version = "k8s.io/component-base/version."
	return e.tool(ctx, "kubernetes", kubernetesVersion, version+"gitVersion="+kubernetesVersion,
		version+"gitMajor=1", version+"gitMinor="+strings.Split(kubernetesVersion, ".")[1])
}

// Kpack returns a directory with kpack's programs, and one with the YAML that installs kpack. Two cores build them in
// about 4 minutes the first time.
func (e *Env) Kpack(ctx context.Context) (programs, config string, err error) {
	const path = "github.com/pivotal/kpack"
	if programs, err = e.tool(ctx, "kpack", KpackVersion, path+"/cmd.Version="+KpackVersion[1:]); err != nil {
		return "", "", err
	}
	source, err := e.goSource(ctx, path, KpackVersion)
	return programs, filepath.Join(source, "config"), err
}
