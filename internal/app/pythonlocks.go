package app

import (
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// unlocked reads pyproject.toml as what is installed without a lockfile.
func (r *reader) unlocked(dir string) *PythonLock {
	own := r.part()
	of := PythonLock{Manager: manager.Project}
	of.Sources = manager.Python(of.Manager).Read(own.sourceIn(dir), nil).In(dir)
	of.Unreadable = own.unreadable
	if len(of.Files) == 0 {
		return nil
	}
	return &of
}

// pythonLocks reads the lockfiles of all managers.
func (r *reader) pythonLocks(dir string) (locks []PythonLock) {
	for _, m := range manager.Pythons() {
		data := m.Data()
		file := path.Join(dir, data.Lock)
		if !r.mayBeFile(file) {
			continue
		}
		// Mistakes in a lockfile matter only if it is used.
		own := r.part()
		lock := PythonLock{Manager: data.ID}
		lock.Sources = m.Read(own.sourceIn(dir), nil).In(dir)
		if err := lock.Err; err != nil && !r.cannotRead(file) {
			own.problem(file, &fail.Error{
				ID:   "python/" + strings.ToLower(strings.ReplaceAll(data.Lock, ".", "-")) + "-invalid",
				What: show.Name(file) + " cannot be understood", Why: show.Reason(err), Err: err,
				Fix: fail.Fix{
					// The managers read an old lockfile first, and fail with one that is not valid.
					fail.Say{Text: "Delete it, make it again and commit it:"},
					fail.Run{Command: "rm " + data.Lock + " && " + data.Relock, In: dir},
				},
			})
		}
		lock.Unreadable = own.unreadable
		locks = append(locks, lock)
	}
	return locks
}
