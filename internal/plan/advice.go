package plan

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
)

// advice is what to know about an old hook before it runs. It runs all the same: most such lines do no harm.
var advice = map[string]string{
	app.Migrates:     "a build should change no database: the image may never be started. Run the process type migrate when you deploy",
	app.CallsApt:     "a build is not root and cannot install Debian packages. They must be in the builder's images; Heroku's builders have a buildpack for them (heroku/deb-packages)",
	app.HerokuFolder: "there is no folder .heroku: python, node and the packages' programs are on PATH",
	app.AppFolder:    "the app is not in /app, but in $BUILD_DIR, which is also the working folder and the first argument",
	app.PipesToShell: "it runs what somebody else may change at any time; if it installs Node or a package manager, Tandem has done that",
}

// Advice is one line for each thing that a hook does otherwise than one would here; root is the app's folder.
func Advice(hook *app.Hook, root string) (lines []string) {
	for _, f := range hook.Finds {
		if f.Kind == app.AppFolder && within(root, "/app") {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s, line %d: %s\n    %s", hook.Path, f.Line, advice[f.Kind], f.Text))
	}
	return lines
}

// callsManage is a call of a manage.py beside which the process starts.
var callsManage = regexp.MustCompile(`(^|[\s;&|])(python3?\s+)(?:\./)?manage\.py\b`)

// manageAdvice is for processes that call a manage.py where there is none: on other platforms a folder of the app was the root.
func manageAdvice(a app.App, manage app.Manage) (lines []string) {
	if manage.Depth() == 0 {
		return nil
	}
	for _, process := range a.Procfile {
		if callsManage.MatchString(process.Command) && !slices.Contains(strings.Fields(process.Command), "cd") {
			lines = append(lines, fmt.Sprintf("Procfile, line %d: where processes start there is no manage.py. It is in a folder:\n    %s: %s", process.Line, process.Type,
				callsManage.ReplaceAllString(process.Command, "${1}${2}"+manage.Path)))
		}
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
