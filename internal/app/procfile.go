package app

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
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
		if m == nil {
			r.problem(&fail.Error{
				ID: "procfile/line", What: fmt.Sprintf("line %d of the Procfile is not a process type", number),
				Why: "    " + show.Line(line),
				Fix: "Write each line as a name, a colon and a command:\n    web: gunicorn mysite.wsgi",
			})
			continue
		}
		processes = append(processes, Process{m[1], m[2], number})
	}
	return processes
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

// profiles are scripts of the root folder that Heroku classic and Cloud Foundry source before each process, in their order.
// https://devcenter.heroku.com/articles/dynos#the-profile-file
func (r *reader) profiles() []string {
	scripts, _ := fs.Glob(r.fsys, ".profile.d/*.sh") // the pattern is ours, and what cannot be read is not there
	return append(scripts, r.present(".", []string{".profile"})...)
}
