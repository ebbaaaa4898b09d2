package app

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// candidates are the paths of the files of a folder that may be meant, the usual one first.
func (r *reader) candidates(dir string) (names []string) {
	folder, err := fs.Sub(r.fsys, dir)
	if err != nil {
		return nil // no folder of that name
	}
	for _, pattern := range []string{"requirements.txt", "*requirements*.txt", "requirements/*.txt"} {
		found, _ := fs.Glob(folder, pattern) // the patterns are right
		for _, base := range found {
			if name := path.Join(dir, base); r.exists(name) && !slices.Contains(names, name) && base != "requirements.txt.txt" {
				names = append(names, name)
			}
		}
	}
	return names
}

// requirements are those that the user names, together, or else each file that may be meant.
func (r *reader) requirements(named []string, py *Python) (all []Requirements) {
	if len(named) > 0 {
		return []Requirements{r.oneRequirements(py.Dir, named)}
	}
	for _, name := range py.Candidates {
		all = append(all, r.oneRequirements(py.Dir, []string{name}))
	}
	return all
}

// oneRequirements reads files that pip gets when it works in dir.
func (r *reader) oneRequirements(dir string, names []string) Requirements {
	text, _ := r.text(names[0])
	q := Requirements{Names: names, Exporter: manager.Exporter(text)}
	q.Sources = manager.Pip().Read(r.sourceIn(dir), Below(dir, names)).In(dir)
	for _, name := range names {
		if !r.exists(name) {
			q.Missing = append(q.Missing, name)
		}
	}
	return q
}

// maxShown bounds how many lines of requirements files an error repeats.
const maxShown = 3

// Problem is the user's error about the files, if they are the ones to install; nil if there is none.
func (q Requirements) Problem() error {
	if err := q.Err; err != nil {
		return &fail.Error{
			ID: "app/unreadable", What: show.Name(q.Names[0]) + " cannot be read", Why: err.Error(), Err: err,
			Fix: "Split it, or remove the files that it does not need.",
		}
	}
	if len(q.Refused) == 0 {
		return nil
	}
	var lines []string
	for _, line := range q.Refused[:min(maxShown, len(q.Refused))] {
		lines = append(lines, fmt.Sprintf("%s: %s needs %s", place(line.File, line.Number), show.Quoted(line.Text),
			line.Wants))
	}
	if len(q.Refused) > maxShown {
		lines = append(lines, "and more lines of this kind")
	}
	return &fail.Error{
		ID: "python/requirements-line", What: show.Name(q.Refused[0].File) + " has a line that pip refuses",
		Why: strings.Join(lines, "\n"), Fix: "Complete the line, or delete it.",
	}
}
