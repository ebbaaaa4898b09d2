package app

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// candidates returns the paths of the files in a directory that may be requirements, the usual one first.
func (r *reader) candidates(dir string) (names []string) {
	const usual = "requirements.txt"
	names = r.present(dir, []string{usual})
	for _, folder := range []string{dir, path.Join(dir, "requirements")} {
		for _, d := range r.list(folder) {
			base := d.Name()
			fits := path.Ext(base) == ".txt" && (folder != dir || strings.Contains(base, "requirements")) ||
				folder == dir && base == "requirements.lock" // of Rye, and of pip-compile
			again := folder == dir && (base == usual || base == "requirements.txt.txt")
			if fits && !again && len(names) < maxCandidates {
				names = append(names, r.present(folder, []string{base})...)
			}
		}
	}
	return names
}

// maxCandidates bounds the requirements files to choose from.
const maxCandidates = 500

// requirements returns the files that the user names, together, or else each file that may be meant.
func (r *reader) requirements(named []string, py *Python) (all []Requirements) {
	if len(named) > 0 {
		return []Requirements{r.oneRequirements(py.Dir, named)}
	}
	for i, name := range py.Candidates {
		if i == 0 {
			all = append(all, r.oneRequirements(py.Dir, []string{name}))
		} else { // it is installed only if the user names it
			all = append(all, Requirements{Names: []string{name}})
		}
	}
	return all
}

// oneRequirements reads files that pip gets when it works in dir.
func (r *reader) oneRequirements(dir string, names []string) Requirements {
	own := r.part()
	text, _ := own.text(names[0])
	q := Requirements{Names: names, Exporter: manager.Exporter(text)}
	kind := manager.Requirements
	if manager.IsPylock(names[0]) {
		kind = manager.Pylock
	}
	q.Sources = manager.Python(kind).Read(own.sourceIn(dir), Below(dir, names)).In(dir)
	q.Unreadable = own.unreadable
	for _, name := range names {
		if !r.mayBeFile(name) {
			q.Missing = append(q.Missing, name)
		}
	}
	return q
}

// maxShown bounds how many lines of requirements files an error repeats.
const maxShown = 3

// Problem returns the error to report if these files are installed, or nil.
func (q Requirements) Problem() error {
	if err := q.Err; err != nil {
		return &fail.Error{
			ID: "app/unreadable", What: show.Name(q.Names[0]) + " cannot be read", Why: err.Error(), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Split it, or remove the files that it does not need."}},
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
		Why: strings.Join(lines, "\n"), Fix: fail.Fix{fail.Say{Text: "Complete the line, or delete it."}},
		File: q.Refused[0].File, Line: q.Refused[0].Number,
	}
}

// ListedPackages reads which Python packages the files of an app list for an installation by a manager that works in
// dir. The paths of files are relative to the app's root.
func ListedPackages(fsys fs.FS, dir string, by manager.ID, wanted manager.Wanted, on manager.Machine) manager.Listed {
	listed := manager.Python(by).Packages(newReader(fsys).sourceIn(dir), wanted, on)
	for i, p := range listed.Packages {
		listed.Packages[i].File = path.Join(dir, p.File)
	}
	return listed
}

// CountPackages returns how many packages the lockfile of a package.json lists for an architecture. It is 0 if that is
// not known.
func CountPackages(fsys fs.FS, n *Node, by manager.ID, arch string) int {
	m := manager.Node(by)
	for _, name := range m.Data().Locks {
		if text, ok := newReader(fsys).text(n.Path(name)); ok {
			return m.Count(text, arch)
		}
	}
	return 0
}
