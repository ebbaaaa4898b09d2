package steps

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// LogNotes logs notes in the way that their severity requires.
func LogNotes(log *ui.Branch, notes []plan.Note) {
	for _, note := range notes {
		switch note.Severity {
		case plan.Hint:
			log.Header("%s", note.Text)
		case plan.Warning:
			log.Warn("%s", note.Text)
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
