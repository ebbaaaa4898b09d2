// Package fail is the one form in which a user reads that something went wrong. It decides nothing and logs nothing.
package fail

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Error is a mistake or a circumstance that the user can do something about.
// Everything else is an ordinary wrapped error and is shown as an internal one.
type Error struct {
	ID   string // stable, for searching and for tests: "version/unknown"
	What string // one line, what happened, without a full stop
	Why  string // the evidence: the files found, the value read; may have several lines
	Fix  Fix    // imperative sentences and what they are about: commands, settings, lines of files
	Err  error  // the cause, when there is one; it is not printed

	Temporary bool // running the same build again may help

	File string // the place that the error is about, if it is one, for annotations; relative to the app's root
	Line int    // counted from 1; 0 is the whole file
}

// again ends the message of a temporary error.
const again = "This may be temporary: run the build again."

// Error renders the message as the user reads it.
func (e *Error) Error() string {
	var parts []string
	for _, part := range []string{e.What, e.Why, e.Fix.String(), e.retry()} {
		if part = strings.Trim(part, "\n"); part != "" {
			parts = append(parts, part)
		}
	}
	return show.Clean(strings.Join(parts, "\n\n") + "\n\n(" + e.ID + ")")
}

// retry returns the last line of a temporary error; empty for any other.
func (e *Error) retry() string {
	if e.Temporary {
		return again
	}
	return ""
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Join returns one error for all errors that are not nil, including the ones that errs have joined. It is nil if there
// are none, and the error itself if there is only one.
func Join(errs ...error) error {
	var all joined
	for _, err := range errs {
		all = append(all, Each(err)...)
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

// Limits of the errors that are shown.
const (
	most        = 20
	mostOfAKind = 5 // where there are more than most, so that no kind hides the others
)

// Few returns the errors of Each that are shown, in their order, and the number of the others.
func Few(err error) (shown []error, more int) {
	all := Each(err)
	if len(all) <= most {
		return all, 0
	}
	chosen, kinds, left := make([]bool, len(all)), map[string]int{}, most
	for _, limit := range []int{mostOfAKind, len(all)} {
		for i, err := range all {
			id := ""
			if user, ok := User(err); ok {
				id = user.ID
			}
			if left > 0 && !chosen[i] && kinds[id] < limit {
				chosen[i], left = true, left-1
				kinds[id]++
			}
		}
	}
	for i, err := range all {
		if chosen[i] {
			shown = append(shown, err)
		}
	}
	return shown, len(all) - len(shown)
}

// Each returns the errors that Join has combined in err. It is nil if err is nil.
func Each(err error) []error {
	if all, ok := err.(joined); ok { //nolint:errorlint // what has wrapped several errors is one error
		return all
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// joined has the errors of several decisions. Join creates it, and Each returns its errors.
type joined []error

// Error returns the texts of the first errors, and the number of the others.
func (all joined) Error() string {
	var texts []string
	shown, more := Few(all)
	for _, err := range shown {
		texts = append(texts, err.Error())
	}
	if more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more problems", more))
	}
	return strings.Join(texts, "\n\n")
}

// Unwrap lets errors.As find the first of a kind.
func (all joined) Unwrap() []error { return all }

// User finds the user's error in err's chain; ok is false for an internal error.
func User(err error) (found *Error, ok bool) {
	ok = errors.As(err, &found)
	return found, ok
}
