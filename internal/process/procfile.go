package process

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/show"
)

// manageAdvice returns hints about processes that call a manage.py that is not where they start, because another
// platform used a subdirectory of the app as its root.
func manageAdvice(a app.App, manage app.Manage) (lines []string) {
	name := manage.From(a.ProcfileDir)
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
