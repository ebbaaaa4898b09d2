package python

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// install makes the virtual environment venv, or updates one of an earlier build.
func (i installer) install(ctx context.Context, rt Runtime, venv string) error {
	if err := layer.Get(ctx, rt); err != nil {
		return err
	}
	if _, err := i.Fetch.Install(ctx, i.uv, i.uvDir(), i.Log.Body); err != nil {
		return err
	}
	target := i.Plan.Python.Target(tree.IsDir(os.DirFS(venv), "bin"))
	if err := os.MkdirAll(target.Scratch, 0o755); err != nil {
		return err
	}
	out := i.Log.Output()
	defer out.Close()
	out.Fold(manager.IsProgress)
	var said strings.Builder
	before := i.leftovers()
	env := i.installEnv(rt, target)
	err := i.Access.During(binding.Python.Dir(i.Private), func(vars map[string]string) error {
		dir := filepath.Join(i.Root, i.Plan.Python.Dir)
		return i.runAll(ctx, run.Shell{Dir: dir, Env: env.With(vars), Out: io.MultiWriter(out, &said)}, target)
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

func (i installer) uvDir() string { return filepath.Join(i.Private, "uv") }

// runAll installs the manager itself, the packages, and pip if a hook calls it.
func (i installer) runAll(ctx context.Context, sh run.Shell, target manager.Target) error {
	if err := i.installTool(ctx, sh, target); err != nil {
		return err
	}
	from := plan.Fresh
	if target.Exists {
		from = plan.Update
	}
	p := i.Plan.Python
	for _, step := range i.Plan.Installs(plan.InstallPython, p.Dir, from) {
		tool := steps.Tool{Shell: sh, Log: i.Log, Facts: i.Machine(), Step: i.failed(
			diagnose.Step{Kind: "python-install", Try: i.manager.Try(p.Wanted), Dir: p.Dir},
			diagnose.Words{"tool": step.Argv[0], "file": p.Sources.Files[0]},
		)}
		if err := tool.Run(ctx, step.Command); err != nil {
			return err
		}
	}
	if !p.Pip {
		return nil
	}
	return i.installPip(ctx, sh, target)
}

// installEnv returns what the commands of an installation see. Variables that are empty at the end are removed.
func (i installer) installEnv(rt Runtime, target manager.Target) run.Env {
	env := i.Envs.With(environ.Parts{Python: rt.Part()}, nil).For(plan.EnvPythonTools, "").Filled()
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
	env = env.With(i.manager.Env(target))
	return env.Without(func(name string) bool { return env[name] == "" })
}

// installTool makes an environment of its own for a manager that uv does not replace. It is not cached: making it takes
// a second, caching it would take longer.
func (i installer) installTool(ctx context.Context, sh run.Shell, target manager.Target) error {
	if i.tool.Tool == "" {
		return nil
	}
	dir := filepath.Join(target.Scratch, "tool")
	i.Log.Body("Installing %s itself", i.tool.Name)
	sh = i.toolShell(sh, target)
	venv := []string{
		"uv", "venv", "--no-config", "--no-project", "--quiet", "--clear", "--python", target.Python, dir,
	}
	if err := sh.Run(ctx, venv...); err != nil {
		return i.toolError(err, i.tool.Name)
	}
	return i.toolError(installRequirements(ctx, sh, dir, i.tool.Tool), i.tool.Name)
}

// installPip adds pip to the app's environment, if that has none: hooks that were written for Heroku classic find it
// there.
func (i installer) installPip(ctx context.Context, sh run.Shell, target manager.Target) error {
	if _, err := os.Stat(filepath.Join(target.Venv, "bin", "pip")); err == nil {
		return nil
	}
	i.Log.Body("Installing pip, which a hook calls")
	pip := manager.Python(manager.Pip).Data().Tool
	return i.toolError(installRequirements(ctx, i.toolShell(sh, target), target.Venv, pip), "pip")
}

// toolShell returns the shell for what the buildpack itself wants of the index. The app's settings of uv are for its
// packages; those of the machine, and of a binding, name the index. Files of constraints may be named relative to the
// directory of the app's packages, which is another one.
func (i installer) toolShell(sh run.Shell, target manager.Target) run.Shell {
	sh.Env = sh.Env.WithDefaults(i.toolEnv).Without(func(name string) bool {
		return name == "VIRTUAL_ENV" || slices.Contains(constraintVariables(), name)
	})
	sh.Dir = target.Scratch
	return sh
}

// installRequirements has uv install requirements of the buildpack's own into an environment.
func installRequirements(ctx context.Context, sh run.Shell, dir, requirements string) error {
	file := filepath.Join(sh.Dir, "tool.txt")
	if err := os.WriteFile(file, []byte(requirements), 0o644); err != nil {
		return err
	}
	install := []string{"uv", "pip", "install", "--quiet", "--python", dir, "--requirements", file}
	if strings.Contains(requirements, "--hash") {
		install = append(install, "--require-hashes")
	}
	return sh.Run(ctx, install...)
}

// compiledByUV returns the packages that uv has built from source, from its output: they have no wheel.
func compiledByUV(output string) (names []string) {
	for _, m := range regexp.MustCompile(`(?m)^\s*Built (\S+)`).FindAllStringSubmatch(output, -1) {
		names = append(names, m[1])
	}
	return names
}
