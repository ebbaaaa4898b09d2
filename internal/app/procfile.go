package app

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Process is a line of the Procfile.
type Process struct {
	Type, Command string
	Line          int // counted from 1
}

// procfileLine is the form of a process type's line; what the launcher accepts as a type is wider, Heroku's is this.
// https://devcenter.heroku.com/articles/procfile
var procfileLine = regexp.MustCompile(`^([A-Za-z0-9_-]+)\s*:\s*(\S.*)$`)

func (r *reader) readProcfile() (processes []Process) {
	text, _ := r.text("Procfile")
	number := 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := procfileLine.FindStringSubmatch(line)
		switch {
		case len(line) > limits.ProcfileLine:
			r.procfileProblem(fmt.Sprintf("line %d of the Procfile is too long", number),
				fmt.Sprintf("It has %d KB, at most %d KB are read.", len(line)>>10, limits.ProcfileLine>>10),
				fail.Say{Text: "Put the command into a script:"}, fail.Edit{Lines: []string{"web: bin/web"}})
		case m == nil:
			r.procfileProblem(fmt.Sprintf("line %d of the Procfile is not a process type", number),
				"    "+show.Line(line),
				fail.Say{Text: "Write each line as a name, a colon and a command:"},
				fail.Edit{Lines: []string{"web: gunicorn mysite.wsgi"}})
		case len(processes) == limits.ProcessTypes:
			r.procfileProblem(fmt.Sprintf("line %d of the Procfile is one process type too many", number),
				fmt.Sprintf("At most %d are read.", limits.ProcessTypes),
				fail.Say{Text: "Delete the lines that the app does not need."})
			return processes
		default:
			processes = append(processes, Process{m[1], m[2], number})
		}
	}
	return processes
}

func (r *reader) procfileProblem(what, why string, fix ...fail.Action) {
	err := &fail.Error{ID: "procfile/line", What: what, Why: why, Fix: fix}
	r.unreadable = append(r.unreadable, Unreadable{"Procfile", err, Processes})
}

// procfilesBelow are those that somebody may take for the app's.
func (r *reader) procfilesBelow(py *Python) (found []string) {
	if py == nil || r.exists("Procfile") {
		return nil
	}
	dirs := []string{py.Dir}
	for _, m := range py.Manage[:min(1, len(py.Manage))] {
		dirs = append(dirs, path.Dir(m.Path))
	}
	for _, dir := range slices.Compact(dirs) {
		found = append(found, r.present(dir, []string{"Procfile"})...)
	}
	return found
}

// profiles are scripts of the root folder that Heroku classic and Cloud Foundry source before each process, in their
// order.
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
