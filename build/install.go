package build

import (
	"context"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// install makes both languages' runtimes and packages side by side. Versions are resolved first, so that a wrong one
// ends the build before any download.
func (b *builder) install(ctx context.Context) (err error) {
	if note := b.platform.BoundNote(); note != "" {
		b.main.Header("%s", note)
	}
	python, js := b.log.Branch(""), b.log.Branch("")
	if b.plan.Node != nil {
		python, js = b.log.Branch("python"), b.log.Branch("node")
	}
	b.logCredentials(binding.Python, python)
	if err := b.declarePython(python); err != nil {
		return err
	}
	if b.plan.Node == nil {
		b.pythonInstall, err = b.pythonBranch(ctx, python)
		return fail.Join(err, b.runner(b.main).Reap("the installation"))
	}
	b.logCredentials(binding.Node, js)
	if b.runtime, err = node.Declare(b.nodeIn(js)); err != nil {
		return err
	}
	err = b.inParallel(ctx, python, js)
	return fail.Join(err, b.runner(b.main).Reap("the installation"))
}

// logCredentials names the bindings that the installation of a language gets.
func (b *builder) logCredentials(language binding.Language, log *ui.Branch) {
	if note := b.credentials[language].Note(); note != "" {
		log.Header("%s", note)
	}
}

// withCredentials calls do with an environment in which a language's package managers find their credentials. The files
// are there only meanwhile.
func (b *builder) withCredentials(language binding.Language, env run.Env, do func(run.Env) error) error {
	dir := filepath.Join(b.Private, "credentials-"+string(language)) // both languages install at the same time
	return b.credentials[language].During(dir, func(vars map[string]string) error { return do(env.With(vars)) })
}

// nodeIn returns what the installation of Node.js is given, with its part of the log.
func (b *builder) nodeIn(log *ui.Branch) node.In {
	return node.In{
		Runner: b.runner(log), Envs: b.envs, Layers: b.set, Common: b.common, Fetch: b.fetcher,
		Access: b.credentials[binding.Node], Python: b.python,
	}
}

// inParallel runs both installations. Neither sees what the other writes.
func (b *builder) inParallel(ctx context.Context, python, js *ui.Branch) error {
	forPython, in := *b, b.nodeIn(js)
	return run.Parallel(ctx,
		func(ctx context.Context) (err error) {
			b.node, err = node.Install(ctx, in, b.runtime)
			return err
		},
		func(ctx context.Context) (err error) {
			b.pythonInstall, err = forPython.pythonBranch(ctx, python)
			return err
		},
	)
}
