package build

import (
	"context"
	"os"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// preCompile runs the app's first hook. It may write any file, so the facts are read after it.
func (b *builder) preCompile(ctx context.Context) error {
	b.started = time.Now()
	b.runner(b.main).Touch(".", b.started)
	b.touched = time.Now()
	prepared := app.PreCompile(b.Source)
	hook := prepared.Hook
	b.app.Hooks.PreCompile, b.app.Revision = hook, prepared.Revision // all that is known until the hook has run
	if hook == nil {
		return nil
	}
	contract, err := b.contract(ctx, hook)
	if err != nil {
		return err
	}
	envs, all := b.envs.WithContract(contract), []plan.Step{plan.PreCompile(hook, b.Root)}
	if _, err := steps.Run(ctx, b.runner(b.main), envs, all); err != nil {
		return err
	}
	return b.emptyPrivate() // removes files that the hook has left in the private directory
}

// read gathers the facts and decides.
func (b *builder) read(ctx context.Context) error {
	others, err := b.findOthers(ctx)
	if err != nil {
		return err
	}
	b.app = app.Read(b.Source, plan.Requested(b.config, others))
	b.pip = b.readPip()
	b.plan, err = plan.New(plan.Question{
		App: b.app, Config: b.config, Inventory: b.deps, Arch: b.common.Arch, Today: b.now().UTC().Format(time.DateOnly),
		Last: plan.ReadLast(b.in.PersistentMetadata, b.deps, b.common.Arch),
		Vars: b.envs.App().Filled(), Install: b.platform.Vars.With(b.credentials[binding.Node].Vars),
		Pip: b.pip.all, Places: plan.Places{App: b.Root, Layers: b.in.Layers.Path},
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
	b.platform.MemoryLimit, _ = run.MemoryLimit(b.Machine) // 0: there is none
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

// cleanSource takes away what came from the machine that the source was written on and names what should not be in an
// image.
func (b *builder) cleanSource() {
	for _, line := range plan.Removed(b.app) {
		b.main.Header("%s", line)
	}
	var left []string
	for _, name := range b.app.Uploaded {
		if err := b.Tree.Remove(name); err != nil {
			left = append(left, app.Refused(string(name), err))
		}
	}
	if len(left) > 0 {
		b.main.Warn("could not be removed, and is in the image: %s", show.Series(left))
	}
	if warning := plan.Private(b.app, b.config); warning != "" {
		b.main.Warn("%s", warning)
	}
}

// putAway takes out of the app what only the build needed, and compiles what is left.
func (b *builder) putAway(ctx context.Context) error {
	if err := b.compile(ctx, b.main, checked, b.Root); err != nil {
		return err
	}
	if b.plan.Node != nil {
		if err := node.PutAway(ctx, b.nodeIn(b.main), b.node); err != nil {
			return err
		}
	}
	return b.forgetClone()
}
