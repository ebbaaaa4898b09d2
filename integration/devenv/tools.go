package devenv

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

const (
	packVersion = "v0.40.6"
	// LifecycleVersion is the newest that also talks to Debian 12's Docker Engine (API 1.41) in daemon mode.
	LifecycleVersion = "v0.20.5"
)

// lifecyclePhases are the programs a lifecycle folder holds besides the lifecycle itself, all of them links to it.
// https://github.com/buildpacks/lifecycle#supporting-components
var lifecyclePhases = []string{"analyzer", "detector", "restorer", "builder", "exporter", "creator", "rebaser", "extender"}

// Pack is the path of the pack on PATH, else of one built from source.
func (e *Env) Pack(ctx context.Context) (string, error) {
	if path, err := run.LookPath("pack", e.vars["PATH"], ""); err == nil {
		return path, nil
	}
	dir, err := e.kept("pack-"+packVersion, func(dir string) error {
		return e.step("build pack "+packVersion, func() error {
			module := goModule{path: "github.com/buildpacks/pack", version: packVersion}
			return e.goBuild(ctx, module, dir, "github.com/buildpacks/pack")
		})
	})
	return filepath.Join(dir, "pack"), err
}

// packShell is where pack runs: its settings lie below Home. In a container pack
// forgets the names of its cache volumes from build to build unless it has a key to make them from.
func (e *Env) packShell(dir string) (run.Shell, error) {
	file, err := e.kept("pack-volumes", func(dir string) error {
		return os.WriteFile(filepath.Join(dir, "key"), []byte(rand.Text()), 0o600)
	})
	if err != nil {
		return run.Shell{}, err
	}
	key, err := os.ReadFile(filepath.Join(file, "key"))
	sh := e.shell(dir)
	sh.Env = sh.Env.WithDefaults(run.Env{"PACK_VOLUME_KEY": string(key)}).With(run.Env{"PACK_HOME": filepath.Join(e.Home, "pack"), "NO_COLOR": "1"})
	return sh, err
}

// pack runs pack with args, in a folder for temporary files of its own: making a builder leaves a copy of its base image there.
func (e *Env) pack(ctx context.Context, out io.Writer, args ...string) error {
	path, err := e.Pack(ctx)
	if err != nil {
		return err
	}
	sh, err := e.packShell(e.Root)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(e.Home, ".pack-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	sh.Env, sh.Out = sh.Env.With(run.Env{"TMPDIR": tmp}), out
	return sh.Run(ctx, append([]string{path}, args...)...)
}

// Lifecycle is a folder with the lifecycle's phases and the launcher, built from source.
func (e *Env) Lifecycle(ctx context.Context) (string, error) {
	dir, err := e.kept("lifecycle-"+LifecycleVersion, func(dir string) error {
		return e.step("build the lifecycle "+LifecycleVersion, func() error { return e.makeLifecycle(ctx, dir) })
	})
	return filepath.Join(dir, "lifecycle"), err
}

// LifecycleArchive is what `pack builder create` wants: lifecycle.toml and the folder, as a tgz.
func (e *Env) LifecycleArchive(ctx context.Context) (string, error) {
	dir, err := e.Lifecycle(ctx)
	return filepath.Join(filepath.Dir(dir), "lifecycle.tgz"), err
}

func (e *Env) makeLifecycle(ctx context.Context, dir string) error {
	const path = "github.com/buildpacks/lifecycle"
	module := goModule{path: path, version: LifecycleVersion, ldflags: "-X " + path + "/cmd.Version=" + LifecycleVersion[1:]}
	bin := filepath.Join(dir, "lifecycle")
	if err := e.goBuild(ctx, module, bin, path+"/cmd/lifecycle", path+"/cmd/launcher"); err != nil {
		return err
	}
	for _, phase := range lifecyclePhases {
		if err := os.Symlink("lifecycle", filepath.Join(bin, phase)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "lifecycle.toml"), []byte(lifecycleTOML()), 0o644); err != nil {
		return err
	}
	return e.tarGz(ctx, dir, filepath.Join(dir, "lifecycle.tgz"), "lifecycle.toml", "lifecycle")
}

// LifecycleAPIs are the versions of both APIs that the lifecycle speaks, the oldest first: those of v0.20's api/apis.go.
func LifecycleAPIs() (buildpack, platform []string) {
	buildpack = []string{"0.7", "0.8", "0.9", "0.10", "0.11"}
	return buildpack, append(buildpack[:len(buildpack):len(buildpack)], "0.12", "0.13", "0.14")
}

// lifecycleTOML describes the lifecycle to pack.
// https://github.com/buildpacks/rfcs/blob/main/text/0011-lifecycle-descriptor.md
func lifecycleTOML() string {
	buildpack, platform := LifecycleAPIs()
	list := func(versions []string) string { return `["` + strings.Join(versions, `", "`) + `"]` }
	return fmt.Sprintf(`[lifecycle]
version = %q

[api]
buildpack = "0.7"
platform = "0.7"

[apis.buildpack]
deprecated = []
supported = %s

[apis.platform]
deprecated = []
supported = %s
`, LifecycleVersion[1:], list(buildpack), list(platform))
}
