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
			r.origin()+"Tandem has CPython only.", "Use a version of CPython: "+examples(id), cause)
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

// unknown returns the error for a request that no release satisfies. Its fix is a release of the same series if there
// is any.
func (a Ask) unknown(r Request, known []candidate) error {
	fix := fail.Fix{fail.Say{Text: "A release that is newer than this version of Tandem needs a newer Tandem."}}
	others := slices.DeleteFunc(a.Requests(), func(other Request) bool { return other == r })
	same := Request{Want: a.ID.Series(numbers.FindString(r.Want))}
	for _, within := range [][]Request{append([]Request{same}, others...), others} {
		if version := (Ask{ID: a.ID, Within: within, Prefer: a.Prefer}).suggest(known); version != "" {
			use := fail.Fix{fail.Say{Text: "Use a release that exists:"}}
			fix = slices.Concat(use, a.ID.Write(r.Source, version), fix)
			break
		}
	}
	return &fail.Error{
		ID:   "version/unknown",
		What: fmt.Sprintf("No %s release satisfies %s", a.ID.Name(), show.Quoted(r.Want)),
		Why: fmt.Sprintf("%sThe latest is %s. The nearest that exist: %s", r.origin(),
			append(latestOfEach(a.ID, known), known[0])[0].Version, strings.Join(nearest(a.ID, known, r.Want), ", ")),
		Fix: fix,
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

// contradiction returns the error for requests that releases satisfy one by one, but none satisfies together. If only
// the app's choice contradicts its constraints, the fix is a choice that does not.
func (a Ask) contradiction(known []candidate) error {
	var said []string
	for _, each := range a.Requests() {
		said = append(said, each.Source+": "+show.Value(each.Want))
	}
	fix := fail.Fix{fail.Say{Text: "Change one of them so that one release satisfies all."}}
	version := Ask{ID: a.ID, Within: a.constraints(), Prefer: a.Prefer}.suggest(known)
	if a.Choice.Source != "" && version != "" {
		fix = slices.Concat(fail.Fix{fail.Say{Text: "Request a release that satisfies the constraints:"}},
			a.ID.Write(a.Choice.Source, version))
	}
	return &fail.Error{
		ID:   "version/contradiction",
		What: "No " + a.ID.Name() + " release satisfies all that the app requires",
		Why:  strings.Join(said, "\n"),
		Fix:  fix,
	}
}

// examples returns ways to write a version, for two lines of an error.
func examples(id ID) string {
	if id == Node {
		return "22.14.0, 22, 22.x, ^22.1,\n>=20 <23, 20 || 22, 18 - 20, lts/*, lts/jod, latest, and * for any."
	}
	return "3.12.1, 3.12, 3.12.x,\n>=3.11,<3.13, ~=3.12, ==3.12.*, ^3.12, and * for any."
}
