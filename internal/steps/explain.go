package steps

import (
	"cmp"
	"errors"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Explained returns the error of a step's command as the user reads it, or err itself if no rule explains it. nil stays
// nil. The error of a layer that the step needs is explained already.
func (r Runner) Explained(err error, step plan.Step) error {
	if _, explained := fail.User(err); err == nil || explained {
		return err
	}
	if user := r.Explain(err, step, r.FactsOf(step)).Error(); user != nil {
		return user
	}
	return err
}

// Explain returns what the rules of a step say about its error.
func (r Runner) Explain(err error, step plan.Step, facts diagnose.Facts) diagnose.Explanation {
	exit := ExitOf(err)
	if r.Machine != nil {
		exit.CPU = run.Emulated(r.Machine, runtime.GOARCH)
	}
	return diagnose.Explain(r.failed(step), exit, facts)
}

// ExitOf returns how a command ended. If err is not the error of a command, the exit has only err.
func ExitOf(err error) diagnose.Exit {
	exit := diagnose.Exit{Err: err, Excess: errors.Is(err, run.ErrOutput)}
	var failed *run.Error
	if errors.As(err, &failed) {
		exit.Code, exit.Signal, exit.Tail = failed.Code, failed.Signal, failed.Tail
		exit.Program = filepath.Base(failed.Argv[0])
	}
	return exit
}

// FactsOf returns what rules are told of a step: how the build installs its own tools has nothing to do with the app.
// Pruning downloads nothing, so that no URL of a package can be the reason of a failure.
func (r Runner) FactsOf(step plan.Step) diagnose.Facts {
	facts := r.appFacts()
	project, ok := r.Plan.ProjectOf(step)
	switch step.Kind {
	case plan.InstallPython:
		file, python := r.Plan.Pins()
		return diagnose.Facts{Free: r.Free, Offers: facts.Offers, Pins: diagnose.Pins{File: file, Python: python}}
	case plan.Fetch, plan.PythonTool, plan.NodeTool, plan.DebianIndex, plan.DebianNames, plan.DebianPackages,
		plan.DebianFiles:
		return diagnose.Facts{Free: r.Free, Offers: facts.Offers}
	case plan.InstallNode, plan.InstallScript, plan.Prune:
		n := *project.Package
		if step.Kind == plan.Prune {
			n.Remote = nil
		}
		return diagnose.Facts{Free: r.Free, Offers: facts.Offers, Project: &n, Manager: project.ManagerData()}
	case plan.Script:
		if ok {
			facts.Project, facts.Manager = project.Package, project.ManagerData()
		}
	case plan.HookScript:
		facts.Migration = migration(r.App.Hooks, step.Title)
		facts.Migrates = facts.Migrates && facts.Migration != nil && facts.Migration.Kind == app.Migrates
	default: // the step has the facts of the build
	}
	return facts
}

// appFacts returns the facts of the app's own commands.
func (r Runner) appFacts() diagnose.Facts {
	own := r.Envs.App()
	python, node := r.Plan.Offers()
	facts := diagnose.Facts{
		Root: r.Root, SettingsModule: own.Vars[app.SettingsVariable], Packages: r.App.Node, Node: r.Plan.Node != nil,
		Has:        func(name string) bool { _, set := own.Filled()[name]; return set },
		Production: r.Plan.Config.NPM.Production.On, Free: r.Free, Ran: r.Done.Ran, Blocked: r.Done.Blocked,
		Offers:   diagnose.Offers{Python: python, Node: node},
		Migrates: r.Found.Has("django") && r.Plan.Manage.Path != "",
	}
	if node := r.App.Others.Node; node != nil {
		facts.Pruned = diagnose.Pruned{Names: r.App.Others.Pruned, By: node.Buildpack, Unset: r.Unpruned}
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
	return facts
}

// migration returns the line of a hook that changes a database; nil if there is none.
func migration(hooks app.Hooks, name string) *app.Find {
	for _, hook := range []*app.Hook{hooks.PreCompile, hooks.PostCompile} {
		if hook == nil || hook.Path != name {
			continue
		}
		changes := func(f app.Find) bool { return f.Kind == app.Migrates || f.Kind == app.Upgrades }
		if i := slices.IndexFunc(hook.Finds, changes); i >= 0 {
			return &hook.Finds[i]
		}
	}
	return nil
}

// failed returns a step as rules describe it.
func (r Runner) failed(step plan.Step) diagnose.Step {
	project, ok := r.Plan.ProjectOf(step)
	failed := diagnose.Step{
		Kind: string(step.Kind), Sets: append(slices.Clip(step.Explain), "machine"), Try: step.Try,
		Title: cmp.Or(step.Failed, step.Title), Command: show.Command(step.Argv),
	}
	switch step.Kind {
	case plan.PythonTool:
		failed.Words = diagnose.PythonWords(r.Plan.Python.ManagerData())
	case plan.InstallPython:
		failed.Dir, failed.Words = step.Dir, diagnose.PythonWords(r.Plan.Python.ManagerData())
		failed.Words["tool"], failed.Words["file"] = step.Argv[0], r.Plan.Python.Sources.Files[0]
	case plan.InstallNode, plan.InstallScript, plan.Prune:
		failed.Dir, failed.Words = project.Package.Dir, diagnose.NodeWords(project.ManagerData())
		if step.Kind != plan.InstallScript {
			failed.Command = step.Try
		}
	case plan.Fetch, plan.NodeTool:
		failed.Kind = string(plan.NodeTool)
		failed.Words = diagnose.ToolWords(project.ManagerData(), project.Tool.Version)
	case plan.Script:
		failed.Words = diagnose.Words{"add": r.Plan.Node.Add(step.Dir)}
		if ok {
			failed.Dir = project.Package.Dir
		}
	default:
		failed.Words = diagnose.Words{"add": r.Plan.Node.Add(".")}
	}
	return failed
}
