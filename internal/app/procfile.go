package app

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Process is a line of the Procfile.
type Process struct {
	Type, Command string
	Line          int            // counted from 1
	Gunicorn      GunicornConfig // of the command's gunicorn
	Missing       []string       // programs that it calls by a path in the app, where the app has no file
	Exists        []string       // paths of the command below /app that the app has, without /app
	Files         []Find         // lines with such a path in the files that the command names, the first of each file
}

// cutProcess splits a line of a Procfile. ok is false if it has not Heroku's form of a process type; the launcher would
// accept more. https://devcenter.heroku.com/articles/procfile
func cutProcess(line string) (name, command string, ok bool) {
	const blank = "\t\n\f\r "
	name, command, _ = strings.Cut(line, ":")
	name, command = strings.TrimRight(name, blank), strings.TrimLeft(command, blank)
	illegal := func(r rune) bool { return !isWord(r) && r != '-' }
	return name, command, name != "" && command != "" && !strings.ContainsFunc(name, illegal)
}

// isWord reports whether a letter is one of a word, as \w in a regular expression.
func isWord(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// procfileDir returns the directory of the Procfile: the root, or the Python project's if the root has none. py may be
// nil.
func (r *reader) procfileDir(py *Python) string {
	if py == nil || r.mayBeFile("Procfile") || !r.mayBeFile(path.Join(py.Home, "Procfile")) {
		return "."
	}
	return py.Home
}

// readProcfile returns the process types of the Procfile in dir, in its order. A line that is not valid is noted as a
// problem, and the others are read.
func (r *reader) readProcfile(dir string) (processes []Process) {
	file := path.Join(dir, "Procfile")
	text, _ := r.text(file)
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, command, ok := cutProcess(line)
		switch {
		case len(line) > limits.ProcfileLine:
			r.procfileProblem(file, fmt.Sprintf("line %d of the Procfile is too long", number),
				fmt.Sprintf("It has %d KB, at most %d KB are read.", len(line)>>10, limits.ProcfileLine>>10),
				fail.Say{Text: "Put the command into a script:"}, fail.Edit{Lines: []string{"web: bin/web"}})
		case !ok:
			r.procfileProblem(file, fmt.Sprintf("line %d of the Procfile is not a process type", number),
				"    "+show.Line(line),
				fail.Say{Text: "Write each line as a name, a colon and a command:"},
				fail.Edit{Lines: []string{"web: gunicorn mysite.wsgi"}})
		case len(processes) == limits.ProcessTypes:
			r.procfileProblem(file, fmt.Sprintf("line %d of the Procfile is one process type too many", number),
				fmt.Sprintf("At most %d are read.", limits.ProcessTypes),
				fail.Say{Text: "Delete the lines that the app does not need."})
			return processes
		default:
			processes = append(processes, Process{
				name, command, number, r.gunicornConfig(dir, command), r.missingPrograms(dir, command),
				r.existing(command), r.namedFiles(dir, command),
			})
		}
	}
	return processes
}

// procfileProblem notes a line that is not read. Its role says that a process type may be missing for that reason.
func (r *reader) procfileProblem(file, what, why string, fix ...fail.Action) {
	err := &fail.Error{ID: "procfile/line", What: what, Why: why, Fix: fix}
	r.unreadable = append(r.unreadable, Unreadable{file, err, Processes})
}

// procfilesBelow returns those that the user may take for the app's.
func (r *reader) procfilesBelow(a App) (found []string) {
	if a.Python == nil || r.exists("Procfile") {
		return nil
	}
	dirs := []string{a.Python.Dir}
	for _, m := range a.Python.Manage[:min(1, len(a.Python.Manage))] {
		dirs = append(dirs, path.Dir(m.Path))
	}
	for _, dir := range slices.Compact(dirs) {
		if dir != a.ProcfileDir {
			found = append(found, r.present(dir, []string{"Procfile"})...)
		}
	}
	return found
}

// profiles returns the scripts of the root directory that Heroku classic and Cloud Foundry source before each process,
// in their order.
// https://devcenter.heroku.com/articles/dynos#the-profile-file
func (r *reader) profiles() []string {
	var scripts []string
	for _, d := range r.list(".profile.d") {
		if path.Ext(d.Name()) == ".sh" {
			scripts = append(scripts, path.Join(".profile.d", d.Name()))
		}
	}
	return append(scripts, r.present(".", []string{".profile"})...)
}

// ProcfileLines returns one line for each process type. If a type is repeated, its last line replaces the first one, as
// on Heroku.
func (p Procfiles) ProcfileLines() (lines []Process) {
	for _, line := range p.Procfile {
		at := slices.IndexFunc(lines, func(earlier Process) bool { return earlier.Type == line.Type })
		if at < 0 {
			lines = append(lines, line)
		} else {
			lines[at] = line
		}
	}
	return lines
}

// HasLine reports whether the Procfile has a process type.
func (p Procfiles) HasLine(name string) bool {
	return slices.ContainsFunc(p.Procfile, func(line Process) bool { return line.Type == name })
}
