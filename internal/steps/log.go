package steps

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// LogCompiled names the packages that a compiler of this build image has made: their bytes may differ from machine to
// machine.
func LogCompiled(log *ui.Branch, names []string) {
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	log.Header("Compiled from source, so another machine may get other bytes: %s",
		show.Series(slices.Compact(names)))
}
