package app

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// aptfile is the file of Heroku's buildpack that lists Debian packages.
const aptfile = "Aptfile"

// Aptfile has the Debian packages that the app lists, as apt-get takes them. An error of the user is noted for each
// line that is not a package.
type Aptfile struct {
	Packages   []string
	Unreadable []Unreadable
}

// readAptfile reads it. https://elements.heroku.com/buildpacks/heroku/heroku-buildpack-apt
func (r *reader) readAptfile() (a Aptfile) {
	part := r.part()
	text, _ := part.text(aptfile)
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, "#")
		for _, word := range strings.Fields(line) {
			if debian.IsPackage(word) {
				a.Packages = append(a.Packages, word)
				continue
			}
			err := notPackage(number, strings.TrimSpace(line))
			part.unreadable = append(part.unreadable, Unreadable{aptfile, err, Unknown})
			break
		}
	}
	a.Unreadable = part.unreadable
	return a
}

// notPackage returns the error for a line that does not name packages.
func notPackage(number int, line string) error {
	why := "It must be the name of a package, or a name and a version with = between them."
	say := "Write the name of the package:"
	switch {
	case strings.HasPrefix(line, ":repo:"):
		why = "Packages come from the sources of the build image only, whose keys it has."
		say = "Delete the line. Name a package of the build image's sources instead:"
	case strings.Contains(line, "://") || strings.HasSuffix(line, ".deb"):
		why = "A file has no signature that can be verified."
		say = "Name the package in the build image's sources instead:"
	case strings.ContainsAny(line, "*?^$"):
		why = "A pattern may match other packages in each build."
		say = "Name each package:"
	}
	return &fail.Error{
		ID: "apt/line", What: fmt.Sprintf("line %d of Aptfile is not a package", number),
		Why: "    " + show.Line(line) + "\n\n" + why, File: aptfile, Line: number,
		Fix: fail.Fix{fail.Say{Text: say}, fail.Edit{Lines: []string{"poppler-utils"}}},
	}
}
