package versions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// isOtherInterpreter reports whether a version begins with what pyenv and mise call an interpreter that is not CPython.
func isOtherInterpreter(want string) bool {
	names := []string{
		"pypy", "graalpy", "jython", "ironpython", "pyston", "stackless", "micropython", "activepython", "anaconda",
		"miniconda", "miniforge", "minimamba", "mambaforge",
	}
	want = strings.ToLower(want)
	return slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(want, name) })
}

// malformed returns the error for a request that is not a version of the runtime.
func (r Request) malformed(id ID, cause error) error {
	if id == Python && isOtherInterpreter(r.Want) {
		return Malformed(show.Quoted(r.Want)+" is not CPython but another interpreter",
			r.origin()+"Tandem has CPython only.", "Ask for a version of CPython: "+examples(id), cause)
	}
	return Malformed(show.Quoted(r.Want)+" is not a version of "+id.Project(),
		r.origin()+"These are understood: "+examples(id), "Write the version in one of these ways.", cause)
}

// Malformed returns the error for a text that is not a version, with the parts of a fail.Error. cause may be nil.
func Malformed(what, why, fix string, cause error) error {
	return &fail.Error{
		ID: "version/malformed", What: what, Why: why, Fix: fail.Fix{fail.Say{Text: fix}}, Err: cause,
	}
}

// unknown returns the error for a request that no release satisfies.
func (r Request) unknown(id ID, nearest []string) error {
	series := id.DefaultSeries()
	return &fail.Error{
		ID:   "version/unknown",
		What: fmt.Sprintf("No known version of %s is %s", id.Project(), show.Quoted(r.Want)),
		Why:  r.origin() + "The nearest that exist: " + strings.Join(nearest, ", "),
		Fix: fail.Fix{
			fail.Say{Text: "Ask for one of these, or for a line: " + series + " is the newest of " + series + "."},
			fail.Say{Text: "A version that is newer than this buildpack needs a newer buildpack."},
		},
	}
}

// origin returns the line of an error that says where a request is written.
func (r Request) origin() string {
	if r.Source == "" {
		return ""
	}
	return "It comes from " + r.Source + ".\n"
}

// noArchive returns the error for an architecture that the runtime has no release for.
func (inv Inventory) noArchive(id ID, arch string) error {
	found := map[string]bool{}
	for _, r := range inv {
		if r.ID == id {
			found[r.Arch] = true
		}
	}
	return &fail.Error{
		ID:   "version/architecture",
		What: fmt.Sprintf("There is no %s for the architecture %q", id.Project(), arch),
		Why:  "The buildpack's inventory has it for: " + strings.Join(slices.Sorted(maps.Keys(found)), ", "),
		Fix:  fail.Fix{fail.Say{Text: "Build for another architecture: pack build --platform linux/amd64"}},
	}
}

// contradiction returns the error for requests that releases satisfy one by one, but none satisfies together.
func (a Ask) contradiction() error {
	var said []string
	for _, each := range a.Requests() {
		said = append(said, each.Source+": "+show.Value(each.Want))
	}
	return &fail.Error{
		ID:   "version/contradiction",
		What: "No version of " + a.ID.Project() + " fits all that the app asks for",
		Why:  strings.Join(said, "\n"),
		Fix: fail.Fix{
			fail.Say{Text: "Change one of them so that a version fits all. Or let a variable decide:"},
			fail.Build{Options: "--env " + show.QuotedWord(a.Variable+"="+a.First.Want)},
		},
	}
}

// examples returns ways to write a version, for two lines of an error.
func examples(id ID) string {
	if id == Node {
		return "22.14.0, 22, 22.x, ^22.1,\n>=20 <23, 20 || 22, 18 - 20, lts/*, lts/jod, latest, and * for any."
	}
	return "3.12.1, 3.12, 3.12.x,\n>=3.11,<3.13, ~=3.12, ==3.12.*, ^3.12, and * for any."
}
