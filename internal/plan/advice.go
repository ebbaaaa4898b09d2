package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/app"
)

// advice is what to know about an old hook before it runs. It runs all the same: most such lines do no harm.
var advice = map[string]string{
	app.Migrates:     "a build should change no database: the image may never be started. Run the process type migrate when you deploy",
	app.Upgrades:     "a build should change no database: the image may never be started. Give the command a line in the Procfile (migrate: …), and run that process type when you deploy",
	app.CallsApt:     "a build is not root and cannot install Debian packages. They must be in the builder's images; Heroku's builders have a buildpack for them (heroku/deb-packages)",
	app.HerokuFolder: "there is no folder .heroku: python, node and the packages' programs are on PATH",
	app.AppFolder:    "the app is not in /app, but in $BUILD_DIR, which is also the working folder and the first argument",
	app.CallsPip:     "there is no pip in a build, and what a hook installs is not kept. List the package where the others are; BP_PYTHON_REQUIREMENTS names more files",
	app.OfBuildpack:  "BIN_DIR is a folder of Heroku's Python buildpack, which is not here: the script ends at this line, or its functions (puts-step, indent, set-env) are missing",
	app.ProfileD:     "no container runs what is in .profile.d. It runs the file .profile of the app's folder, $BUILD_DIR/.profile",
	app.PipesToShell: "it runs what somebody else may change at any time; if it installs Node or a package manager, Tandem has done that",
}

// Advice is one line for each thing that a hook does otherwise than one would here; root is the app's folder.
func Advice(hook *app.Hook, root string) (lines []string) {
	for _, f := range hook.Finds {
		if f.Kind == app.AppFolder && within(root, "/app") {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s, line %d: %s\n    %s", f.File, f.Line, advice[f.Kind], f.Text))
	}
	return lines
}

// procfileAdvice is the same for the Procfile. A process that begins in /app ends at once.
func procfileAdvice(a app.App, root string) (lines []string) {
	for _, process := range a.Procfile {
		if changed, ok := app.WithoutAppFolder(process.Command); ok && !within(root, "/app") {
			lines = append(lines, fmt.Sprintf("Procfile, line %d: the app is not in /app, but in %s, where its processes start. Without the folder it runs on both:\n    %s: %s",
				process.Line, root, process.Type, changed))
		}
	}
	return lines
}
