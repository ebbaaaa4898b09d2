package steps

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// LogNotes logs notes in the way that their severity requires.
func LogNotes(log *ui.Branch, notes []note.Note) {
	for _, n := range notes {
		switch n.Severity {
		case note.Hint:
			log.Header("%s", n.Text)
		case note.Warning:
			log.Warn("%s", n.Text)
		}
	}
}

// LogCompiled names the packages that a compiler of this build image has made: their bytes may differ from machine to
// machine.
func LogCompiled(log *ui.Branch, names []string) {
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	log.Header("Compiled from source (the result may differ between machines): %s",
		show.Series(slices.Compact(names)))
}
