package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// manage chooses Django's manage.py: the one asked for, else the one that lies less deep than all others.
func manage(a app.App, c config.Config) (_ app.Manage, said note.List, err error) {
	found := a.Python.Manage
	if len(found) == 0 {
		return app.Manage{}, nil, noManage(c)
	}
	var paths []string
	for _, m := range found {
		if m.Depth() == found[0].Depth() {
			paths = append(paths, show.Path(m.Path)) // one of them may be pasted
		}
	}
	if root := a.RootElsewhere; len(paths) > 1 && root.Has(found[0].Path) && !root.Has(found[1].Path) {
		said.Hint("django/manage-by-platform", "%s is used, and not %s, because of %s in %s", paths[0], paths[1],
			root.Variable, root.File)
		return found[0], said, nil
	}
	if len(paths) > 1 {
		return app.Manage{}, nil, &fail.Error{
			ID: "django/several-manage", What: "The app has more than one manage.py of Django",
			Why: "Found in directories of the same depth:\n" + show.Below(paths),
			Fix: fail.Fix{
				fail.Say{Text: "Say which one it is:"},
				fail.Set{Name: config.ManagePath, Value: found[0].Path},
			},
		}
	}
	return found[0], nil, nil
}

// noManage returns an error if settings need a manage.py and the app has none.
func noManage(c config.Config) error {
	switch {
	case c.ManagePath != "":
		return &fail.Error{
			ID: "django/no-manage", What: fmt.Sprintf("%s names a file that is not in the app", config.ManagePath),
			Why: fmt.Sprintf("It is %s, read from the app's root directory.", show.Quoted(c.ManagePath)),
			Fix: fail.Fix{
				fail.Say{Text: "Correct the path of manage.py, or remove the variable to let Tandem find it."},
			},
		}
	case len(c.CommandsBefore)+len(c.CommandsAfter) > 0:
		return &fail.Error{
			ID: "django/no-manage", What: "There is no manage.py of Django to run management commands with",
			Why: fmt.Sprintf("%s or %s is set. Looked for manage.py in the app's root directory and up to "+
				"three directories below it.", config.CommandsBefore, config.CommandsAfter),
			Fix: fail.Fix{
				fail.Say{Text: "Set " + config.ManagePath + " to its path in the app, or remove the commands."},
			},
		}
	}
	return nil
}

// settingsDiffer notes that collectstatic and the servers have different settings, as far as can be seen. isSet reports
// whether the build has a variable.
func settingsDiffer(a app.App, c config.Config, isSet func(name string) bool) (said note.List) {
	if c.Collectstatic.Disable.On || isSet(app.SettingsVariable) || !a.OtherSettings() {
		return nil
	}
	build, served := a.Python.Settings, a.Python.Served
	said.Hint("django/settings-differ",
		"Settings: the build uses %s (%s), the container %s (%s). To use these in the build: %s=%s",
		build.Module, show.Name(build.File), served.Module, show.Name(served.File), app.SettingsVariable, served.Module)
	return said
}

// settingsMissing returns the error for a manage.py that chooses a module which the app does not have, but another file
// of its name. A script of the build may create the module.
func (q Question) settingsMissing() error {
	chosen := app.Chosen{}
	if q.App.Python != nil {
		chosen = q.App.Python.Settings
	}
	creates := func(text string) bool { return strings.Contains(text, "settings") }
	for _, n := range q.App.Node {
		if slices.ContainsFunc(slices.Collect(maps.Values(n.Scripts)), creates) {
			return nil
		}
	}
	if chosen.Instead == "" || isSet(q.Vars)(app.SettingsVariable) {
		return nil
	}
	fix := fail.Fix{fail.Say{Text: "Commit the module, or correct " + show.Name(chosen.File) + "."}}
	if modules := q.App.Python.SettingsModules; len(modules) > 0 {
		fix = append(fix, fail.Say{Text: "Or choose another module of the app:"},
			fail.Set{Name: app.SettingsVariable, Value: modules[0]})
	}
	return absent{&fail.Error{
		ID: "django/settings-missing", What: "manage.py chooses settings that the app does not have",
		Why: fmt.Sprintf("%s chooses %s. The app has %s instead.", show.Name(chosen.File), chosen.Module,
			show.Name(chosen.Instead)),
		Fix: fix, File: chosen.File,
	}, app.Unknown}
}

// settingsChosen notes settings that no file chooses, and settings for development where the app has others for
// production. isSet reports whether the build has a variable.
func settingsChosen(a app.App, isSet func(name string) bool) (said note.List) {
	py := a.Python
	sets := func(p app.Process) bool { return strings.Contains(p.Command, app.SettingsVariable) }
	if py == nil || len(py.Manage) == 0 || isSet(app.SettingsVariable) || slices.ContainsFunc(a.Procfile, sets) {
		return nil
	}
	if py.NoSettings && len(py.SettingsModules) > 0 {
		said.Hint("django/settings-not-chosen", "Settings: %s chooses no module, so the build and the container need "+
			"%s=%s", show.Name(py.Manage[0].Path), app.SettingsVariable, py.SettingsModules[0])
	}
	served := cmp.Or(py.Served.Module, py.Settings.Module)
	if production := productionModule(py.Settings.Module, py.SettingsModules); production != "" &&
		served == py.Settings.Module {
		said.Warn("django/settings-for-development", "%s chooses %s, and the app has %s. To use it in the build "+
			"and the container: %s=%s", show.Name(py.Settings.File), served, production, app.SettingsVariable,
			production)
	}
	return said
}

// productionModule returns the module for production next to a module that has a name for development. It is empty if
// there is none.
func productionModule(module string, modules []string) string {
	dot := strings.LastIndex(module, ".") + 1
	if !slices.Contains([]string{"dev", "development", "local", "debug"}, module[dot:]) {
		return ""
	}
	for _, name := range []string{"production", "prod", "deploy", "deployment"} {
		if slices.Contains(modules, module[:dot]+name) {
			return module[:dot] + name
		}
	}
	return ""
}

// management returns the step of a management command.
func (p Plan) management(id string, words []string) Step {
	return Step{
		ID: id, Kind: Management, Place: Place{Stage: App},
		Command: Command{
			Dir: p.home(), Argv: append([]string{"python", p.managePath()}, words...), Env: EnvCommand,
		},
		About: About{Title: "manage.py " + words[0], Failed: show.Command(words), Explain: []string{"django"}},
	}
}
