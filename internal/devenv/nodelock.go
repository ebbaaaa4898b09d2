package devenv

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
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

// wantYarnLock are the folders of app whose package.json names Yarn in packageManager, and which version, where there is no lock.
func wantYarnLock(app string) (map[string]string, error) {
	found := map[string]string{}
	err := filepath.WalkDir(app, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "package.json" {
			return err
		}
		dir := filepath.Dir(path)
		var content struct{ PackageManager string }
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if json.Unmarshal(data, &content) != nil {
			return nil // some examples are broken on purpose
		}
		version, ok := strings.CutPrefix(content.PackageManager, "yarn@")
		if _, err := os.Stat(filepath.Join(dir, "yarn.lock")); !ok || err == nil {
			return nil
		}
		project, err := filepath.Rel(app, dir)
		found[project], _, _ = strings.Cut(version, "+")
		return err
	})
	return found, err
}

// yarnLock makes dir/yarn.lock, once for equal contents of package.json and the version of Yarn.
func (e *Env) yarnLock(ctx context.Context, dir, version string) error {
	sum, err := digestFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return err
	}
	made, err := e.kept(filepath.Join("locks", "yarn-"+sum[:16]), func(out string) error {
		return e.step("lock the Node packages of "+filepath.Base(dir), func() error {
			if err := copyTree(dir, filepath.Join(out, "project"), false); err != nil {
				return err
			}
			return e.runYarn(ctx, filepath.Join(out, "project"), version)
		})
	})
	if err != nil {
		return err
	}
	return copyFile(filepath.Join(made, "project", "yarn.lock"), filepath.Join(dir, "yarn.lock"))
}

// runYarn installs, since not every Yarn can make a lock alone, and leaves the lock.
func (e *Env) runYarn(ctx context.Context, dir, version string) error {
	spec, argv := "@yarnpkg/cli-dist@"+version, []string{"yarn", "install"}
	if strings.HasPrefix(version, "1.") {
		spec, argv = "yarn@"+version, []string{"yarn", "install", "--ignore-scripts"}
	}
	lock := filepath.Join(dir, "yarn.lock")
	if err := os.WriteFile(lock, nil, 0o644); err != nil { // by it Yarn 2 and later know a project
		return err
	}
	if err := e.NodeTool(ctx, dir, spec, argv...); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(filepath.Join(dir, "node_modules")), os.RemoveAll(filepath.Join(dir, ".yarn", "cache")))
}
