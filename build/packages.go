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
	"github.com/tandem-cnb/tandem/internal/plan"
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
	for _, argv := range uvCommands(b.plan.Python.Manager, filepath.Join(python, "bin", "python3"), venv) {
		if argv[1] == "venv" && isDir(filepath.Join(venv, "bin")) {
			continue // an environment to be brought up to date
		}
		log.Body("Running %s", strings.Join(argv, " "))
		if err := sh.Run(ctx, argv...); err != nil {
			return packagesError(err, b.plan.Python.Manager)
		}
	}
	sayCompiled(log, compiledByUV(said.String()))
	// uv marks the folder as not for git; Tailwind takes such a mark as "do not look for class names in here".
	return removeAll(venv, ".gitignore", "CACHEDIR.TAG", ".lock")
}

// uvCommands are the commands for a way to install. https://docs.astral.sh/uv/reference/cli/
func uvCommands(manager, python, venv string) [][]string {
	if manager == plan.UVLock {
		return [][]string{{"uv", "sync", "--locked", "--no-default-groups", "--python", python}}
	}
	return [][]string{
		{"uv", "venv", "--no-project", "--quiet", "--clear", "--python", python, venv},
		// The first two options do nothing to an empty environment; an old one they make what a new one would be.
		{"uv", "pip", "install", "--exact", "--upgrade", "--python", venv, "--requirements", "requirements.txt"},
	}
}

// packagesError explains why uv did not install the packages.
func packagesError(err error, manager string) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	e := &fail.Error{
		ID: "python/install", What: "The Python packages could not be installed", Err: err,
		Why: fmt.Sprintf("uv read %s and ended with exit code %d; what it says is above.", manager, failed.Code),
		Fix: "Try the same on your machine:\n    uv pip install -r requirements.txt",
	}
	if manager == plan.UVLock {
		e.Fix = "Try the same on your machine:\n    uv sync --locked --no-default-groups"
	}
	text := strings.Join(strings.Fields(failed.Tail), " ")
	switch {
	case strings.Contains(text, "needs to be updated, but `--locked` was provided"):
		e.ID, e.What = "python/lock-out-of-sync", "uv.lock does not belong to pyproject.toml"
		e.Why = "pyproject.toml was changed after the lock was made."
		e.Fix = "Make the lock again and commit it:\n    uv lock"
	case strings.Contains(text, "was not found in the package registry"), strings.Contains(text, "there is no version of"):
		e.ID, e.What = "python/no-such-package", "A package that the app asks for does not exist"
		e.Why = firstLine(failed.Tail, "Because ", "× ")
		e.Fix = "Correct its name or version in " + manager + ". If it comes from a private index, tell uv about that:\n    pack build … --env UV_INDEX=https://packages.example.com/simple"
	}
	return e
}

// firstLine is the sentence of a tool's output that begins at one of the marks, at most four lines of it.
func firstLine(output string, marks ...string) string {
	for _, mark := range marks {
		if i := strings.Index(output, mark); i >= 0 {
			lines := strings.SplitN(output[i:], "\n", 5)
			return strings.TrimSpace(strings.Join(lines[:min(4, len(lines))], "\n"))
		}
	}
	return "What the tool says is above."
}
