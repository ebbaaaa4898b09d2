package app

import (
	"io/fs"
	"slices"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// candidates are the files that may be meant, the usual one first.
func (r *reader) candidates() (names []string) {
	for _, pattern := range []string{"requirements.txt", "*requirements*.txt", "requirements/*.txt"} {
		found, _ := fs.Glob(r.fsys, pattern) // the patterns are right
		for _, name := range found {
			if r.exists(name) && !slices.Contains(names, name) && name != "requirements.txt.txt" {
				names = append(names, name)
			}
		}
	}
	return names
}

// requirements are those that the user names, together, or else each file that may be meant.
func (r *reader) requirements(named, candidates []string) (all []Requirements) {
	if len(named) > 0 {
		return []Requirements{r.oneRequirements(named)}
	}
	for _, name := range candidates {
		all = append(all, r.oneRequirements([]string{name}))
	}
	return all
}

func (r *reader) oneRequirements(names []string) Requirements {
	text, _ := r.text(names[0])
	q := Requirements{Names: names, Exporter: manager.Exporter(text), Sources: manager.Pip().Read(r.source(), names)}
	for _, name := range names {
		if !r.exists(name) {
			q.Missing = append(q.Missing, name)
		}
	}
	return q
}
