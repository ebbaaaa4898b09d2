package build

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// preCompile runs the app's first hook. It may write any file, so the facts are read after it.
func (b *builder) preCompile(ctx context.Context) error {
	b.started = time.Now()
	b.touch(".", b.started)
	b.touched = time.Now()
	prepared := app.PreCompile(b.source)
	hook := prepared.Hook
	b.app.Hooks.PreCompile, b.app.Revision = hook, prepared.Revision // all that is known until the hook has run
	if hook == nil {
		return nil
	}
	contract, err := b.contract(ctx, hook)
	if err != nil {
		return err
	}
	step := plan.PreCompile(hook, b.root)
	if err := b.prepare(ctx, step); err != nil {
		return err
	}
	env := b.envs.WithContract(contract).For(step.Env, step.Dir)
	if err := b.step(ctx, b.main, step, env.Filled()); err != nil {
		return err
	}
	return fail.Join(b.reap(hook.Path), b.emptyPrivate()) // removes files that the hook has left in the private directory
}

// read gathers the facts and decides.
func (b *builder) read(ctx context.Context) error {
	others, err := b.findOthers(ctx)
	if err != nil {
		return err
	}
	b.app = app.Read(b.source, plan.Requested(b.config, others))
	b.pip = b.readPip()
	b.plan, err = plan.New(plan.Question{
		App: b.app, Config: b.config, Inventory: b.deps, Arch: b.common.Arch, Today: b.now().UTC().Format(time.DateOnly),
		Last: plan.ReadLast(b.in.PersistentMetadata, b.deps, b.common.Arch),
		Vars: b.envs.App().Filled(), Install: b.platform.Vars.With(b.credentials[binding.Node].Vars),
		Pip: b.pip.all, Places: plan.Places{App: b.root, Layers: b.in.Layers.Path},
	})
	b.config = b.plan.Config
	b.notes(plan.Prepare)
	b.warnUnverified()
	if warning := b.plan.PrunedBefore(); warning != "" {
		b.main.Warn("%s", warning)
	}
	b.splitVariables()
	return err
}

// notes prints the plan's notes of the stages.
func (b *builder) notes(stages ...plan.Stage) {
	for _, stage := range stages {
		for _, text := range b.plan.Texts(stage, plan.Hint) {
			b.main.Header("%s", text)
		}
		for _, text := range b.plan.Texts(stage, plan.Warning) {
			b.main.Warn("%s", text)
		}
	}
}

// splitVariables decides who gets which variable.
func (b *builder) splitVariables() {
	b.platform.MemoryLimit, _ = run.MemoryLimit(b.machine) // 0: there is none
	var notes []plan.Note
	b.envs, notes = environ.Split(b.platform, b.app, b.plan, exists)
	for _, note := range notes {
		b.main.Header("%s", note.Text)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// cleanSource takes away what came from the machine that the source was written on and names what should not be in an image.
func (b *builder) cleanSource() {
	for _, line := range plan.Removed(b.app) {
		b.main.Header("%s", line)
	}
	var left []string
	for _, name := range b.app.Uploaded {
		if err := b.removeFromApp(name); err != nil {
			left = append(left, refused(string(name), err))
		}
	}
	if len(left) > 0 {
		b.main.Warn("could not be removed, and is in the image: %s", show.Series(left))
	}
	if warning := plan.Private(b.app, b.config); warning != "" {
		b.main.Warn("%s", warning)
	}
}

// touch sets the time of every file below dir. Tools trust times, and in an image or a git archive all are equal and
// old. Webpack's cache gave the old bundle for changed sources, and collectstatic over existing files copied nothing.
// Files of another user keep their time.
func (b *builder) touch(dir string, when time.Time) {
	within := b.tree
	if p, err := app.In(".", dir); err == nil {
		if within, err = b.tree.Sub(p); err != nil {
			return // it does not exist, or is not in the app
		}
		defer within.Close()
	}
	if left := touchIn(within, dir, when); len(left) > 0 {
		b.main.Warn("could not set times, so that tools may take old files for new: %s", show.Series(left))
	}
}

// touchIn sets the times in dir, whose path in the app is name. It returns the files that keep their time, with
// reasons.
func touchIn(dir *tree.Tree, name string, when time.Time) (left []string) {
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		left = append(left, refused(name, err))
	}
	for _, d := range entries {
		p, err := app.In(".", d.Name())
		switch {
		case err != nil || d.IsDir() && app.Skipped(d.Name(), app.ForTimes):
			continue
		case d.IsDir():
			var below *tree.Tree
			if below, err = dir.Sub(p); err == nil {
				left = append(left, touchIn(below, path.Join(name, d.Name()), when)...)
				err = below.Close()
			}
		case d.Type().IsRegular():
			err = dir.Chtimes(p, when)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			left = append(left, refused(path.Join(name, d.Name()), err))
		}
	}
	return left
}

// putAway takes out of the app what only the build needed, and compiles what is left.
func (b *builder) putAway(ctx context.Context) error {
	if err := b.compile(ctx, b.main, checked, b.root); err != nil {
		return err
	}
	if err := os.RemoveAll(b.headersDir()); err != nil {
		return err
	}
	b.sayStrays()
	if err := b.putAwayPackages(ctx); err != nil {
		return err
	}
	return b.forgetClone()
}

// putAwayPackages removes node_modules from the app, or replaces it with links to layers of the image.
func (b *builder) putAwayPackages(ctx context.Context) error {
	if len(b.packages) == 0 {
		return nil
	}
	return b.main.Timed("put away node_modules", func() (err error) {
		for _, p := range b.installs { // with short steps, or none, they are still being packed
			p.made.Packed()
		}
		links, err := b.shipPackages(ctx)
		if err != nil {
			return err
		}
		for _, project := range b.plan.Node.Projects {
			if project.Provided {
				err = errors.Join(err, b.putAwayGiven(ctx, project))
			} else {
				err = errors.Join(err, b.removeFromApp(project.Roots...))
			}
		}
		return errors.Join(err, b.linkPackages(links))
	})
}
