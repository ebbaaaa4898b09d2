package deps

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// otherInterpreter matches what pyenv and mise call the interpreters that are not CPython.
var otherInterpreter = regexp.MustCompile(`(?i)^(pypy|graalpy|jython|ironpython|pyston|stackless|micropython|activepython|(ana|mini)conda|mini(forge|mamba)|mambaforge)`)

func (w Want) malformed(cause error) error {
	if w.ID == "cpython" && otherInterpreter.MatchString(w.Version) {
		return &fail.Error{
			ID:   "version/malformed",
			What: fmt.Sprintf("%s is not CPython but another interpreter", show.Quoted(w.Version)),
			Why:  w.source() + "Tandem has CPython only.",
			Fix:  fail.Text("Ask for a version of CPython: " + examples(w.ID)),
			Err:  cause,
		}
	}
	return &fail.Error{
		ID:   "version/malformed",
		What: fmt.Sprintf("%s is not a version of %s", show.Quoted(w.Version), products[w.ID].name),
		Why:  w.source() + "These are understood: " + examples(w.ID),
		Fix:  fail.Text("Write the version in one of these ways."),
		Err:  cause,
	}
}

func (w Want) unknown(nearest []string) error {
	line := "3.13"
	if w.ID == "node" {
		line = "24"
	}
	return &fail.Error{
		ID:   "version/unknown",
		What: fmt.Sprintf("No known version of %s is %s", products[w.ID].name, show.Quoted(w.Version)),
		Why:  w.source() + "The nearest that exist: " + strings.Join(nearest, ", "),
		Fix: fail.Text("Ask for one of these, or for a line: " + line + " is the newest of " + line + ".\n" +
			"A version that is newer than this buildpack needs a newer buildpack."),
	}
}

func (w Want) noArchive(inv Inventory) error {
	found := map[string]bool{}
	for _, e := range inv {
		if e.ID == w.ID {
			found[e.Arch] = true
		}
	}
	return &fail.Error{
		ID:   "version/architecture",
		What: fmt.Sprintf("There is no %s for the architecture %q", products[w.ID].name, w.Arch),
		Why:  "The buildpack's inventory has it for: " + strings.Join(slices.Sorted(maps.Keys(found)), ", "),
		Fix:  fail.Text("Build for another architecture: pack build --platform linux/amd64"),
	}
}

func (w Want) source() string {
	if w.Source == "" {
		return ""
	}
	return "It comes from " + w.Source + ".\n"
}

// contradiction is the error when each source has versions that exist, but none fits all of them.
func (w Want) contradiction() error {
	var said []string
	for _, each := range w.each() {
		said = append(said, each.Source+": "+show.Value(each.Version))
	}
	return &fail.Error{
		ID:   "version/contradiction",
		What: "No version of " + products[w.ID].name + " fits all that the app asks for",
		Why:  strings.Join(said, "\n"),
		Fix: fail.Text("Change one of them so that a version fits all. Or let a variable decide:\n" +
			"    pack build … --env " + show.QuotedWord(w.Variable+"="+w.Version)),
	}
}

func examples(id string) string {
	if id == "node" {
		return "22.14.0, 22, 22.x, ^22.1,\n>=20 <23, 20 || 22, 18 - 20, lts/*, lts/jod, latest, and * for any."
	}
	return "3.12.1, 3.12, 3.12.x,\n>=3.11,<3.13, ~=3.12, ==3.12.*, ^3.12, and * for any."
}
