package devenv

import (
	"context"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

// nodeVersion and npmVersion are what lock files for tests are made with.
const (
	nodeVersion = "24.21.0"
	npmVersion  = "11.19.1"
)

// NodeTool runs a package manager of Node.js in dir: locks with addresses of a registry are not checked in, but made where they
// are needed. spec is what npm installs ("pnpm@9.15.9"); "" is npm itself.
func (e *Env) NodeTool(ctx context.Context, dir, spec string, argv ...string) error {
	node, err := e.kept("node-"+nodeVersion+"-"+npmVersion, func(out string) error {
		return e.fillNode(ctx, nodeArchive(runtime.GOARCH, nodeVersion, npmVersion, nil), out)
	})
	if err != nil {
		return err
	}
	path := filepath.Join(node, "bin") + ":" + e.vars["PATH"]
	if spec != "" {
		tool, err := e.kept(filepath.Join("node-tools", strings.ReplaceAll(spec, "/", "_")), func(out string) error {
			sh := e.nodeShell(out, path)
			return told(sh.Run(ctx, "npm", "install", "--prefix", out, "--ignore-scripts", "--no-audit", "--no-fund", spec))
		})
		if err != nil {
			return err
		}
		path = filepath.Join(tool, "node_modules", ".bin") + ":" + path
	}
	return told(e.nodeShell(dir, path).Run(ctx, argv...))
}

// nodeShell has a home of its own, so that no settings of this machine's user get into a lock.
func (e *Env) nodeShell(dir, path string) run.Shell {
	sh := e.shell(dir).Quiet()
	sh.Env = sh.Env.With(run.Env{
		"PATH": path, "HOME": filepath.Join(e.Home, "node-home"), "YARN_ENABLE_IMMUTABLE_INSTALLS": "false", "YARN_ENABLE_TELEMETRY": "0",
		"npm_config_cache": filepath.Join(e.Home, "node-home", "npm"), "npm_config_update_notifier": "false",
	})
	return sh
}
