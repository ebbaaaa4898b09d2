package versions

import (
	"fmt"
	"strconv"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// OldestPythonMinor is the minor version of the oldest Python of the inventory, 3.9: no release of the package managers
// that works with an older one is still in use. No error suggests an older one.
const OldestPythonMinor = 9

// tooOld returns the error for a version of Python before all known ones, nil for any other. known is not empty. A list
// of other versions does not help there: the app must be tried with a newer one.
func (r Request) tooOld(id ID, known []candidate) error {
	m := numbers.FindStringSubmatch(r.Want)
	if m == nil || id != Python { // newer versions of Node.js run what older ones did
		return nil
	}
	oldest := known[len(known)-1].version
	major, series := strconv.FormatUint(oldest.Major(), 10), fmt.Sprintf("%d.%d", oldest.Major(), oldest.Minor())
	if m[1] == major && !lessThan(m[2], OldestPythonMinor) {
		return nil // a buildpack that carries a few versions only; there are more
	}
	older := lessThan(m[1], oldest.Major()) || m[1] == major && lessThan(m[2], oldest.Minor())
	if !older {
		return nil
	}
	return &fail.Error{
		ID:   "version/too-old",
		What: fmt.Sprintf("Python %s is older than what Tandem has", show.Value(m[0])),
		Why: r.origin() + fmt.Sprintf("The oldest is %s. Older ones get no security fixes, and today's package "+
			"managers do not know them.", series),
		Fix: fail.Fix{fail.Say{Text: "Use Python " + series + " or later, and regenerate the lockfile with it.\n" +
			"Each package's page lists the versions of Python that it supports."}},
	}
}

// absent returns the error for a request that no known release satisfies.
func (a Ask) absent(r Request, known []candidate) error {
	if err := r.tooOld(a.ID, known); err != nil {
		return err
	}
	return a.unknown(r, known)
}

// lessThan reports whether a decimal number is less than another one. One that is too large for uint64 is not.
func lessThan(number string, than uint64) bool {
	n, err := strconv.ParseUint(number, 10, 64)
	return err == nil && n < than
}
