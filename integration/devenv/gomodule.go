package devenv

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

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
	var upstream goMod
	if err := json.Unmarshal([]byte(printed), &upstream); err != nil {
		return fmt.Errorf("read what go mod edit printed: %w", err)
	}
	text := upstream.around(module)
	if err := os.WriteFile(filepath.Join(work, "go.mod"), []byte(text), 0o644); err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(source, "go.sum"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(work, "go.sum"), sums, 0o644)
}

// goMod is a go.mod as `go mod edit -json` prints it.
type goMod struct {
	Go      string
	Godebug []struct{ Key, Value string }
	Replace []struct{ Old, New goReference }
}

type goReference struct{ Path, Version string }

// around is the go.mod of a module that requires module and builds as upstream does. What upstream has as folders of its
// repository is published beside it: Kubernetes v1.34.1 goes with k8s.io/api v0.34.1.
func (upstream goMod) around(module goModule) string {
	text := fmt.Sprintf("module tandem.invalid/tools\n\ngo %s\n\nrequire %s %s\n", upstream.Go, module.path, module.version)
	for _, debug := range upstream.Godebug {
		text += fmt.Sprintf("godebug %s=%s\n", debug.Key, debug.Value)
	}
	for _, r := range upstream.Replace {
		if r.New.Version == "" {
			r.New = goReference{Path: r.Old.Path, Version: "v0" + strings.TrimPrefix(module.version, "v1")}
		}
		text += fmt.Sprintf("replace %s %s => %s %s\n", r.Old.Path, r.Old.Version, r.New.Path, r.New.Version)
	}
	return text
}
