package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// advice has a hint or a warning for each kind of finding in an old hook. The hook runs anyway: most such lines do no
// harm.
var advice = map[string]note.Note{
	app.Migrates: {ID: "hook/migrates", Severity: note.Warning, Text: "a build should change no database: the " +
		"image may never be started. Run the process type migrate when you deploy"},
	app.Upgrades: {ID: "hook/upgrades", Severity: note.Warning, Text: "a build should change no database: the " +
		"image may never be started. Give the command a line in the Procfile (migrate: …), and run that process type " +
		"when you deploy"},
	app.CallsApt: {ID: "hook/apt", Severity: note.Warning, Text: "a build is not root, so apt-get install " +
		"fails. List the Debian packages in Aptfile instead"},
	app.HerokuFolder: {ID: "hook/heroku-directory", Text: "a build has no directory .heroku of Heroku's, and " +
		"does not need it: python, node and the packages' programs are on PATH"},
	app.AppFolder: {ID: "hook/app-directory", Text: "the app is not in /app, but in $BUILD_DIR, which is also the " +
		"working directory and the first argument"},
	app.ProfileD: {ID: "hook/profile-scripts", Text: "no process of an image runs the scripts in .profile.d. A line " +
		"of the Procfile can: web: . ./.profile.d/NAME.sh && …"},
	app.PipesToShell: {ID: "hook/downloads-script", Text: "it runs a script that its host may change at any time; " +
		"if it installs Node or a package manager, Tandem has done that"},
}

// Advice returns a note for each line of a hook that works differently in this build. root is the app's directory, an
// absolute path.
func Advice(hook *app.Hook, root string) (said []note.Note) {
	for _, f := range hook.Finds {
		if f.Kind == app.AppFolder && app.InDir(root, "/app") {
			continue
		}
		n := advice[f.Kind]
		n.Text = fmt.Sprintf("%s, line %d: %s\n    %s", show.Name(f.File), f.Line, n.Text, show.Line(f.Text))
		n.File, n.Line = f.File, f.Line
		if f.Kind == app.CallsApt && f.Fatal {
			n.Effect = note.FailsBuild
		}
		said = append(said, n)
	}
	return said
}

// manageAdvice returns hints about processes that call a manage.py that is not where they start, because another
// platform used a subdirectory of the app as its root.
func manageAdvice(a app.App, manage app.Manage) (lines []string) {
	name := fromDir(a.ProcfileDir, manage.Path)
	if !strings.Contains(name, "/") {
		return nil
	}
	for _, process := range a.Procfile {
		if changed, ok := app.WithManage(process.Command, show.Path(name)); ok {
			lines = append(lines, fmt.Sprintf("Procfile, line %d: there is no manage.py where processes start. It "+
				"is in a directory:\n    %s: %s", process.Line, process.Type, show.Line(changed)))
		}
	}
	return show.Notes(lines)
}

// profileAdvice returns a hint about scripts that no process sources: in this version of the API all processes are
// direct.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#launchtoml-toml
func profileAdvice(a app.App, processes []Process) (lines []string) {
	var idle []string
	var source strings.Builder
	for _, script := range a.Profiles {
		if !slices.ContainsFunc(processes, func(p Process) bool { return commandUses(p.Command, script) }) {
			idle = append(idle, script)
			source.WriteString(". " + show.Word("./"+script) + " && ")
		}
	}
	if len(idle) == 0 || len(processes) == 0 {
		return nil
	}
	p := processes[max(0, slices.IndexFunc(processes, func(p Process) bool { return p.Default }))]
	return []string{fmt.Sprintf("Processes: they do not begin with %s, as on Heroku classic. A line of the "+
		"Procfile that does:\n    %s: %s%s", show.List(idle), p.Type, &source, show.Line(p.Command))}
}

// commandUses reports whether a file is a word of a command.
func commandUses(command, file string) bool {
	return slices.ContainsFunc(strings.Fields(command),
		func(word string) bool { return path.Clean(strings.TrimRight(word, ";&")) == file })
}
