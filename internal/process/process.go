// Package process decides which processes an image has: lines of the Procfile as they work in the image, or what serves
// the app without one. It reads and runs nothing.
package process

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
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

// Commands returns the commands of processes.
func Commands(processes []Process) (commands []string) {
	for _, process := range processes {
		commands = append(commands, process.Command)
	}
	return commands
}

// Procfile returns the processes of the Procfile as they are written.
func Procfile(a app.App) (processes []Process) {
	for _, line := range a.ProcfileLines() {
		processes = append(processes, Process{Type: line.Type, Command: line.Command, Dir: a.ProcfileDir})
	}
	return processes
}

// Served returns what the processes import, and what they would import instead, each once. The default process has
// candidates, so that the others are imported in the same run: a second one would take as long again. Two processes
// that import the same object in the same way share a result.
func Served(processes []Process) (all []app.Served) {
	for _, process := range processes {
		for _, candidate := range append([]Process{process}, process.Next...) {
			for _, s := range candidate.imports() {
				if !slices.ContainsFunc(all, func(other app.Served) bool { return same(s, other) }) {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// imports returns what the servers of the process import, with the directories in which they run.
func (p Process) imports() (all []app.Served) {
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

// Note returns the line of the log about a process that no Procfile has.
func (p Process) Note() string {
	return fmt.Sprintf("Processes: no Procfile, %s is %s with %s", p.Type, p.Serves[0].Server,
		show.Name(p.Serves[0].Written))
}

// WithoutRows returns notes without those that only name one of the processes, as a list of the processes does.
func WithoutRows(all []note.Note, processes []Process) []note.Note {
	return slices.DeleteFunc(slices.Clone(all), func(n note.Note) bool {
		return slices.ContainsFunc(processes, func(p Process) bool { return p.If == "" && p.isNoted(n) })
	})
}

// isNoted reports whether a note is the one about this process, which no Procfile has.
func (p Process) isNoted(n note.Note) bool {
	return p.Line == 0 && p.Serves != nil && p.Note() == n.Text
}

// Brief returns the command of a process without what only a container needs. A line of the Procfile stays as it is.
func (p Process) Brief() string {
	if p.Line > 0 {
		return p.Command
	}
	return Brief(p.Command)
}

// Brief returns a command without what only a container needs, such as the port of a server. It is for commands that
// Tandem makes: no word of them has a space.
func Brief(command string) string {
	var words []string
	fields := strings.Fields(command)
	for i := 0; i < len(fields); i++ {
		switch fields[i] {
		case "--bind", "--listen", "--host", "--port", "--workers", "--access-logfile":
			i++
		case "exec", "--no-control-socket", "--noinput":
		default:
			words = append(words, fields[i])
		}
	}
	return strings.Join(words, " ")
}
