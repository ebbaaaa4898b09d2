package build

import (
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// installer is what makes the virtual environment: uv, and the manager that the app is made for.
type installer struct {
	manager manager.PythonManager
	uv      versions.Release
	name    string             // of the manager, "uv" for requirements files
	tool    string             // the requirements of what uv must install first; "": nothing
	toolEnv run.Env            // where that comes from
	options []string           // of the requirements files
	keyed   []string           // of the settings, what the layer's key has
	facts   diagnose.Facts     // for the errors of what it runs
	pip     manager.UVSettings // what pip's settings mean to uv, for the packages
	env     run.Env            // its variables, or pip's own for pip itself
}

// installPackages makes the virtual environment venv.
func (b *builder) installPackages(ctx context.Context, in installer, venv string, log *ui.Branch) error {
	if err := b.python.Get(ctx); err != nil {
		return err
	}
	if _, err := b.fetcher.InstallListed(ctx, in.uv, filepath.Join(b.Private, "uv"), log.Body); err != nil {
		return err
	}
	p, scratch := b.plan.Python, filepath.Join(b.Private, "packages")
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return err
	}
	target := manager.Target{
		Wanted: p.Wanted, Python: filepath.Join(b.python.Dir(), "bin", "python3"), Venv: venv, Scratch: scratch,
		Exists: isDir(filepath.Join(venv, "bin")), Args: slices.Concat(p.Sources.Args, in.pip.Args),
	}
	from := plan.Fresh
	if target.Exists {
		from = plan.Update
	}
	out := log.Output()
	defer out.Close()
	var said strings.Builder
	before := b.leftovers()
	err := b.withCredentials(binding.Python, b.installEnv(in, target), func(env run.Env) error {
		sh := run.Shell{Dir: filepath.Join(b.Root, p.Dir), Env: env, Out: io.MultiWriter(out, &said)}
		if err := installTool(ctx, sh, in, target, log); err != nil {
			return err
		}
		if err := b.runInstaller(ctx, sh, in, from, log); err != nil || !p.Pip {
			return err
		}
		return installPip(ctx, sh, in, target, log)
	})
	if err != nil {
		return err
	}
	steps.LogCompiled(log, compiledByUV(said.String()))
	if err := b.removeLeftovers(before); err != nil {
		return err
	}
	return steady(venv)
}

// runInstaller runs the commands that fill the environment. from says whether it is one of an earlier build.
func (b *builder) runInstaller(
	ctx context.Context, sh run.Shell, in installer, from plan.From, log *ui.Branch,
) error {
	p := b.plan.Python
	for _, step := range b.plan.Installs(plan.InstallPython, p.Dir, from) {
		tool := steps.Tool{Shell: sh, Log: log, Facts: in.facts, Step: in.failed(
			diagnose.Step{Kind: "python-install", Try: in.manager.Try(p.Wanted), Dir: p.Dir},
			diagnose.Words{"tool": step.Argv[0], "file": p.Sources.Files[0]},
		)}
		if err := tool.Run(ctx, step.Command); err != nil {
			return err
		}
	}
	return nil
}

// installEnv is what the commands of an installation see. What is empty at the end is taken out.
func (b *builder) installEnv(in installer, target manager.Target) run.Env {
	env := b.envs.With(environ.Parts{Python: b.python.Part()}, nil).For(plan.EnvPythonTools, "").Filled()
	programs := []string{
		filepath.Join(target.Scratch, "tool", "bin"), filepath.Join(b.Private, "uv"), env["PATH"],
	}
	own := map[string]string{
		"PATH":                   strings.Join(programs, ":"),
		"UV_CACHE_DIR":           filepath.Join(b.Private, "uv-cache"), // files can be linked from there into the layer
		"UV_PYTHON_DOWNLOADS":    "never",
		"UV_PROJECT_ENVIRONMENT": target.Venv,
		"VIRTUAL_ENV":            target.Venv,
		"UV_NO_PROGRESS":         "1",
	}
	env = env.WithDefaults(b.plan.Python.Sources.Env).WithDefaults(in.env).With(own)
	env = env.With(in.manager.Env(target))
	return env.Without(func(name string) bool { return env[name] == "" })
}

// installTool makes an environment of its own for a manager that uv does not replace. It is not cached: making it takes
// a second, caching it would take longer.
func installTool(ctx context.Context, sh run.Shell, in installer, target manager.Target, log *ui.Branch) error {
	if in.tool == "" {
		return nil
	}
	dir := filepath.Join(target.Scratch, "tool")
	log.Body("Installing %s itself", in.name)
	sh = ownShell(sh, in, target)
	if err := sh.Run(ctx, "uv", "venv", "--no-config", "--no-project", "--quiet", "--clear", "--python", target.Python, dir); err != nil {
		return in.ownError(err, in.name)
	}
	return in.ownError(installOwn(ctx, sh, dir, in.tool), in.name)
}

// installPip adds pip to the app's environment, if that has none: hooks that were written for Heroku classic find it
// there.
func installPip(ctx context.Context, sh run.Shell, in installer, target manager.Target, log *ui.Branch) error {
	if _, err := os.Stat(filepath.Join(target.Venv, "bin", "pip")); err == nil {
		return nil
	}
	log.Body("Installing pip, which a hook calls")
	return in.ownError(installOwn(ctx, ownShell(sh, in, target), target.Venv, manager.Python(manager.Pip).Data().Tool), "pip")
}

// ownShell is for what the buildpack itself wants of the index. The app's settings of uv are for its packages; those of
// the machine, and of a binding, name the index.
func ownShell(sh run.Shell, in installer, target manager.Target) run.Shell {
	sh.Env = sh.Env.WithDefaults(in.toolEnv).Without(func(name string) bool {
		return name == "UV_CONSTRAINT" || name == "UV_OVERRIDE" || name == "VIRTUAL_ENV"
	})
	sh.Dir = target.Scratch
	return sh
}

// installOwn has uv install requirements of the buildpack's own into an environment.
func installOwn(ctx context.Context, sh run.Shell, dir, requirements string) error {
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

// ownError explains why uv did not install a tool of the buildpack itself.
func (in installer) ownError(err error, name string) error {
	return steps.Explained(err, in.failed(diagnose.Step{Kind: "python-tool", Title: name}, nil), in.facts)
}

// failed adds to a step what the rules about the installer need.
func (in installer) failed(step diagnose.Step, words diagnose.Words) diagnose.Step {
	m := in.manager.Data()
	step.Sets, step.Words = []string{m.Failures}, diagnose.PythonWords(m)
	maps.Copy(step.Words, words)
	return step
}
