package devenv

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/run"
)

// NodeTool runs a package manager of Node.js in dir. spec is what npm installs ("pnpm@9.15.9"); "" is npm itself.
func (e *Env) NodeTool(ctx context.Context, dir, spec string, argv ...string) error {
	node, err := e.kept("node-"+nodeVersion+"-"+npmVersion, func(out string) error {
		return e.fillNode(ctx, nodeVersion, npmVersion, out)
	})
	if err != nil {
		return err
	}
	home := filepath.Join(e.Home, "node-home") // so that no settings of this machine's user get into a lockfile
	sh := e.shell(dir).Quiet()
	sh.Env = sh.Env.With(run.Env{
		"PATH": filepath.Join(node, "bin") + ":" + e.vars["PATH"], "HOME": home,
		"npm_config_cache": filepath.Join(home, "npm"), "npm_config_update_notifier": "false",
		"YARN_ENABLE_IMMUTABLE_INSTALLS": "false", "YARN_ENABLE_TELEMETRY": "0",
	})
	if spec != "" {
		tool, err := e.kept(filepath.Join("node-tools", strings.ReplaceAll(spec, "/", "_")), func(out string) error {
			return told(sh.Run(ctx, "npm", "install", "--prefix", out, "--ignore-scripts", "--no-audit", "--no-fund",
				spec))
		})
		if err != nil {
			return err
		}
		sh.Env = sh.Env.With(run.Env{"PATH": filepath.Join(tool, "node_modules/.bin") + ":" + sh.Env["PATH"]})
	}
	return told(sh.Run(ctx, argv...))
}

// PythonTool runs argv in dir with a package manager of Python on PATH, of the version that builds use.
func (e *Env) PythonTool(ctx context.Context, dir string, id manager.ID, argv ...string) error {
	sh, python, err := e.pythonTool(ctx, dir, id)
	if err != nil {
		return err
	}
	if python != "" {
		argv = append([]string{python, "-m"}, argv...)
	}
	return told(sh.Run(ctx, argv...))
}

// pythonTool returns a shell, and the interpreter that finds the package manager as a module; "" if that is uv.
func (e *Env) pythonTool(ctx context.Context, dir string, id manager.ID) (sh run.Shell, python string, err error) {
	if sh, err = e.uvShell(ctx, dir); err != nil {
		return sh, "", err
	}
	tool := manager.Python(id).Data().Tool
	if tool == "" {
		return sh, "", nil
	}
	made, err := e.kept(fmt.Sprintf("tool-%x", sha256.Sum256([]byte(tool)))[:21], func(out string) error {
		file := filepath.Join(out, "requirements.txt")
		if err := os.WriteFile(file, []byte(tool), 0o644); err != nil {
			return err
		}
		// Not an environment: kept moves the directory, and the programs of an environment contain its path.
		return told(sh.Run(ctx, "uv", "pip", "install", "--no-config", "--require-hashes", "--requirements", file,
			"--target", filepath.Join(out, "lib")))
	})
	if err != nil {
		return sh, "", err
	}
	if python = sh.Env["UV_PYTHON"]; python == "" {
		python, err = sh.Output(ctx, "uv", "python", "find", "--no-project", "3.13")
	}
	sh.Env = sh.Env.With(run.Env{
		"PYTHONPATH": filepath.Join(made, "lib"), "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_VERBOSITY": "-1",
		"PIPENV_CACHE_DIR": filepath.Join(e.Home, "pipenv"), "WORKON_HOME": filepath.Join(e.Home, "pipenv"),
		"POETRY_CACHE_DIR": filepath.Join(e.Home, "poetry"),
	})
	return sh, strings.TrimSpace(python), told(err)
}

// uvShell returns a shell with the uv that builds use on PATH, and a Python for it.
func (e *Env) uvShell(ctx context.Context, dir string) (run.Shell, error) {
	sh := e.shell(dir).Quiet()
	uv, err := e.kept("uv-"+uvVersion, func(dir string) error { return e.fillUV(ctx, uvVersion, "", dir) })
	if err != nil {
		return sh, err
	}
	sh.Env = sh.Env.With(run.Env{
		"PATH": uv + ":" + sh.Env["PATH"], "UV_CACHE_DIR": filepath.Join(e.Home, "uv-cache"), "UV_SYSTEM_CERTS": "true",
		"UV_PYTHON_INSTALL_DIR": filepath.Join(e.Home, "uv-python"),
	})
	archives, err := e.Archives(ctx)
	if err != nil || archives == "" {
		return sh, err
	}
	const unpack = `tar --extract --file "$0"/cpython-3.13.*.tar.gz --strip-components=1`
	python, err := e.kept("python-"+filepath.Base(archives), func(dir string) error {
		return e.run(ctx, dir, "sh", "-c", unpack, archives) // uv cannot download a Python either
	})
	sh.Env = sh.Env.With(run.Env{"UV_PYTHON": filepath.Join(python, "bin/python3")})
	return sh, err
}
