package devenv

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

const (
	packVersion = "v0.40.6"
	// lifecycleVersion is the newest that also talks to Debian 12's Docker Engine (API 1.41) in daemon mode.
	lifecycleVersion = "v0.20.5"
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

// pack runs pack with args.
func (e *Env) pack(ctx context.Context, out io.Writer, args ...string) error {
	path, err := e.Pack(ctx)
	if err != nil {
		return err
	}
	sh, err := e.packShell(e.Root)
	if err != nil {
		return err
	}
	sh.Out = out
	return sh.Run(ctx, append([]string{path}, args...)...)
}

// Lifecycle is a folder with the lifecycle's phases and the launcher, built from source.
func (e *Env) Lifecycle(ctx context.Context) (string, error) {
	dir, err := e.kept("lifecycle-"+lifecycleVersion, func(dir string) error {
		return e.step("build the lifecycle "+lifecycleVersion, func() error { return e.makeLifecycle(ctx, dir) })
	})
	return filepath.Join(dir, "lifecycle"), err
}

// lifecycleArchive is what `pack builder create` wants: lifecycle.toml and the folder, as a tgz.
func (e *Env) lifecycleArchive(ctx context.Context) (string, error) {
	dir, err := e.Lifecycle(ctx)
	return filepath.Join(filepath.Dir(dir), "lifecycle.tgz"), err
}

func (e *Env) makeLifecycle(ctx context.Context, dir string) error {
	const path = "github.com/buildpacks/lifecycle"
	module := goModule{path: path, version: lifecycleVersion, ldflags: "-X " + path + "/cmd.Version=" + lifecycleVersion[1:]}
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

// lifecycleTOML describes the lifecycle to pack. The versions are those of lifecycle v0.20's api/apis.go.
// https://github.com/buildpacks/rfcs/blob/main/text/0011-lifecycle-descriptor.md
func lifecycleTOML() string {
	buildpack := []string{"0.7", "0.8", "0.9", "0.10", "0.11"}
	platform := append(buildpack[:len(buildpack):len(buildpack)], "0.12", "0.13", "0.14")
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
`, lifecycleVersion[1:], list(buildpack), list(platform))
}

// goModule is a module with programs, at an exact version: some proxies refuse lists of versions, so
// `go install path@version` and every query but the exact one can fail.
type goModule struct{ path, version, ldflags string }

// goBuild builds packages of module into the folder out. A module of its own around it has the upstream's replacements
// and checksums, which `go install` refuses and a plain `require` would lack.
func (e *Env) goBuild(ctx context.Context, module goModule, out string, packages ...string) error {
	work, err := os.MkdirTemp(e.Home, ".module-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	source, err := e.goSource(ctx, module)
	if err != nil {
		return err
	}
	if err := e.wrapModule(ctx, module, source, work); err != nil {
		return err
	}
	sh := e.shell(work).Quiet()
	sh.Env = sh.Env.With(map[string]string{"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod -buildvcs=false", "GOWORK": "off"})
	argv := []string{"go", "build", "-trimpath", "-ldflags", "-s -w " + module.ldflags, "-o", out + string(filepath.Separator)}
	return told(sh.Run(ctx, append(argv, packages...)...))
}

// goSource is the folder of module's source in the module cache.
func (e *Env) goSource(ctx context.Context, module goModule) (string, error) {
	printed, err := e.output(ctx, e.Home, "go", "mod", "download", "-json", module.path+"@"+module.version)
	if err != nil {
		return "", err
	}
	var info struct{ Dir string }
	if err := json.Unmarshal([]byte(printed), &info); err != nil {
		return "", fmt.Errorf("read what go mod download printed: %w", err)
	}
	return info.Dir, nil
}

// wrapModule writes go.mod and go.sum of a module in work that requires module and takes over its replacements.
func (e *Env) wrapModule(ctx context.Context, module goModule, source, work string) error {
	printed, err := e.output(ctx, e.Home, "go", "mod", "edit", "-json", filepath.Join(source, "go.mod"))
	if err != nil {
		return err
	}
	type reference struct{ Path, Version string }
	var upstream struct {
		Go      string
		Replace []struct{ Old, New reference }
	}
	if err := json.Unmarshal([]byte(printed), &upstream); err != nil {
		return fmt.Errorf("read what go mod edit printed: %w", err)
	}
	text := fmt.Sprintf("module tandem.invalid/tools\n\ngo %s\n\nrequire %s %s\n", upstream.Go, module.path, module.version)
	for _, r := range upstream.Replace {
		text += fmt.Sprintf("replace %s %s => %s %s\n", r.Old.Path, r.Old.Version, r.New.Path, r.New.Version)
	}
	if err := os.WriteFile(filepath.Join(work, "go.mod"), []byte(text), 0o644); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(work, "go.sum"), sums, 0o644)
}
