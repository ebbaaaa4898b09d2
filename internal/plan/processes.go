package plan

import (
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// Process is a process type of the image. Its command is run by bash.
type Process struct {
	Type, Command string
	Dir           string // where it starts, relative to the app's root; "." for the root
	Default       bool
	If            installed.Condition // empty once it is known

	Line   int          // of the Procfile, counted from 1; 0 for a process without a line
	Serves []app.Served // what its servers import
	Next   []Process    // what the process is instead if that is not there, the best first
}

// processes returns the Procfile's lines; without one, what certainly serves the app. Exactly one is the default if
// there is a choice: web, or the only one. Django's migrations are one more, unless the Procfile has them: nothing
// runs them on its own.
func (p Plan) processes(in installed.Found, root string) (all []Process, said note.List) {
	all, said = p.fitted(in, root)
	said.Hints("procfile/manage-path", manageAdvice(p.app, p.Manage)...)
	if len(all) == 0 {
		said = append(said, p.hiddenWeb()...)
		web, also := p.web(in)
		if said = append(said, also...); web.Command != "" {
			all = append(all, web)
		}
	}
	for i := range all {
		all[i].Default = all[i].Type == "web" || len(all) == 1
	}
	said.Hints("procfile/profile-scripts", profileAdvice(p.app, all)...)
	has := slices.ContainsFunc(all, func(p Process) bool { return p.Type == "migrate" })
	if !has && in.Has("django") && p.Manage.Path != "" {
		command := "exec python " + shell.QuotePath(p.managePath()) + " migrate --noinput"
		all = append(all, Process{Type: "migrate", Command: command, Dir: p.home()})
	}
	return all, said
}

// openProcesses returns the processes that the image may get, with conditions for what is not known yet; root is the
// app's directory. Notes are about what is certain.
func (p Plan) openProcesses(root string) (all []Process, said note.List) {
	found := installed.Found{Packages: map[string]string{}}
	if p.Manage.Path != "" {
		found.Packages["django"] = ""
	}
	certain, said := p.processes(found, root)
	if len(p.app.Procfile) == 0 {
		all = p.possibleWeb()
	}
	if len(all) > 0 {
		said = p.hiddenWeb() // the others are about no server being installed
	}
	for _, process := range certain {
		if !hasLine(p.app, process.Type) {
			process.If = installed.IfDjango // migrate
		}
		all = append(all, process)
	}
	return all, said
}

// Commands returns the commands of processes.
func Commands(processes []Process) (commands []string) {
	for _, process := range processes {
		commands = append(commands, process.Command)
	}
	return commands
}

// Procfile returns the processes of the Procfile as they are written.
func Procfile(a app.App) (processes []Process) {
	for _, line := range procfile(a) {
		processes = append(processes, Process{Type: line.Type, Command: line.Command, Dir: a.ProcfileDir})
	}
	return processes
}

// procfile returns one line for each process type. If a type is repeated, its last line replaces the first one, as on
// Heroku.
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

// served returns what the processes import, and what they would import instead, each once. The default process has
// candidates, so that the others are imported in the same run: a second one would take as long again. Two processes
// that import the same object in the same way share a result.
func served(processes []Process) (all []app.Served) {
	for _, process := range processes {
		for _, candidate := range append([]Process{process}, process.Next...) {
			for _, s := range candidate.served() {
				if !slices.ContainsFunc(all, func(other app.Served) bool { return same(s, other) }) {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// served returns what the servers of the process import, with the directories in which they run.
func (p Process) served() (all []app.Served) {
	for _, s := range p.Serves {
		if !path.IsAbs(s.Dir) {
			s.Dir = path.Join(p.Dir, s.Dir)
		}
		all = append(all, s)
	}
	return all
}

// same reports whether two imports have the same result: the object, and all that decides about where Python finds it
// and what its module reads.
func same(a, b app.Served) bool {
	return a.Name() == b.Name() && a.Interface == b.Interface && a.Arguments == b.Arguments && a.Dir == b.Dir &&
		slices.Equal(a.Path, b.Path) && fmt.Sprint(a.Vars) == fmt.Sprint(b.Vars)
}
