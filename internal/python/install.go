package python

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// install makes the virtual environment venv, or updates one of an earlier build, by the steps of the plan.
func (i installer) install(ctx context.Context, rt Runtime, venv string) error {
	if err := rt.Get(ctx); err != nil {
		return err
	}
	from := plan.Fresh
	if tree.IsDir(os.DirFS(venv), "bin") {
		from = plan.Update
	}
	target := i.Plan.Python.Target(from == plan.Update)
	if err := os.MkdirAll(target.Scratch, 0o755); err != nil {
		return err
	}
	out := i.Log.Output()
	defer out.Close()
	out.Fold(manager.IsProgress)
	var said strings.Builder
	before := i.leftovers()
	env, err := i.withVersions(i.installEnv(rt, target), target)
	if err != nil {
		return err
	}
	err = i.Access.During(binding.Python.Dir(i.Private), func(vars map[string]string) error {
		for _, step := range i.Plan.Filling(plan.VenvLayer, from) {
			if err := i.run(ctx, step, env.With(vars), io.MultiWriter(out, &said)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		out.Unfold()
		return err
	}
	steps.LogCompiled(i.Log, compiledByUV(said.String()))
	if err := i.removeLeftovers(before); err != nil {
		return err
	}
	return makeReproducible(venv)
}

// uvDir returns the absolute path of the directory with the program uv. The image does not have it.
func (i installer) uvDir() string { return filepath.Join(i.Private, "uv") }

// run executes one step.
func (i installer) run(ctx context.Context, step plan.Step, env run.Env, out io.Writer) error {
	switch {
	case step.Kind == plan.Fetch:
		return i.Do(step, func() error {
			_, err := i.Fetch.Install(ctx, i.uv, i.uvDir(), i.Log.Body)
			return err
		})
	case step.Kind == plan.InstallPython:
		return i.Tool(ctx, step, steps.Call{Env: env, Out: out})
	case slices.Contains(step.If, installed.IfNoPip):
		if _, err := os.Stat(filepath.Join(i.Plan.Python.Target(false).Venv, "bin", "pip")); err == nil {
			return nil
		}
	case slices.Contains(step.If, installed.IfNLTK):
		venv := i.Plan.Python.Target(false).Venv
		found, err := filepath.Glob(filepath.Join(sitePackages(venv), "nltk-*.dist-info"))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			i.Log.Header("%s is ignored, because nltk is not among the Python packages", i.App.Python.NLTK.File)
			return nil
		}
	}
	for _, note := range step.Notes {
		i.Log.Body("%s", note.Text)
	}
	_, err := i.Start(ctx, step, steps.Call{Env: i.forTools(env), Out: out})
	return i.Explained(err, step)
}

// installEnv returns what the commands of an installation see. Variables that are empty at the end are removed.
func (i installer) installEnv(rt Runtime, target manager.Target) run.Env {
	env := i.Envs.With(environ.Parts{plan.PythonLayer: rt.Part()}, nil).For(plan.EnvPythonTools, "").Filled()
	programs := []string{filepath.Join(target.Scratch, "tool", "bin"), i.uvDir(), env["PATH"]}
	own := map[string]string{
		"PATH":                   strings.Join(programs, ":"),
		"UV_CACHE_DIR":           filepath.Join(i.Private, "uv-cache"), // files can be linked into the layer
		"UV_PYTHON_DOWNLOADS":    "never",
		"UV_PROJECT_ENVIRONMENT": target.Venv,
		"VIRTUAL_ENV":            target.Venv,
		"UV_NO_PROGRESS":         "1",
	}
	env = env.WithDefaults(i.Plan.Python.Sources.Env).WithDefaults(i.env).With(own)
	if i.Plan.Python.Manager == manager.Poetry {
		env = env.WithDefaults(manager.PoetryToUV(env))
	}
	env = env.With(i.manager.Env(target))
	return env.Without(func(name string) bool { return env[name] == "" })
}

// withVersions writes the setting that sets versions of packages to where uv finds the system's, and returns the
// variables for it. Settings of the app, the user and a binding are used too. The system's own are copied, since uv
// reads one file of the system. https://docs.astral.sh/uv/concepts/configuration-files/
func (i installer) withVersions(env run.Env, target manager.Target) (run.Env, error) {
	setting := manager.BuildVariables(target.GitVersions)
	if setting == "" {
		return env, nil
	}
	var own []byte
	for _, dir := range append(strings.Split(cmp.Or(env["XDG_CONFIG_DIRS"], "/etc/xdg"), ":"), "/etc") {
		fsys, name := i.Locate(filepath.Join(dir, "uv", "uv.toml"))
		if tree.IsFile(fsys, name) {
			text, err := limits.Read(fsys, name, limits.Size(name))
			if err != nil {
				return env, fmt.Errorf("read uv's settings in %s: %w", dir, err)
			}
			own = text
			break
		}
	}
	dirs := filepath.Join(target.Scratch, "settings")
	file := filepath.Join(dirs, "uv", "uv.toml")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return env, err
	}
	env = env.With(run.Env{"XDG_CONFIG_DIRS": dirs})
	return env, os.WriteFile(file, append(own, setting...), 0o600)
}

// forTools returns the environment for what the buildpack itself gets from the index. The app's settings of uv are for
// its packages; those of the machine, and of a binding, name the index. Files of constraints may be named relative to
// the directory of the app's packages, which is another one.
func (i installer) forTools(env run.Env) run.Env {
	return env.WithDefaults(i.toolEnv).Without(func(name string) bool {
		return name == "VIRTUAL_ENV" || slices.Contains(constraintVariables(), name)
	})
}

// compiledByUV returns the packages that uv has built from source, from its output: they have no wheel.
func compiledByUV(output string) (names []string) {
	for _, m := range regexp.MustCompile(`(?m)^\s*Built (\S+)`).FindAllStringSubmatch(output, -1) {
		names = append(names, m[1])
	}
	return names
}
