package app

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// members returns the members of the workspace, with the versions of Python that each requires. The lockfile's version
// is that of the workspace: a lockfile in a member's directory is one of an earlier project.
func (r *reader) members(py *Python) (members []Member) {
	for _, lock := range py.Locks {
		for _, m := range lock.Members {
			own := r.part() // uv itself reports what is wrong with a member that is not the app
			project, _ := own.pyproject(m.Dir)
			member := Member{Member: m, Locks: r.present(m.Dir, []string{manager.Python(manager.UV).Data().Lock})}
			member.PythonVersions = own.pythonVersions(m.Dir, project)
			member.UVLockPython = py.UVLockPython
			members = append(members, member)
		}
	}
	return members
}

// memberWeb returns what a server can serve in the members of the workspace, if the app has no manage.py and its root
// has nothing but members. Otherwise it returns what was found already.
func (r *reader) memberWeb(py *Python) (found []Web) {
	inMember := func(w Web) bool {
		return slices.ContainsFunc(py.Members, func(m Member) bool {
			return w.Module == m.Dir || strings.HasPrefix(w.Module, strings.ReplaceAll(m.Dir, "/", ".")+".")
		})
	}
	isOwn := func(w Web) bool { return !inMember(w) }
	if len(py.Members) == 0 || len(py.Manage) > 0 || slices.ContainsFunc(py.Web, isOwn) {
		return py.Web
	}
	for _, m := range py.Members {
		found = append(found, r.webIn(m.Dir).Web...)
	}
	return found
}

// isMember reports whether the lockfile of the root directory names dir as a member of its workspace.
func (r *reader) isMember(dir string) bool {
	if !r.mayBeFile(manager.Python(manager.UV).Data().Lock) {
		return false
	}
	for _, lock := range r.part().pythonLocks(".") {
		if slices.ContainsFunc(lock.Members, func(m manager.Member) bool { return m.Dir == dir }) {
			return true
		}
	}
	return false
}
