package plan

import (
	"fmt"

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
