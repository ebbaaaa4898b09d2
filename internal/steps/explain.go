package steps

import (
	"errors"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Explained returns the error of a command as the user reads it, or err itself if no rule explains it. nil stays nil.
func Explained(err error, step diagnose.Step, facts diagnose.Facts) error {
	if err == nil {
		return nil
	}
	step.Sets = append(slices.Clip(step.Sets), "machine")
	if user := diagnose.Explain(step, ExitOf(err), facts).Error(); user != nil {
		return user
	}
	return err
}

// ExitOf returns how a command ended. If err is not the error of a command, the exit has only err.
func ExitOf(err error) diagnose.Exit {
	exit := diagnose.Exit{Err: err, Excess: errors.Is(err, run.ErrOutput)}
	var failed *run.Error
	if errors.As(err, &failed) {
		exit.Code, exit.Signal, exit.Tail = failed.Code, failed.Signal, failed.Tail
	}
	return exit
}

// Machine returns the facts of a command that knows nothing of the app.
func (r Runner) Machine() diagnose.Facts { return diagnose.Facts{Free: r.Facts.Free} }

// About returns r with the facts of the app's commands. envs must have the placeholders that these commands get; found
// is what the installation has shown so far.
func (r Runner) About(envs environ.Envs, found plan.Found) Runner {
	own := envs.App()
	facts := diagnose.Facts{
		Root: r.Root, SettingsModule: own.Vars[app.SettingsVariable], Packages: r.App.Node, Node: r.Plan.Node != nil,
		Has:        func(name string) bool { _, set := own.Filled()[name]; return set },
		Production: r.Plan.Config.NPMProduction.On, Free: r.Facts.Free,
		Migrates: found.Has("django") && r.Plan.Manage.Path != "",
	}
	if r.App.Python != nil {
		facts.Modules = r.App.Python.SettingsModules
	}
	if facts.SettingsModule == "" && r.App.OtherSettings() {
		facts.Build, facts.Served = r.App.Python.Settings.Module, r.App.Python.Served.Module
	}
	for _, project := range r.Plan.Projects() {
		if project.Install != nil {
			facts.Installed = append(append(facts.Installed, project.Package.Dir), project.Package.Workspaces...)
		}
	}
	r.Facts = facts
	return r
}

// stepFacts returns the facts of a step of the app.
func (r Runner) stepFacts(step plan.Step) diagnose.Facts {
	facts := r.Facts
	facts.Ran = r.Done.Ran
	switch step.Kind {
	case plan.Script:
		for _, project := range r.Plan.Projects() {
			if n := project.Package; n.Dir == step.Dir || slices.Contains(n.Workspaces, step.Dir) {
				facts.Project, facts.Manager = n, project.ManagerData()
				break
			}
		}
	case plan.HookScript:
		facts.Migration = migration(r.App.Hooks, step.Title)
		facts.Migrates = facts.Migrates && facts.Migration != nil && facts.Migration.Kind == app.Migrates
	default: // the facts of the build are those of the step
	}
	return facts
}

// migration returns the line of a hook that changes a database; nil if there is none.
func migration(hooks app.Hooks, name string) *app.Find {
	for _, hook := range []*app.Hook{hooks.PreCompile, hooks.PostCompile} {
		if hook == nil || hook.Path != name {
			continue
		}
		for i, found := range hook.Finds {
			if found.Kind == app.Migrates || found.Kind == app.Upgrades {
				return &hook.Finds[i]
			}
		}
	}
	return nil
}

// failedStep returns a step of the app as rules describe it.
func (r Runner) failedStep(step plan.Step, facts diagnose.Facts) diagnose.Step {
	failed := diagnose.Step{
		Kind: string(step.Kind), Sets: step.Explain, Title: step.Title, Command: show.Command(step.Argv),
		Try: step.Try, Words: diagnose.Words{"add": r.Plan.Node.Add(".")},
	}
	switch step.Kind {
	case plan.Management:
		failed.Title = show.Command(step.Argv[2:])
	case plan.Script:
		failed.Words["add"] = r.Plan.Node.Add(step.Dir)
		if facts.Project != nil {
			failed.Dir = facts.Project.Dir
		}
	default: // the rules know no more of it
	}
	return failed
}
