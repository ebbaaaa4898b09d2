package devenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Stage gives the folder to build app from, and what removes it again. It is app itself, save for an app of this
// repository that wants a uv.lock or a yarn.lock: those are not checked in, since they hold the address of a package index.
// It gets them in a copy.
func (e *Env) Stage(ctx context.Context, app string) (dir string, remove func() error, err error) {
	app, err = filepath.Abs(app)
	if err != nil {
		return "", nil, err
	}
	lock, err := wantsLock(app)
	if err != nil {
		return "", nil, err
	}
	yarn, err := wantYarnLock(app)
	if err != nil {
		return "", nil, err
	}
	if !lock && len(yarn) == 0 || !within(app, e.Root) {
		return app, func() error { return nil }, nil
	}
	parent, err := os.MkdirTemp("", "tandem-stage-")
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(parent) }
	dir = filepath.Join(parent, filepath.Base(app))
	if err := copyTree(app, dir, false); err != nil {
		return "", nil, errors.Join(err, remove())
	}
	if lock {
		err = e.lock(ctx, dir)
	}
	for project, version := range yarn {
		err = errors.Join(err, e.yarnLock(ctx, filepath.Join(dir, project), version))
	}
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return dir, remove, nil
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

// wantsLock: a project for uv with nothing locked and no requirements.
func wantsLock(app string) (bool, error) {
	for _, name := range []string{"uv.lock", "requirements.txt", "poetry.lock", "Pipfile"} {
		if _, err := os.Stat(filepath.Join(app, name)); err == nil {
			return false, nil
		}
	}
	content, err := os.ReadFile(filepath.Join(app, "pyproject.toml"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	var project struct{ Project map[string]any }
	if _, err := toml.Decode(string(content), &project); err != nil {
		return false, nil // some examples are broken on purpose
	}
	return project.Project != nil, nil
}

// lock makes dir/uv.lock, once for equal contents of pyproject.toml.
func (e *Env) lock(ctx context.Context, dir string) error {
	sum, err := digestFile(filepath.Join(dir, "pyproject.toml"))
	if err != nil {
		return err
	}
	made, err := e.kept(filepath.Join("locks", sum[:16]), func(out string) error {
		return e.step("lock the Python packages of "+filepath.Base(dir), func() error { return e.uvLock(ctx, dir, out) })
	})
	if err != nil {
		return err
	}
	return copyFile(filepath.Join(made, "uv.lock"), filepath.Join(dir, "uv.lock"))
}

func (e *Env) uvLock(ctx context.Context, dir, out string) error {
	sh, err := e.uvShell(ctx, dir)
	if err != nil {
		return err
	}
	if err := told(sh.Run(ctx, "uv", "lock")); err != nil {
		return err
	}
	return copyFile(filepath.Join(dir, "uv.lock"), filepath.Join(out, "uv.lock"))
}

// uvShell has the uv that builds use on PATH, and a Python for it.
func (e *Env) uvShell(ctx context.Context, dir string) (run.Shell, error) {
	sh := e.shell(dir).Quiet()
	uv, err := e.kept("uv-"+uvVersion, func(dir string) error {
		return e.fillUV(ctx, archive{source: uvVersion}, dir)
	})
	if err != nil {
		return sh, err
	}
	sh.Env = sh.Env.With(run.Env{"PATH": uv + ":" + sh.Env["PATH"],
		"UV_CACHE_DIR": filepath.Join(e.Home, "uv-cache"), "UV_SYSTEM_CERTS": "true", "UV_PYTHON_INSTALL_DIR": filepath.Join(e.Home, "uv-python")})
	archives, err := e.Archives(ctx)
	if err != nil {
		return sh, err
	}
	if archives != "" { // uv can't download a Python either
		python, err := e.python(ctx, archives)
		if err != nil {
			return sh, err
		}
		sh.Env = sh.Env.With(run.Env{"UV_PYTHON": python})
	}
	return sh, nil
}

// python unpacks the archive of one CPython for this machine's own use and returns the interpreter.
func (e *Env) python(ctx context.Context, archives string) (string, error) {
	files, err := filepath.Glob(filepath.Join(archives, "cpython-3.13.*.tar.gz"))
	if err != nil || len(files) == 0 {
		return "", fmt.Errorf("find a CPython in %s: %w", archives, errors.Join(err, fs.ErrNotExist))
	}
	dir, err := e.kept("python-"+filepath.Base(archives), func(dir string) error {
		return e.run(ctx, dir, "tar", "--extract", "--file", files[0], "--strip-components=1")
	})
	return filepath.Join(dir, "bin/python3"), err
}
