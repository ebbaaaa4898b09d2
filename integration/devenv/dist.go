package devenv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/mod/sumdb/dirhash"

	"github.com/tandem-cnb/tandem/internal/run"
)

// targets are the architectures the buildpack is made for, in the words of Go and of buildpack.toml's [[targets]].
var targets = []string{"amd64", "arm64"}

// Dist makes the buildpack's directory for each architecture, dist/linux-amd64 and dist/linux-arm64, and returns dist.
func (e *Env) Dist(ctx context.Context) (string, error) {
	dist := filepath.Join(e.Root, "dist")
	for _, arch := range targets {
		dir := filepath.Join(dist, "linux-"+arch)
		if err := e.DistFor(ctx, arch, dir); err != nil {
			return "", err
		}
		if err := copyFiles(e.Root, dir, []string{"LICENSE", "README.md"}); err != nil {
			return "", err
		}
	}
	return dist, nil
}

// DistFor makes the part of the buildpack's directory that runs, for one architecture: a static program with no trace
// of this machine, and links to it.
func (e *Env) DistFor(ctx context.Context, arch, dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := copyFiles(e.Root, dir, []string{"buildpack.toml"}); err != nil {
		return err
	}
	program := filepath.Join(dir, "bin/build")
	err := e.step("compile the buildpack for "+arch, func() error {
		sh := e.shell(e.Root).Quiet()
		sh.Env = sh.Env.With(run.Env{"CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": arch})
		return told(sh.Run(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", program,
			"./cmd/main"))
	})
	if err != nil {
		return err
	}
	return errors.Join(os.Symlink("build", filepath.Join(dir, "bin/detect")),
		os.Symlink("build", filepath.Join(dir, "bin/tandem")))
}

// Buildpack returns the buildpack's directory as demos and tests use it: for this machine's architecture and, if the
// vendors do not answer, with all that Archives has. It is compiled once for e.
func (e *Env) Buildpack(ctx context.Context) (string, error) {
	return e.buildpack.get(func() (dir string, err error) {
		err = e.locked(ctx, func() error {
			dir, err = e.makeBuildpack(ctx)
			return err
		})
		return dir, err
	})
}

func (e *Env) makeBuildpack(ctx context.Context) (dir string, err error) {
	archives, err := e.Archives(ctx)
	if err != nil {
		return "", err
	}
	err = e.scratch(func(plain string) error {
		if err := e.DistFor(ctx, runtime.GOARCH, plain); err != nil {
			return err
		}
		sum, err := dirhash.HashDir(plain, filepath.Base(archives), dirhash.Hash1)
		if err != nil {
			return err
		}
		dir, err = e.kept(filepath.Join("buildpack", inputs(sum)[:16]), func(dir string) error {
			return errors.Join(copyTree(plain, dir, true), carryAll(archives, dir))
		})
		return errors.Join(err, os.Chtimes(dir, time.Time{}, time.Now()), removeOld(filepath.Dir(dir)))
	})
	return dir, err
}

// removeOld removes the directories in parent that were not used for a day. Another process may use the others.
func removeOld(parent string) error {
	entries, err := os.ReadDir(parent)
	for _, entry := range entries {
		info, infoErr := entry.Info()
		if infoErr == nil && time.Since(info.ModTime()) > 24*time.Hour {
			err = errors.Join(err, os.RemoveAll(filepath.Join(parent, entry.Name())))
		}
	}
	return err
}
