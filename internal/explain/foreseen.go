package explain

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/entry"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/settings"
	"github.com/tandem-cnb/tandem/internal/show"
)

// foresee returns x with what the files of a build tell about its packages and settings. The error is the user's, and
// the build would fail with it.
//
// A plan knows nothing of the packages, since a build sees them when they are installed. An explanation has more time
// and less certainty: it reads the lockfile and the settings, and closes the conditions that they decide.
func (x explanation) foresee(files fs.FS, arch string) (explanation, error) {
	if !x.Open.Packages {
		py := x.Plan.Python
		x.listed = app.ListedPackages(files, py.Dir, py.Manager, py.Wanted, py.Machine(arch))
	}
	x.counts = map[string]int{}
	for _, project := range x.Projects() {
		if project.Install != nil {
			x.counts[project.Package.Dir] = app.CountPackages(files, project.Package, project.Manager, arch)
		}
	}
	if x.Manage.Path != "" {
		module := cmp.Or(x.env[app.SettingsVariable], x.App.Python.Settings.Module)
		x.settings = settings.Read(files, x.Manage.Dir, module)
		x.served = x.settings
		if served := x.App.ServedSettings(x.env[app.SettingsVariable]); served != module {
			x.served = settings.Read(files, x.Manage.Dir, served)
		}
	}
	x.Plan = x.WithDebian(plan.System{Listed: x.listed, Geo: x.settings.Apps.Has("django.contrib.gis")})
	foreseen, err := x.Foresee(x.listed, plan.ForeseenSettings(x.settings))
	x.Plan = foreseen
	if x.Config.Image.CheckProcesses && x.App.Hooks.PreCompile == nil {
		x.Plan = x.ForeseeServed(entry.App{Files: files, Root: inPack.App, Modules: x.Modules()}.Look)
		x.Plan.Notes = slices.Concat(x.Plan.Notes, x.ForeseeDirs(func(dir string) bool {
			info, err := fs.Stat(files, dir)
			return err == nil && info.IsDir()
		}))
	}
	x.needed = entry.Needed(files, x.Plan, x.served)
	return x, fail.Join(err, x.variablesUnset(), x.staticRootUnset())
}

// staticRootUnset returns the error of collectstatic if the settings certainly have no STATIC_ROOT.
func (x explanation) staticRootUnset() error {
	at := x.settings.NoStaticRoot
	// bin/pre_compile may write the settings.
	if _, collects := x.Collects(); !collects || at.File == "" || x.App.Hooks.PreCompile != nil {
		return nil
	}
	err := diagnose.NoStaticRoot(at.File, at.Code, at.Line).Error()
	err.File, err.Line = at.File, at.Line
	return err
}

// variablesUnset returns the error of a build whose settings lack variables; nil if no step certainly loads them.
func (x explanation) variablesUnset() error {
	unset := x.unset()
	// bin/pre_compile may write a file with variables.
	if len(unset) == 0 || !x.LoadsSettings() || x.settings.Open || x.App.Hooks.PreCompile != nil {
		return nil
	}
	err := diagnose.UnsetVariables(unset).Error()
	err.File, err.Line = unset[0].File, unset[0].Line
	return err
}

// unset returns the variables that the settings of the build need, and that the build does not get.
func (x explanation) unset() (all []diagnose.Unset) {
	for _, v := range x.settings.Variables {
		if x.source(v.Name) == "" {
			all = append(all, diagnose.Unset{Name: v.Name, File: v.File, Code: v.Code, Line: v.Line})
		}
	}
	return all
}

// source returns where a build gets a variable from, as the end of a sentence. It is empty if it does not get it.
//
// A build also gets variables from a binding tandem-build-env, which is not visible here.
func (x explanation) source(name string) string {
	_, inProject := x.project.Env[name]
	_, isSet := x.env[name]
	switch {
	case isSet && inProject && x.env[name] == x.project.Env[name]:
		return "the build gets it from project.toml"
	case isSet:
		return "the build gets it from --env"
	case slices.Contains([]string{"HOME", "PATH", "PWD"}, name):
		return "each container has it"
	case bool(x.Config.SecretKeyPlaceholder) && len(diagnose.SecretKeys([]string{name}, "", "")) > 0:
		return "the build gets a placeholder"
	}
	return ""
}

// variables returns the variables that the container needs.
func (x explanation) variables() (all []Variable) {
	for _, v := range x.needed {
		all = append(all, Variable{v.Name, v.File, v.Line, cmp.Or(x.source(v.Name), "the build does not get it")})
	}
	return all
}

// variablesHint returns a hint about the variables that the container needs; none if it needs none.
func (x explanation) variablesHint() []note.Note {
	variables := x.variables()
	if len(variables) == 0 {
		return nil
	}
	names, places := 0, 0
	for _, v := range variables {
		names, places = max(names, len(show.Name(v.Name))), max(places, len(v.place()))
	}
	text := fmt.Sprintf("the container needs %d variables", len(variables))
	if len(variables) == 1 {
		text = "the container needs a variable"
	}
	for _, v := range variables {
		text += fmt.Sprintf("\n  %-*s   %-*s   %s", names, show.Name(v.Name), places, v.place(), v.Build)
	}
	if x.Manage.Path == "" {
		return []note.Note{{ID: "web/variables", Text: text}}
	}
	return []note.Note{{ID: "django/variables", Text: text}}
}

// place returns the file and the line that read the variable.
func (v Variable) place() string { return fmt.Sprintf("%s:%d", show.Name(v.File), v.Line) }
