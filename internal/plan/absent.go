package plan

import (
	"errors"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// absent is an error about something that was not found. role is what the file says that would have it.
type absent struct {
	error
	role app.Role
}

func (a absent) Unwrap() error { return a.error }

// withoutEchoes returns the errors of unreadable files together with errs, each once. It leaves out errors about what
// an unreadable file may have.
func withoutEchoes(unreadable []app.Unreadable, errs []error) error {
	isEcho := func(err error) bool {
		var about absent
		return errors.As(err, &about) &&
			slices.ContainsFunc(unreadable, func(u app.Unreadable) bool { return u.Role == about.role })
	}
	var all []error
	seen := map[string]bool{} // a file of two languages was read for each
	for _, err := range append(app.Errors(unreadable), fail.Each(fail.Join(errs...))...) {
		user, ok := fail.User(err)
		if !ok {
			all = append(all, err)
		} else if text := user.Error(); !seen[text] && !isEcho(err) {
			seen[text] = true
			all = append(all, err)
		}
	}
	return fail.Join(all...)
}
