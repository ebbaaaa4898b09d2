package build

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// explained returns the error of a command as the user reads it, or err itself if no rule is about it.
func explained(err error, step diagnose.Step, facts diagnose.Facts) error {
	if err == nil {
		return nil
	}
	step.Sets = append(slices.Clip(step.Sets), "machine")
	if user := diagnose.Explain(step, exitOf(err), facts).Error(); user != nil {
		return user
	}
	return err
}

// exitOf returns how a command ended; of an error that is not a command's, only the error.
func exitOf(err error) diagnose.Exit {
	exit := diagnose.Exit{Err: err, Excess: errors.Is(err, run.ErrOutput)}
	var failed *run.Error
	if errors.As(err, &failed) {
		exit.Code, exit.Signal, exit.Tail = failed.Code, failed.Signal, failed.Tail
	}
	return exit
}

// machine returns the facts of a command that knows nothing of the app.
func (b *builder) machineFacts() diagnose.Facts {
	return diagnose.Facts{Free: freeSpace(b.in)}
}

// projectFacts returns the facts of a command of a project's package manager.
func (b *builder) projectFacts(project plan.Project) diagnose.Facts {
	facts := b.machineFacts()
	facts.Project, facts.Manager = project.Package, project.ManagerData()
	return facts
}

// appFacts returns the facts of a command of the app.
func (b *builder) appFacts() diagnose.Facts {
	facts := diagnose.Facts{
		Root: b.root, Has: b.has, SettingsModule: b.appVars().Vars[app.SettingsVariable],
		Packages: b.app.Node, Node: b.plan.Node != nil, Production: b.config.NPMProduction.On, Ran: b.ran,
		Free:     freeSpace(b.in),
		Migrates: b.installed.Has("django") && b.plan.Manage.Path != "",
	}
	if b.app.Python != nil {
		facts.Modules = b.app.Python.SettingsModules
	}
	if facts.SettingsModule == "" && b.app.OtherSettings() {
		facts.Build, facts.Served = b.app.Python.Settings.Module, b.app.Python.Served.Module
	}
	for _, project := range b.projects() {
		if project.Install != nil {
			facts.Installed = append(append(facts.Installed, project.Package.Dir), project.Package.Workspaces...)
		}
	}
	return facts
}

// projects returns the projects of Node.js, if it is used.
func (b *builder) projects() []plan.Project {
	if b.plan.Node == nil {
		return nil
	}
	return b.plan.Node.Projects
}

// stepFacts returns the facts of a step of the app.
func (b *builder) stepFacts(step plan.Step) diagnose.Facts {
	facts := b.appFacts()
	switch step.Kind {
	case plan.Script:
		for _, project := range b.projects() {
			if n := project.Package; n.Dir == step.Dir || slices.Contains(n.Workspaces, step.Dir) {
				facts.Project, facts.Manager = n, project.ManagerData()
				break
			}
		}
	case plan.HookScript:
		facts.Migration = b.migration(step.Title)
		facts.Migrates = facts.Migrates && facts.Migration != nil && facts.Migration.Kind == app.Migrates
	}
	return facts
}

// migration returns the line of a hook that changes a database; nil if there is none.
func (b *builder) migration(name string) *app.Find {
	for _, hook := range []*app.Hook{b.app.Hooks.PreCompile, b.app.Hooks.PostCompile} {
		if hook == nil || hook.Path != name {
			continue
		}
		at := slices.IndexFunc(hook.Finds, func(f app.Find) bool {
			return f.Kind == app.Migrates ||
				f.Kind == app.Upgrades
		})
		if at >= 0 {
			return &hook.Finds[at]
		}
	}
	return nil
}

// failedStep returns a step of the app as rules describe it.
func (b *builder) failedStep(step plan.Step, facts diagnose.Facts) diagnose.Step {
	failed := diagnose.Step{
		Kind: string(step.Kind), Sets: []string{"django"}, Title: step.Title, Command: show.Command(step.Argv),
		Try:   step.Try,
		Words: diagnose.Words{"add": b.plan.Node.Add(".")},
	}
	switch step.Kind {
	case plan.Management:
		failed.Title = show.Command(step.Argv[2:])
	case plan.HookScript:
		failed.Sets = []string{"hook"}
	case plan.Script:
		failed.Sets, failed.Words["add"] = []string{"script"}, b.plan.Node.Add(step.Dir)
		if facts.Project != nil {
			failed.Dir = facts.Project.Dir
		}
	}
	return failed
}

// freeSpace returns a function that says how much is left where builds write. Some of it may have become free again
// when a command failed.
func freeSpace(in libcnb.BuildContext) func() string {
	return func() string {
		var lines []string
		for _, dir := range []string{in.Layers.Path, in.ApplicationPath, os.TempDir()} {
			var s syscall.Statfs_t
			if err := syscall.Statfs(dir, &s); err != nil {
				continue // the other error is the one to read
			}
			size := uint64(s.Bsize) //nolint:gosec // no block has a negative size
			line := fmt.Sprintf("%s: %d MB free of %d MB", dir, s.Bavail*size/1e6, s.Blocks*size/1e6)
			if s.Files > 0 && s.Ffree == 0 {
				line += ", and no inode for one file more"
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n")
	}
}
