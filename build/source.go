package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/decide"
	"github.com/tandem-cnb/tandem/internal/plan"
)

// preCompile runs the app's first hook. It may write any file, so the facts are read after it.
func (b *builder) preCompile(ctx context.Context) error {
	start := time.Now()
	if err := b.touch(b.root, start); err != nil {
		return err
	}
	hook := app.ReadHooks(b.source).PreCompile
	if hook == nil {
		return nil
	}
	contract, err := b.contract(ctx)
	if err != nil {
		return err
	}
	b.advise(hook)
	return b.step(ctx, b.main, plan.RunHook(hook, b.root), b.env.With(contract))
}

// advise says what a hook does otherwise than one would here.
func (b *builder) advise(hook *app.Hook) {
	for _, line := range plan.Advice(hook, b.root) {
		b.main.Header("%s", line)
	}
}

// read gathers the facts and decides.
func (b *builder) read(ctx context.Context) error {
	others, err := b.findOthers(ctx)
	if err != nil {
		return err
	}
	b.decided, err = decide.Read(decide.Given{
		Source: b.source, Config: b.config, Env: b.withBuildEnv(b.env), Install: b.env.With(b.credentials[binding.Node].Vars), Last: b.lastLines(),
		Archives: b.deps, Arch: b.common.Arch, Now: b.now(), Others: others,
	})
	b.app, b.config, b.plan = b.decided.App, b.decided.Config, b.decided.Plan
	for _, line := range b.decided.Lines {
		b.main.Header("%s", line)
	}
	if warning := plan.PrunedBefore(b.app, b.plan); warning != "" {
		b.main.Warn("%s", warning)
	}
	b.settleEnv()
	b.sortVariables()
	return err
}

// notes prints the decisions since the last call.
func (b *builder) notes() {
	for _, note := range b.plan.Notes {
		b.main.Header("%s", note)
	}
	b.plan.Notes = nil
}

// cleanSource takes away what came from the machine that the source was written on and names what should not be in an image.
func (b *builder) cleanSource() error {
	for _, line := range decide.Removed(b.app) {
		b.main.Header("%s", line)
	}
	for _, path := range b.app.Uploaded {
		if err := os.RemoveAll(filepath.Join(b.root, path)); err != nil {
			return fmt.Errorf("remove %s: %w", path, err)
		}
	}
	if warning := decide.Private(b.app); warning != "" {
		b.main.Warn("%s", warning)
	}
	return nil
}

// touch gives every file below dir the time when. Tools trust times: in an image or a git archive all are equal and old,
// and webpack's cache gave the old bundle for changed sources, and collectstatic over existing files copied nothing.
func (b *builder) touch(dir string, when time.Time) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("read the app: %w", err)
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		if err := os.Chtimes(path, when, when); err != nil && !os.IsPermission(err) {
			return fmt.Errorf("set the time of a source file: %w", err)
		}
		return nil
	})
}

// putAway takes out of the app what only the build needed, and compiles what is left.
func (b *builder) putAway(ctx context.Context) error {
	if err := b.compile(ctx, b.main, checked, b.root); err != nil {
		return err
	}
	if err := os.RemoveAll(b.headersAside()); err != nil {
		return err
	}
	b.forgetClone()
	if err := b.takeModules(ctx); err != nil {
		return err
	}
	var projects []plan.Project
	if b.plan.Node != nil {
		projects = b.plan.Node.Projects
	}
	if warning := decide.Left(app.NodeModules(b.source), projects); warning != "" {
		b.main.Warn("%s", warning)
	}
	return nil
}

// takeModules takes node_modules out of the app, into a layer where a process needs it.
func (b *builder) takeModules(ctx context.Context) error {
	if len(b.packages) == 0 {
		return nil
	}
	return b.main.Timed("put away node_modules", func() (err error) {
		for _, made := range b.packages { // with short steps, or none, they are still being packed
			made.Packed()
		}
		links, err := b.shipPackages(ctx)
		if err != nil {
			return err
		}
		for _, project := range b.plan.Node.Projects {
			if project.Given {
				err = errors.Join(err, b.putAwayGiven(ctx, project))
			} else {
				err = errors.Join(err, removeMatching(b.root, project.Roots...))
			}
		}
		return errors.Join(err, b.linkPackages(links))
	})
}

// ofClone is what git writes of one clone and no other. kpack leaves its clone in the app's folder, and with the times of its files
// the same commit would be another layer each time. Git makes an index anew: git reset.
var ofClone = []string{"index", "logs", "FETCH_HEAD", "ORIG_HEAD"}

func (b *builder) forgetClone() {
	for _, name := range ofClone {
		_ = os.RemoveAll(filepath.Join(b.root, ".git", name)) // where that is not allowed it costs a layer
	}
}
