package build

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installNode installs the packages of a project.
func (b *builder) installNode(ctx context.Context, project plan.Project, log *ui.Branch, env run.Env) error {
	from := plan.Fresh
	if b.hasPackages(project) {
		from = plan.Update
	}
	var commands [][]string
	for _, step := range b.plan.Installs(plan.InstallNode, project.Package.Dir, from) {
		commands = append(commands, step.Argv)
	}
	return b.manage(ctx, log, managing{
		project: project, dir: project.Package.Dir, env: env, commands: commands,
		step: diagnose.Step{Kind: "node-install", Command: show.Command(project.Install)},
	})
}

// scriptsAgain runs the app's own scripts of an installation whose packages are kept, as the installation did: with what it sees.
func (b *builder) scriptsAgain(ctx context.Context, project plan.Project, log *ui.Branch) error {
	for _, step := range project.Again {
		env, err := b.managerEnv(ctx, project.Package.Dir, true)
		if err != nil || ignoresScripts(env) {
			return err
		}
		if err := b.manage(ctx, log, managing{
			project: project, dir: step.Dir, env: env, commands: [][]string{step.Argv},
			step: diagnose.Step{Kind: "node-install-script", Title: step.Title, Try: step.Try},
		}); err != nil {
			return err
		}
	}
	return nil
}

// ignoresScripts tells whether a variable keeps the scripts of an installation from running; settings files are the plan's.
func ignoresScripts(env run.Env) bool {
	for name, value := range env {
		if manager.IgnoresScriptsBy(name, value) {
			return true
		}
	}
	return false
}

// downloadsFolder returns the download cache of a package manager, unless the app has its own. It is not kept for other
// builds: a script of this build can write to it, and Yarn 1 and pnpm install such files. npm and Yarn 4 notice, and
// fail in every later build.
func (b *builder) downloadsFolder(project plan.Project) string {
	for _, file := range project.Files {
		if folder := manager.BroughtCache(file.Lines); folder != "" && file.File == ".npmrc" && project.Manager == manager.NPM {
			if dir, err := app.In(project.Package.Dir, folder); err == nil {
				return filepath.Join(b.Root, string(dir))
			}
		}
	}
	return filepath.Join(b.Private, "downloads-"+string(project.Manager))
}

// hasPackages tells whether the layer has put old packages in place, to be brought up to date.
func (b *builder) hasPackages(project plan.Project) bool {
	return project.Update != nil && b.HasDir(string(project.Roots[0]))
}

// updates reports whether the manager can update the packages of other Files. It cannot if the installation depends on
// more than package.json and the lockfile: a script of the app may have done anything to old packages, and a changed
// package of the app's own has the version that it had.
func updates(project plan.Project) bool {
	n := project.Package
	if project.Update == nil {
		return false
	}
	for _, file := range project.Inputs {
		if file != n.Path("package.json") && file != n.Path("patches") && !slices.Contains(n.Locks, file) {
			return false
		}
	}
	return true
}
