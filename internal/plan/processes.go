package plan

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// Process is a process type of the image. Its command is run by bash.
type Process struct {
	Type, Command string
	Default       bool
}

// Processes are the Procfile's lines; without one, what certainly serves the app. Exactly one is the default where there is
// a choice to make: web, or the only one. Django's migrations are one more, unless the Procfile has them: nothing runs them by itself.
func Processes(a app.App, p *Plan, in Installed, root string) (processes []Process) {
	p.Notes = append(p.Notes, procfileAdvice(a, root)...)
	p.Notes = append(p.Notes, manageAdvice(a, p.Manage)...)
	processes = Procfile(a)
	if len(processes) == 0 {
		if command := p.web(a, in); command != "" {
			processes = append(processes, Process{Type: "web", Command: command})
		}
	}
	for i := range processes {
		processes[i].Default = processes[i].Type == "web" || len(processes) == 1
	}
	p.Notes = append(p.Notes, profileAdvice(a, processes)...)
	has := slices.ContainsFunc(processes, func(p Process) bool { return p.Type == "migrate" })
	if !has && in.Has("django") && p.Manage.Path != "" {
		command := "exec python " + shell.QuotePath(p.Manage.Path) + " migrate --noinput"
		processes = append(processes, Process{Type: "migrate", Command: command})
	}
	return processes
}

// Procfile are the processes of its lines.
func Procfile(a app.App) (processes []Process) {
	for _, line := range procfile(a) {
		processes = append(processes, Process{Type: line.Type, Command: line.Command})
	}
	return processes
}

// procfile is one line for each type: of two the later counts, in the place of the first, as on Heroku.
func procfile(a app.App) (lines []app.Process) {
	for _, line := range a.Procfile {
		at := slices.IndexFunc(lines, func(earlier app.Process) bool { return earlier.Type == line.Type })
		if at < 0 {
			lines = append(lines, line)
		} else {
			lines[at] = line
		}
	}
	return lines
}
