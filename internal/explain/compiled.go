package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// compiled warns of packages that the build must compile: the lockfile lists no wheel for the machine, or no release
// has one for Linux. Other notes name those whose library is among the Debian packages that the build gets.
func compiled(listed manager.Listed, debian []string) (notes []note.Note) {
	for _, p := range listed.Packages {
		library, known := diagnose.LibraryOf(p.Name)
		fits := p.Wheels == manager.FittingWheel || p.Wheels == manager.NoWheels && !known
		if fits || known && included(strings.Fields(library.Build), debian) {
			continue
		}
		why := show.Name(p.File) + " lists no wheel for this Python and architecture"
		if p.Wheels == manager.NoWheels {
			why = "no release has a wheel for Linux (" + show.Name(p.File) + ")"
		}
		text := fmt.Sprintf("%s is compiled in the build: %s. ", strings.TrimSpace(p.Name+" "+p.Version), why)
		switch {
		case known && library.InBuilder:
			text += fmt.Sprintf("It needs %s, which %s has", library.Build, fail.Builder)
		case known:
			text += fmt.Sprintf("It needs %s, which %s does not have", library.Build, fail.Builder)
		default:
			text += fmt.Sprintf("It needs a compiler, which %s has, and perhaps a library", fail.Builder)
		}
		if known && library.Instead != "" {
			text += ". With a wheel: " + library.Instead
		}
		notes = append(notes, note.Note{ID: "python/compiled", Severity: note.Warning, Text: text, File: p.File})
	}
	return notes
}

// included reports whether all names are in a list.
func included(names, list []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(list, name) })
}
