package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// lockNames returns the names of lockfiles.
func lockNames(all []app.PythonLock) (names []string) {
	for _, lock := range all {
		names = append(names, manager.Python(lock.Manager).Data().Lock)
	}
	return names
}

// lockOf returns the lockfile that decides, nil if there is none. requirements may be nil.
func lockOf(py *app.Python, requirements *app.Requirements, c config.Config) (lock *app.PythonLock, said notes) {
	if len(py.Locks) > 0 {
		lock = &py.Locks[len(py.Locks)-1]
	}
	if lock == nil || requirements == nil {
		return lock, nil
	}
	data := manager.Python(lock.Manager).Data()
	file, beside := data.Lock, show.Series(requirements.Names)
	switch {
	case len(c.Requirements) > 0:
		said.hint("Python packages: %s is used, since %s names it; %s is not", beside, config.PythonRequirements, file)
		return nil, said
	case requirements.Exporter != "":
		said.hint("Python packages: %s is used, %s beside it is not: it says that a tool has written it", file, beside)
	case data.Wins:
		said.hint("Python packages: %s is used, %s beside it is not", file, beside)
	default:
		said.hint("Python packages: %s is used, %s beside it is not: neither says that it was made from the other. "+
			"Delete the one that your team does not use", beside, file)
		return nil, said
	}
	return lock, said
}

// only is an error when files of several package managers of one language are there: no order of them would be the
// user's.
func only(language string, locks []string) error {
	if len(locks) < 2 {
		return nil
	}
	return &fail.Error{
		ID: "app/several-locks", What: fmt.Sprintf("The app has more than one lock file for %s", language),
		Why: fmt.Sprintf("Found: %s. Each asks for another package manager.", show.List(locks)),
		Fix: fail.Fix{
			fail.Say{Text: "Keep the one your team uses, delete the others and build again:"},
			fail.Run{Command: "git rm " + show.Path(locks[len(locks)-1])},
		},
	}
}
