package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// lockNames returns the paths of the lockfiles of an app, without one that the tool of another one has written.
func lockNames(py *app.Python) (names []string) {
	for _, lock := range own(py.Locks) {
		names = append(names, path.Join(py.Dir, manager.Python(lock.Manager).Data().Lock))
	}
	return names
}

// lockOf returns the lockfile that decides, nil if there is none. requirements may be nil.
func lockOf(py *app.Python, requirements *app.Requirements, c config.Config) (lock *app.PythonLock, said note.List) {
	if locks := own(py.Locks); len(locks) > 0 {
		lock = &locks[len(locks)-1]
		said = generated(py.Locks, lock)
	}
	if lock == nil || requirements == nil {
		return lock, said
	}
	data := manager.Python(lock.Manager).Data()
	file, names := data.Lock, show.Series(requirements.Names)
	switch {
	case len(c.Requirements) > 0:
		said.Hint("python/requirements-requested",
			"Python packages: %s is used because of %s, %s is ignored", names, config.PythonRequirements, file)
		return nil, said
	case requirements.Exporter != "":
		said.Hint("python/requirements-generated",
			"Python packages: %s is used, %s is ignored, because a tool generated it", file, names)
	case data.Wins:
		said.Hint("python/lockfile-preferred", "Python packages: %s is used, %s is ignored", file, names)
	default:
		said.Hint("python/requirements-preferred",
			"Python packages: %s is used, %s is ignored. Neither file says that it was generated from the "+
				"other. Delete the one that your team does not use", names, file)
		return nil, said
	}
	return lock, said
}

// own returns the lockfiles without those that the package manager of another one has written.
func own(locks []app.PythonLock) (all []app.PythonLock) {
	return slices.DeleteFunc(slices.Clone(locks), func(lock app.PythonLock) bool {
		return slices.ContainsFunc(locks, func(other app.PythonLock) bool {
			return lock.Creator != "" && lock.Creator == string(other.Manager)
		})
	})
}

// generated notes the lockfiles that are ignored because used, or its package manager, is their source.
func generated(locks []app.PythonLock, used *app.PythonLock) (said note.List) {
	for _, lock := range locks {
		if lock.Creator == string(used.Manager) {
			said.Hint("python/lockfile-generated",
				"Python packages: %s is used, %s is ignored, because %s generated it",
				manager.Python(used.Manager).Data().Lock, manager.Python(lock.Manager).Data().Lock, lock.Creator)
		}
	}
	return said
}

// only returns an error if there are files of several package managers of one language. kept is the one that settings
// of the app are for, and source names these; empty if nothing tells them apart: no order of them would be the user's.
func only(language string, locks []string, kept, source string) error {
	if len(locks) < 2 {
		return nil
	}
	var fix fail.Fix
	keep := func(text, kept string) {
		remove := "git rm"
		for _, lock := range locks {
			if lock != kept {
				remove += " " + show.Path(lock)
			}
		}
		fix = append(fix, fail.Say{Text: fmt.Sprintf(text, show.Name(kept))}, fail.Run{Command: remove})
	}
	if kept != "" {
		keep(source+" is for %s, so delete the others:", kept)
		fix = append(fix, fail.Say{Text: "If you cannot change the repository, exclude the others in project.toml:"},
			fail.Edit{Lines: []string{"[io.buildpacks]", "exclude = " + allBut(locks, kept)}})
	} else {
		fix = append(fix, fail.Say{Text: "Keep the one that your team uses, and delete the others."})
		for _, lock := range locks {
			keep("To keep %s:", lock)
		}
	}
	return &fail.Error{
		ID: "app/several-locks", What: fmt.Sprintf("The app has more than one lockfile for %s", language),
		Why: fmt.Sprintf("Found: %s. Each requires another package manager.", show.List(locks)), Fix: fix,
	}
}

// allBut returns a list of TOML with all lockfiles but one.
func allBut(locks []string, kept string) string {
	var others []string
	for _, lock := range locks {
		if lock != kept {
			others = append(others, show.Quoted(lock))
		}
	}
	return "[" + strings.Join(others, ", ") + "]"
}
