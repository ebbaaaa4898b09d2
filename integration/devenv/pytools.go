package devenv

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/run"
)

// PythonTool runs argv in dir with a package manager of Python on PATH, of the version that builds use. Tests make their lock
// files with it.
func (e *Env) PythonTool(ctx context.Context, dir string, id manager.ID, argv ...string) error {
	sh, python, err := e.pythonTool(ctx, dir, id)
	if err != nil {
		return err
	}
	if manager.Python(id).Data().Tool != "" {
		argv = append([]string{python, "-m"}, argv...)
	}
	return told(sh.Run(ctx, argv...))
}

// pythonTool is a shell in which the interpreter finds the manager as a module.
func (e *Env) pythonTool(ctx context.Context, dir string, id manager.ID) (sh run.Shell, python string, err error) {
	sh, err = e.uvShell(ctx, dir)
	if err != nil {
		return sh, "", err
	}
	tool := manager.Python(id).Data().Tool
	sum := sha256.Sum256([]byte(tool))
	made, err := e.kept("tool-"+hex.EncodeToString(sum[:8]), func(out string) error {
		if tool == "" {
			return nil
		}
		file := filepath.Join(out, "requirements.txt")
		if err := os.WriteFile(file, []byte(tool), 0o644); err != nil {
			return err
		}
		// Not an environment: kept moves the folder, and the programs of one name theirs.
		return told(sh.Run(ctx, "uv", "pip", "install", "--no-config", "--require-hashes", "--requirements", file, "--target", filepath.Join(out, "lib")))
	})
	if err != nil {
		return sh, "", err
	}
	if tool != "" {
		if python, err = e.uvPython(ctx, sh); err != nil {
			return sh, "", err
		}
	}
	sh.Env = sh.Env.With(run.Env{"PYTHONPATH": filepath.Join(made, "lib"), "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_VERBOSITY": "-1",
		"PIPENV_CACHE_DIR": filepath.Join(e.Home, "pipenv"), "POETRY_CACHE_DIR": filepath.Join(e.Home, "poetry"), "WORKON_HOME": filepath.Join(e.Home, "pipenv")})
	return sh, python, nil
}

// uvPython is the interpreter that uv would take.
func (e *Env) uvPython(ctx context.Context, sh run.Shell) (string, error) {
	if python := sh.Env["UV_PYTHON"]; python != "" {
		return python, nil
	}
	text, err := sh.Output(ctx, "uv", "python", "find", "--no-project", "3.13")
	return strings.TrimSpace(text), told(err)
}
