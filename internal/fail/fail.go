// Package fail is the one form in which a user reads that something went wrong. It decides nothing and logs nothing.
package fail

import (
	"errors"
	"strings"
)

// Error is a mistake or a circumstance that the user can do something about.
// Everything else is an ordinary wrapped error and is shown as an internal one.
type Error struct {
	ID   string // stable, for searching and for tests: "version/unknown"
	What string // one line, what happened, without a full stop
	Why  string // the evidence: the files found, the value read; may have several lines
	Fix  string // an imperative sentence, with a command to paste where there is one
	Err  error  // the cause, when there is one; it is not printed
}

// Error renders the message as the user reads it.
func (e *Error) Error() string {
	var parts []string
	for _, part := range []string{e.What, e.Why, e.Fix} {
		if part = strings.Trim(part, "\n"); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n") + "\n\n(" + e.ID + ")"
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// User finds the user's error in err's chain; ok is false for an internal error.
func User(err error) (found *Error, ok bool) {
	ok = errors.As(err, &found)
	return found, ok
}
