package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
)

// Process is a process type of the image. Its command is run by bash.
type Process struct {
	Type, Command string
	Default       bool
}

// Processes are the Procfile's lines; without one, what certainly serves the app. Exactly one is the default where there is
// a choice to make: web, or the only one.
func Processes(a app.App, p *Plan, in Installed, root string) (processes []Process) {
	p.Notes = append(p.Notes, procfileAdvice(a, root)...)
	lines := map[string]int{} // a type's place: of two lines for one the later counts, as on Heroku
	for _, line := range a.Procfile {
		at, again := lines[line.Type]
		if !again {
			at = len(processes)
			lines[line.Type], processes = at, append(processes, Process{Type: line.Type})
		}
		processes[at].Command = line.Command
	}
	if len(processes) == 0 {
		if module := wsgiModule(in); module == "" {
			p.note("Processes: no Procfile, and nothing that certainly serves the app. Add one:\n    web: gunicorn mysite.wsgi")
		} else {
			p.note("Processes: no Procfile, web is gunicorn with %s", module)
			processes = append(processes, Process{Type: "web", Command: `exec gunicorn --bind "0.0.0.0:${PORT:-8080}" ` + quiet(in) + module})
		}
	}
	for i := range processes {
		processes[i].Default = processes[i].Type == "web" || len(processes) == 1
	}
	return processes
}

// wsgiModule turns Django's WSGI_APPLICATION into gunicorn's argument. https://docs.djangoproject.com/en/stable/ref/settings/#wsgi-application
func wsgiModule(in Installed) string {
	if !in.Has("gunicorn") || in.Settings == nil {
		return ""
	}
	dot := strings.LastIndex(in.Settings.WSGI, ".")
	if dot < 1 {
		return ""
	}
	return in.Settings.WSGI[:dot] + ":" + in.Settings.WSGI[dot+1:]
}

// quiet keeps gunicorn from opening a socket in HOME, by which gunicornc could control it: nobody does in a container, and
// where HOME cannot be written it is an error in the log of every start. The option came with the socket, in 25.1
// (gunicorn/config.py, ControlSocket).
func quiet(in Installed) string {
	var major, minor int
	if _, err := fmt.Sscanf(in.Packages["gunicorn"], "%d.%d", &major, &minor); err != nil || major < 25 || major == 25 && minor < 1 {
		return ""
	}
	return "--no-control-socket "
}
