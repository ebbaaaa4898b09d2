package plan

import (
	"fmt"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// memberOf returns the member of the workspace that is the app: the one that the user names, otherwise the deepest one
// that has manage.py or what a server can serve. It is nil if the workspace's own project is the app, or if there is
// none.
func memberOf(py *app.Python, manage app.Manage, c config.Config) (*app.Member, note.List, error) {
	if name := c.PythonProject.Package; name != "" {
		for i, member := range py.Members {
			if manager.Normal(member.Name) == manager.Normal(name) {
				return &py.Members[i], nil, nil
			}
		}
		return nil, nil, noMember(py, name)
	}
	if len(py.Members) == 0 || len(c.Requirements) > 0 {
		return nil, nil, nil
	}
	places := servedFrom(py, manage)
	var found *app.Member
	for i, member := range py.Members {
		for _, place := range places {
			if app.InDir(place, member.Dir) && (found == nil || len(member.Dir) > len(found.Dir)) {
				found = &py.Members[i]
			}
		}
	}
	var said note.List
	if found == nil && len(places) == 0 {
		said.Hint("python/workspace", "Python packages: those of the workspace's own project. If a member is the app: "+
			"%s=%s", config.PythonPackage, show.Word(py.Members[0].Name))
	}
	return found, said, nil
}

// servedFrom returns the paths by which a member of a workspace is known as the app.
func servedFrom(py *app.Python, manage app.Manage) (paths []string) {
	if manage.Path != "" {
		return []string{manage.Path}
	}
	if py.Home != py.Dir {
		return []string{py.Home}
	}
	for _, w := range py.Web {
		paths = append(paths, path.Join(w.Dir, strings.ReplaceAll(w.Module, ".", "/")))
	}
	return paths
}

// noMember returns the error for a member that the workspace does not have.
func noMember(py *app.Python, name string) error {
	var names []string
	for _, member := range py.Members {
		names = append(names, member.Name)
	}
	if len(names) == 0 {
		return unknownName(config.PythonPackage, name, "The app has no uv.lock of a workspace.", nil)
	}
	return unknownName(config.PythonPackage, name, fmt.Sprintf("The workspace has these: %s.", show.Series(names)),
		names[:1])
}

// use makes a member of the workspace the package to install. member is nil if the workspace's own project is.
func (py *Python) use(member *app.Member) (said note.List) {
	if member == nil || py.Manager != manager.UV {
		return nil
	}
	py.Wanted.Package, py.Wanted.Root = member.Name, false
	py.Sources.Extras, py.Sources.Groups = member.Extras, member.Groups
	said.Hint("python/workspace-member", "Python packages: those of %s, a member of the workspace of uv.lock",
		show.Name(member.Name))
	for _, lock := range member.Locks {
		said.Hint("python/lockfile-of-member", "%s is not used: %s belongs to the workspace of uv.lock",
			show.Name(lock), show.Name(member.Dir))
	}
	return said
}
