package devenv

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// StandIn makes, in the directory to, a stand-in for another project's buildpack: a copy of from, and runtimes
// ("cpython", "node" or "uv") that it installs.
func (e *Env) StandIn(ctx context.Context, from, to string, runtimes ...string) error {
	if err := copyTree(from, to, false); err != nil {
		return err
	}
	for _, id := range runtimes {
		dir, err := e.Runtime(ctx, id)
		if err != nil {
			return err
		}
		if err := copyTree(dir, filepath.Join(to, id), true); err != nil {
			return err
		}
	}
	return nil
}

// Runtime returns a directory with the latest release of a runtime's default series, as builds install it here.
func (e *Env) Runtime(ctx context.Context, id string) (string, error) {
	inventory, fetcher, err := e.offered(ctx)
	if err != nil {
		return "", err
	}
	ask := versions.Ask{ID: versions.ID(id), First: versions.Request{Want: versions.ID(id).DefaultSeries()}}
	chosen, err := inventory.Choose(ask, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	return e.Kept("runtime-"+id+"-"+chosen.Version, func(dir string) error {
		_, err := fetcher.Install(ctx, chosen.Release, dir, func(string, ...any) {})
		return err
	})
}

// fillNode joins the npm packages of Node's official build (which lacks npm) and of npm.
func (e *Env) fillNode(ctx context.Context, version, npm, dir string) error {
	if err := e.Need(ctx, "npm", "npm"); err != nil {
		return err
	}
	node := "node-linux-" + strings.Replace(runtime.GOARCH, "amd64", "x64", 1)
	return e.scratch(func(work string) error {
		err := e.run(ctx, work, "npm", "install", "--prefix", work, "--no-save", "--no-bin-links", "--ignore-scripts",
			"--no-audit", "--no-fund", node+"@"+version, "npm@"+npm)
		if err != nil {
			return err
		}
		modules := filepath.Join(work, "node_modules")
		return errors.Join(
			os.Remove(filepath.Join(modules, node, "package.json")), // the npm package's own
			copyTree(filepath.Join(modules, node), dir, true),
			copyTree(filepath.Join(modules, "npm"), filepath.Join(dir, "lib/node_modules/npm"), true),
			os.Symlink("../lib/node_modules/npm/bin/npm-cli.js", filepath.Join(dir, "bin/npm")),
			os.Symlink("../lib/node_modules/npm/bin/npx-cli.js", filepath.Join(dir, "bin/npx")))
	})
}

// fillUV takes uv and uvx from uv's wheel.
func (e *Env) fillUV(ctx context.Context, version, _, dir string) error {
	if err := e.Need(ctx, "pip3", "python3-pip"); err != nil {
		return err
	}
	return e.scratch(func(work string) error {
		err := e.run(ctx, work, "pip3", "install", "--no-deps", "--only-binary=:all:", "--target", work, "uv=="+version)
		if err != nil {
			return err
		}
		return copyTree(filepath.Join(work, "bin"), dir, true)
	})
}

// fillPython takes python-build-standalone's CPython from the Go module that embeds it, and strips its libraries as the
// vendor does: some of the modules have unstripped ones.
func (e *Env) fillPython(ctx context.Context, version, build, dir string) error {
	module, err := e.goSource(ctx, "github.com/kluctl/go-embed-python", "v0.0.0-"+version+"-"+build+"-1")
	if err != nil {
		return err
	}
	source := filepath.Join(module, "python/internal/data/linux-"+runtime.GOARCH)
	content, err := os.ReadFile(filepath.Join(source, "files.json"))
	if err != nil {
		return err
	}
	var list struct{ Files []pythonFile }
	if err := json.Unmarshal(content, &list); err != nil {
		return fmt.Errorf("parse files.json: %w", err)
	}
	for _, file := range list.Files {
		if err := file.unpack(source, dir); err != nil {
			return fmt.Errorf("unpack %s: %w", file.Name, err)
		}
	}
	libraries, err := filepath.Glob(filepath.Join(dir, "lib/libpython*.so.*"))
	if err != nil || len(libraries) == 0 {
		return err
	}
	if err := e.Need(ctx, "strip", "binutils"); err != nil {
		return err
	}
	return e.run(ctx, dir, append([]string{"strip", "--strip-unneeded"}, libraries...)...)
}

// pythonFile is an entry of go-embed-python's files.json. Perm is a Go fs.FileMode.
type pythonFile struct {
	Name       string
	Perm       fs.FileMode
	Symlink    string
	Compressed bool
}

func (f pythonFile) unpack(source, dir string) error {
	target := filepath.Join(dir, f.Name)
	switch base := path.Base(f.Name); {
	case path.Dir(f.Name) == "bin" && (strings.HasPrefix(base, "pip") || strings.HasPrefix(base, "idle")):
		return nil // scripts of modules that are not there
	case f.Perm.IsDir():
		return os.MkdirAll(target, 0o755)
	case f.Symlink != "":
		return os.Symlink(f.Symlink, target)
	case !f.Compressed:
		content, err := os.ReadFile(filepath.Join(source, f.Name))
		return errors.Join(err, os.WriteFile(target, content, f.Perm.Perm()))
	}
	content, err := os.ReadFile(filepath.Join(source, f.Name+".gz"))
	if err != nil {
		return err
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return err
	}
	content, err = io.ReadAll(unzipped)
	return errors.Join(err, os.WriteFile(target, content, f.Perm.Perm()))
}
