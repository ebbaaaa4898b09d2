package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Apt has the settings of Debian packages.
type Apt struct {
	Packages []string // as apt-get takes them
	Off      bool     // none is installed
	Listed   bool     // only those that the user lists
}

// apt reads them. Commas or spaces separate packages.
func apt(lookup func(string) (string, bool)) (a Apt, err error) {
	mode := text(lookup, AptMode)
	if mode != "" {
		mode, err = oneOf(lookup, AptMode, "auto", "listed", "off")
	}
	a.Off, a.Listed = mode == "off", mode == "listed"
	a.Packages = append(a.Packages, strings.Fields(strings.ReplaceAll(text(lookup, AptPackages), ",", " "))...)
	other := slices.IndexFunc(a.Packages, func(word string) bool { return !debian.IsPackage(word) })
	if other >= 0 {
		word := a.Packages[other]
		a.Packages = nil
		err = fail.Join(err, valueError(AptPackages+" has a value that is not the name of a package",
			fmt.Sprintf("It has %s.", show.Quoted(word)),
			fail.Say{Text: "Write names of packages, or a name and a version with = between them:"},
			fail.Set{Name: AptPackages, Value: "poppler-utils"}))
	}
	return a, err
}
