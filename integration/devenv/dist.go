package devenv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/tandem-cnb/tandem/internal/run"
)

// targets are the processors the buildpack is made for, in the words of Go and of buildpack.toml's [[targets]].
var targets = []string{"amd64", "arm64"}

// programs are what the buildpack's bin folder has: its one program (bin/detect and bin/tandem are links to it) and the exec.d helper.
var programs = []struct{ source, name string }{{"cmd/main", "build"}, {"cmd/launch", "launch"}}

// Dist makes the buildpack's folder for each processor, dist/linux-amd64 and dist/linux-arm64, and returns dist.
func (e *Env) Dist(ctx context.Context) (string, error) {
	dist := filepath.Join(e.Root, "dist")
	for _, arch := range targets {
		dir := filepath.Join(dist, "linux-"+arch)
		if err := e.DistFor(ctx, arch, dir); err != nil {
			return "", err
		}
		for _, name := range []string{"LICENSE", "README.md"} {
			if err := copyFile(filepath.Join(e.Root, name), filepath.Join(dir, name)); err != nil {
				return "", err
			}
		}
	}
	return dist, nil
}

// DistFor makes what runs of the buildpack's folder anew, for one processor; the compiler has its own cache.
func (e *Env) DistFor(ctx context.Context, arch, dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := copyFile(filepath.Join(e.Root, "buildpack.toml"), filepath.Join(dir, "buildpack.toml")); err != nil {
		return err
	}
	err := e.step("compile the buildpack for "+arch, func() error { return e.compile(ctx, arch, filepath.Join(dir, "bin")) })
	if err != nil {
		return err
	}
	return errors.Join(os.Symlink("build", filepath.Join(dir, "bin/detect")), os.Symlink("build", filepath.Join(dir, "bin/tandem")))
}

// compile builds static programs with no trace of this machine in them.
func (e *Env) compile(ctx context.Context, arch, bin string) error {
	sh := e.shell(e.Root).Quiet()
	sh.Env = sh.Env.With(run.Env{"CGO_ENABLED": "0", "GOOS": "linux", "GOARCH": arch})
	for _, program := range programs {
		if entries, err := os.ReadDir(filepath.Join(e.Root, program.source)); errors.Is(err, fs.ErrNotExist) || len(entries) == 0 {
			continue // the exec.d helper may not be needed
		}
		argv := []string{"go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", filepath.Join(bin, program.name), "./" + program.source}
		if err := told(sh.Run(ctx, argv...)); err != nil {
			return err
		}
	}
	return nil
}

// Buildpack is the folder of the buildpack as demos and tests use it: for this machine's processor and, where the
// vendors don't answer, with an inventory.json and the archives it names (the layout of an offline package).
// It is compiled once for e: later changes of the source are seen by a new Env.
func (e *Env) Buildpack(ctx context.Context) (string, error) {
	return e.buildpack.get(func() (dir string, err error) {
		err = e.locked(ctx, func() error {
			dir, err = e.makeBuildpack(ctx)
			return err
		})
		return dir, err
	})
}

func (e *Env) makeBuildpack(ctx context.Context) (string, error) {
	plain := filepath.Join(e.Home, "dist")
	if err := e.DistFor(ctx, runtime.GOARCH, plain); err != nil {
		return "", err
	}
	archives, err := e.Archives(ctx)
	if err != nil || archives == "" {
		return plain, err
	}
	sum, err := digestTree(plain)
	if err != nil {
		return "", err
	}
	name := filepath.Join("buildpack", filepath.Base(archives)+"-"+sum[:16])
	if _, err := os.Stat(filepath.Join(e.Home, name)); err != nil {
		if err := os.RemoveAll(filepath.Join(e.Home, "buildpack")); err != nil { // older versions of it
			return "", err
		}
	}
	dir, err := e.kept(name, func(dir string) error {
		if err := copyTree(plain, dir, false); err != nil {
			return err
		}
		return offline(archives, dir)
	})
	if err != nil {
		return "", fmt.Errorf("make the offline buildpack: %w", err)
	}
	return dir, nil
}
