package app

import (
	"io/fs"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/manager"
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
