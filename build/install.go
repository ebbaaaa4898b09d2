package build

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// install makes both languages' runtimes and packages side by side. Versions are resolved first, so that a wrong one
// ends the build before any download.
func (b *builder) install(ctx context.Context) (err error) {
	if note := b.platform.BoundNote(); note != "" {
		b.main.Header("%s", note)
	}
	python, node := b.log.Branch(""), b.log.Branch("")
	if b.plan.Node != nil {
		python, node = b.log.Branch("python"), b.log.Branch("node")
	}
	b.logCredentials(binding.Python, python)
	if err := b.declarePython(python); err != nil {
		return err
	}
	if b.plan.Node == nil {
		b.pythonInstall, err = b.pythonBranch(ctx, python)
		return fail.Join(err, b.runner(b.main).Reap("the installation"))
	}
	b.logCredentials(binding.Node, node)
	if err := b.declareNode(node); err != nil {
		return err
	}
	err = b.inParallel(ctx, python, node)
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

// inParallel runs both branches, each with its own copy of the builder: neither sees what the other writes.
func (b *builder) inParallel(ctx context.Context, python, node *ui.Branch) error {
	forPython, forNode := *b, *b
	return run.Parallel(ctx,
		func(ctx context.Context) (err error) {
			b.nodeInstall, err = forNode.nodeBranch(ctx, node)
			return err
		},
		func(ctx context.Context) (err error) {
			b.pythonInstall, err = forPython.pythonBranch(ctx, python)
			return err
		},
	)
}

// unpack fetches an archive, unpacks it into dir and returns its manifest.
func (b *builder) unpack(
	ctx context.Context, from versions.Release, dir string, log *ui.Branch,
) (archive.Manifest, error) {
	listed, err := b.fetcher.InstallListed(ctx, from, dir, log.Body)
	if err != nil {
		return nil, fmt.Errorf("install %s %s: %w", from.ID, from.Version, err)
	}
	return listed, nil
}

// removeMatching removes the entries of dir that match one of the patterns. dir must not be the app's, and the patterns
// must be constants: removeFromApp is for names of the app. Links that lead out of dir are not followed.
func removeMatching(dir string, patterns ...string) error {
	within, err := tree.Open(dir)
	if err != nil {
		return err
	}
	defer within.Close()
	for _, pattern := range patterns {
		names := []string{pattern}
		if strings.ContainsAny(pattern, "*?[") {
			if names, err = fs.Glob(within.FS(), pattern); err != nil {
				return fmt.Errorf("remove %s: %w", pattern, err)
			}
		}
		for _, name := range names {
			p, err := app.In(".", name)
			if err == nil {
				err = within.RemoveAll(p)
			}
			if err != nil {
				return fmt.Errorf("remove %s of %s: %w", name, filepath.Base(dir), err)
			}
		}
	}
	return nil
}
