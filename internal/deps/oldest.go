package deps

import (
	"fmt"
	"strconv"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// firstMinor is that of Python 3.9, before which no version of the package managers works that works today.
const firstMinor = 9

// tooOld is the error for a version before all that exist here, nil for any other. No list of others helps there: the app must
// be tried with a newer one.
func (w Want) tooOld(known []candidate) error {
	m := numbers.FindStringSubmatch(w.Version)
	if m == nil || w.ID != "cpython" { // newer versions of Node.js run what older ones did
		return nil
	}
	oldest := known[len(known)-1].version
	major, line := strconv.FormatUint(oldest.Major(), 10), fmt.Sprintf("%d.%d", oldest.Major(), oldest.Minor())
	if m[1] == major && !lessThan(m[2], firstMinor) {
		return nil // a buildpack that carries a few versions only; there are more
	}
	older := lessThan(m[1], oldest.Major()) || m[1] == major && m[2] != "" && lessThan(m[2], oldest.Minor())
	if !older {
		return nil
	}
	return &fail.Error{
		ID:   "version/too-old",
		What: fmt.Sprintf("Python %s is older than what Tandem has", show.Value(m[0])),
		Why:  w.source() + fmt.Sprintf("The oldest is %s. Older ones get no security fixes, and today's package managers do not know them.", line),
		Fix:  fail.Text(fmt.Sprintf("Ask for %s or a newer line, and make the lock or the requirements anew with it. Each package's page says which\nversions of Python it supports.", line)),
	}
}

// absent is the error for a version that nothing fits.
func (w Want) absent(known []candidate) error {
	if err := w.tooOld(known); err != nil {
		return err
	}
	return w.unknown(nearest(known, w))
}

func lessThan(number string, than uint64) bool {
	n, err := strconv.ParseUint(number, 10, 64)
	return err == nil && n < than
}
