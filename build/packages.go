package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installPackages makes the virtual environment venv with uv.
func (b *builder) installPackages(ctx context.Context, uv libpak.BuildModuleDependency, venv string, log *ui.Branch) error {
	python, err := b.python.Contents(ctx)
	if err != nil {
		return err
	}
	tool := filepath.Join(b.scratch, "uv")
	if err := b.unpack(ctx, uv, tool, log); err != nil {
		return err
	}
	env := b.python.Env(b.env).With(map[string]string{
		"PATH":                    tool + ":" + b.python.Env(b.env)["PATH"],
		"UV_CACHE_DIR":            filepath.Join(b.in.Layers.Path, "uv"), // beside the environment, so that files can be linked
		"UV_PYTHON_DOWNLOADS":     "never",
		"UV_PROJECT_ENVIRONMENT":  venv,
		"VIRTUAL_ENV":             venv,
		"UV_COMPILE_BYTECODE":     "", // done beside later steps, see compile
		"UV_NO_PROGRESS":          "1",
		"PYTHONDONTWRITEBYTECODE": "",
		"UV_MANAGED_PYTHON":       "",
		"UV_CONCURRENT_BUILDS":    b.env["UV_CONCURRENT_BUILDS"],
	})
	out := log.Output()
	defer out.Close()
	var said strings.Builder
	sh := run.Shell{Dir: b.root, Env: env.Without(func(name string) bool { return env[name] == "" }), Out: io.MultiWriter(out, &said)}
	m := b.plan.Python.Manager
	target := manager.Target{Python: filepath.Join(python, "bin", "python3"), Venv: venv, Exists: isDir(filepath.Join(venv, "bin"))}
	for _, argv := range m.Commands(target) {
		log.Body("Running %s", strings.Join(argv, " "))
		if err := sh.Run(ctx, argv...); err != nil {
			return installError(err, fail.Error{
				ID: "python/install", What: "The Python packages could not be installed", Why: "uv read " + m.Name + " and",
				Fix: "Try the same on your machine:\n    " + m.Try,
			}, m.Failures)
		}
	}
	sayCompiled(log, compiledByUV(said.String()))
	// uv marks the folder as not for git; Tailwind takes such a mark as "do not look for class names in here".
	return removeMatching(venv, ".gitignore", "CACHEDIR.TAG", ".lock")
}

// installError explains why a package manager did not install the packages: by what it is known to fail with, else as said.
func installError(err error, said fail.Error, known manager.Failures) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	said.Err = err
	said.Why = fmt.Sprintf("%s ended with exit code %d; what it says is above.", said.Why, failed.Code)
	return known.Explain(said, failed.Tail)
}
