package build

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/traceback"
)

// djangoError explains the failure of a management command.
func (b *builder) djangoError(e fail.Error, failed *run.Error) error {
	if killed(failed) {
		return traceback.Killed(e)
	}
	return b.djangoApp().Explain(e, failed.Tail)
}

// djangoApp is what is known of the app when a command of Django's has failed.
func (b *builder) djangoApp() traceback.App {
	known := traceback.App{
		Root: b.root, Has: b.has, SettingsModule: b.appVars().Vars[app.SettingsVariable],
		Packages: b.app.Node, Node: b.plan.Node != nil, Production: b.config.NPMProduction.On, Ran: b.ran,
	}
	known.Add = b.plan.Node.Add(".")
	if b.app.Python != nil {
		known.Modules = b.app.Python.SettingsModules
	}
	if known.SettingsModule == "" && b.app.OtherSettings() {
		known.Build, known.Served = b.app.Python.Settings.Module, b.app.Python.Served.Module
	}
	for _, project := range b.projects() {
		if project.Install != nil {
			known.Installed = append(append(known.Installed, project.Package.Dir), project.Package.Workspaces...)
		}
	}
	return known
}

// projects are those of Node, if it takes part.
func (b *builder) projects() []plan.Project {
	if b.plan.Node == nil {
		return nil
	}
	return b.plan.Node.Projects
}
