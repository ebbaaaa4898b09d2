package plan

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
	"slices"
)

// NoServer returns an error if the app has no Procfile and none of its packages is a server: the image would have no
// process that a container can start. The list must be complete.
func (p Plan) NoServer(listed manager.Listed) error {
	if len(p.app.Procfile) > 0 || !listed.Complete || ServerListed(listed).Name != "" {
		return nil
	}
	file := listed.Packages[0].File
	var fix fail.Fix
	server := p.likelyServer(listed)
	if add := p.Python.ManagerData().Add; add != "" {
		fix = fail.Fix{fail.Say{Text: "Add a server:"}, fail.Run{Command: add + " " + server, In: p.Python.Dir}}
	} else {
		fix = fail.Fix{fail.Say{Text: "Add a line to the requirements from which " + show.Name(file) +
			" is made, and make it again:"}, fail.Edit{Lines: []string{server}}}
	}
	return &fail.Error{
		ID: "process/no-server", What: "No server is among the Python packages",
		Why: show.Name(file) + " lists none of " + show.List(serverNames()) +
			", and there is no Procfile. The image would have no process web.",
		Fix: append(fix, fail.Say{Text: "If the app has another server, start it in a Procfile."}),
	}
}

// likelyServer returns the server for the first object that may be served.
func (p Plan) likelyServer(listed manager.Listed) string {
	found := foundIn(listed)
	objects := candidates(p.app, found)
	if len(objects) > 0 && !found.Has("django") && objects[0][0].Interface == app.ASGI {
		return "uvicorn"
	}
	return "gunicorn"
}

// serverNotListed warns that no server is listed, where one may be installed with other packages.
func (p Plan) serverNotListed(listed manager.Listed) (said note.List) {
	if len(p.app.Procfile) == 0 && len(listed.Packages) > 0 && ServerListed(listed).Name == "" {
		file := show.Name(p.Python.Sources.Files[0])
		server := p.likelyServer(listed)
		said.Warn("procfile/server-not-listed", "the image has no process web, unless another package needs %s: it "+
			"has no Procfile, and %s lists no server. Add %s to it", server, file, server)
	}
	return said
}

// ServerListed returns the first server that is among the packages. Its name is empty if there is none.
func ServerListed(listed manager.Listed) manager.ListedPackage {
	for _, s := range servers {
		if found, ok := listed.Find(s.name); ok {
			return found
		}
	}
	return manager.ListedPackage{}
}

// listsServer reports whether a server is among the names of packages.
func listsServer(packages []string) bool {
	return slices.ContainsFunc(serverNames(), func(name string) bool { return slices.Contains(packages, name) })
}

// serverNames returns the names of the servers that Tandem knows, the preferred one first.
func serverNames() (names []string) {
	for _, s := range servers {
		if !slices.Contains(names, s.name) { // one may serve both interfaces
			names = append(names, s.name)
		}
	}
	return names
}
