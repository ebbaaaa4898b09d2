package build

import (
	"context"
	"os"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// source has the facts that the build knows about the app before it decides.
type source struct {
	clock  clock
	closed map[string]bool // files and directories that not everyone may read
	hooks  *layer.Made     // files of hooks; nil if none has run
}

// clock says which files of the app the build has written.
type clock struct {
	started time.Time // the modification time that every source file gets
	touched time.Time // when the sources had got it: newer files come from the build
}

// preCompile runs the app's first hook. It may write any file, so the facts are read after it.
func (h Host) preCompile(ctx context.Context) (src source, err error) {
	src.clock.started = time.Now()
	steps.Runner{Dirs: h.Dirs, Log: h.main()}.Touch(".", src.clock.started)
	src.clock.touched = time.Now()
	if src.closed, err = h.closedFiles(); err != nil {
		return src, err
	}
	prepared := app.PreCompile(h.Source)
	hook := prepared.Hook
	if hook == nil {
		return src, nil
	}
	d := decisions{plan: plan.Plan{Config: h.Config}, envs: environ.Of(h.Platform)}
	d.app.Hooks.PreCompile, d.app.Revision = hook, prepared.Revision // all that is known until the hook has run
	d.app.Python = &app.Python{Django: app.Django{SettingsModules: prepared.SettingsModules}}
	if d, err = h.withContract(ctx, d, hook); err != nil {
		return src, err
	}
	src.hooks = d.hooks
	_, err = steps.Run(ctx, h.runner(h.main(), d), []plan.Step{plan.PreCompile(hook, h.Root)})
	return src, fail.Join(err, h.emptyPrivate()) // removes files that the hook has left in the private directory
}

// decisions has the facts about the app, the plan, and the environments of a build.
type decisions struct {
	source
	app  app.App
	plan plan.Plan
	envs environ.Envs // without layers
	pip  python.PipSettings

	system system
	debian map[string]steps.SystemPart // layers of Debian packages, by name
}

// decide gathers the facts and decides all that can be known now. The notes are logged even if there is an error.
func (h Host) decide(ctx context.Context, src source) (d decisions, err error) {
	others, err := h.findOthers(ctx)
	if err != nil {
		return d, err
	}
	d.source = src
	all := environ.Of(h.Platform) // until it is decided who gets which variable
	d.app = app.Read(h.Source, plan.Requested(h.Config, others))
	d.pip = python.ReadPip(h.Access[binding.Python], all.Tools(), h.Platform.Home)
	d.plan, err = plan.New(plan.Question{
		App: d.app, Config: h.Config, Inventory: h.Inventory, Arch: h.Common.Arch,
		Today: h.Now().UTC().Format(time.DateOnly),
		Last:  plan.ReadLast(h.In.PersistentMetadata, h.Inventory, h.Common.Arch),
		Vars:  all.App().Filled(), Install: h.Platform.Vars.With(h.Access[binding.Node].Vars),
		Pip: d.pip.All, Poetry: h.Access[binding.Python].Has("poetry"),
		Places: plan.Places{App: h.Root, Layers: h.In.Layers.Path},
	})
	if err == nil {
		if d.system, err = h.readSystem(); err != nil {
			return d, err
		}
		d.plan = d.plan.WithDebian(h.known(d))
	}
	h.main().Title("Decisions")
	logRuntimes(h.main(), d)
	logStages(h.main(), d.plan, plan.Prepare)
	steps.LogNotes(h.main(), plan.Misspelled(h.In.Buildpack.Metadata, h.Platform.Vars))
	steps.LogNotes(h.main(), plan.Unverified(h.unverified()...))
	steps.LogNotes(h.main(), d.plan.PrunedBefore(h.production()))
	platform := h.Platform
	platform.MemoryLimit, _ = run.MemoryLimit(h.Machine) // 0: there is none
	envs, notes := environ.Split(platform, d.app, d.plan, exists)
	steps.LogNotes(h.main(), notes)
	d.envs = envs
	return d, err
}

// logRuntimes logs which releases are installed, and why. Notes name those of an earlier buildpack.
func logRuntimes(log *ui.Branch, d decisions) {
	for _, r := range d.plan.Runtimes() {
		others := d.app.Others
		if r.ID == versions.Python && others.Python != nil || r.ID == versions.Node && others.Node != nil {
			continue
		}
		log.Header("%s", r)
		steps.LogNotes(log, r.Notes)
	}
}

// logStages logs the plan's notes of the stages.
func logStages(log *ui.Branch, p plan.Plan, stages ...plan.Stage) {
	for _, stage := range stages {
		steps.LogNotes(log, p.Noted(stage, note.Hint))
		steps.LogNotes(log, p.Noted(stage, note.Warning))
	}
}

// exists reports whether there is a file or directory at path. A link to nothing does not exist.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// cleanSource removes what came from the machine that the source was written on, and names what should not be in an
// image.
func (h Host) cleanSource(d decisions) {
	steps.LogNotes(h.main(), plan.Removed(d.app))
	var left []string
	for _, name := range d.app.Uploaded {
		if err := h.Tree.Remove(name); err != nil {
			left = append(left, app.Refused(string(name), err))
		}
	}
	if len(left) > 0 {
		h.main().Warn("could not be removed, and is in the image: %s", show.Series(left))
	}
	project, _ := config.ReadProject(h.Source) // pack has read it: one that is not valid came without pack
	steps.LogNotes(h.main(), plan.Private(d.app, d.plan.Config, project))
}
