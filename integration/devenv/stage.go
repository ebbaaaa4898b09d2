package devenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Stage gives the folder to build app from, and what removes it again. It is app itself, save for an app of this repository that
// wants a lock file: those that hold the address of a package index are not checked in. It gets them in a copy.
func (e *Env) Stage(ctx context.Context, app string) (dir string, remove func() error, err error) {
	app, err = filepath.Abs(app)
	if err != nil {
		return "", nil, err
	}
	asItIs := func() error { return nil }
	if !within(app, e.Root) {
		return app, asItIs, nil
	}
	locks, err := wantedLocks(app)
	if err != nil {
		return "", nil, err
	}
	if len(locks) == 0 {
		return app, asItIs, nil
	}
	parent, err := os.MkdirTemp("", "tandem-stage-")
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(parent) }
	dir = filepath.Join(parent, filepath.Base(app))
	err = copyTree(app, dir, false)
	for _, lock := range locks {
		if err == nil {
			err = e.makeLock(ctx, dir, lock)
		}
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
