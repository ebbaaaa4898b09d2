package process

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Add is how a user adds a Python package.
type Add struct {
	Command string // without the package, in Dir; empty if there is none
	Dir     string // relative to the app's root
	File    string // that lists the packages; empty if none does
}

// NoServer returns an error if the app has no Procfile and none of its packages is a server: the image would have no
// process that a container can start. The list must be complete.
func (f Facts) NoServer(listed manager.Listed) error {
	if len(f.App.Procfile) > 0 || !listed.Complete || ServerIn(listed).Name != "" {
		return nil
	}
	file := listed.Packages[0].File
	var fix fail.Fix
	server := f.likelyServer(listed)
	if f.Add.Command != "" {
		fix = fail.Fix{fail.Say{Text: "Add a server:"}, fail.Run{Command: f.Add.Command + " " + server, In: f.Add.Dir}}
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
func (f Facts) likelyServer(listed manager.Listed) string {
	found := installed.Listed(listed)
	objects := candidates(f.App, found)
	if len(objects) > 0 && !found.Has("django") && objects[0][0].Interface == app.ASGI {
		return "uvicorn"
	}
	return "gunicorn"
}

// NotListed warns that no server is listed, where one may be installed with other packages.
func (f Facts) NotListed(listed manager.Listed) (said note.List) {
	if len(f.App.Procfile) == 0 && len(listed.Packages) > 0 && ServerIn(listed).Name == "" {
		file := show.Name(f.Add.File)
		server := f.likelyServer(listed)
		said.Warn("procfile/server-not-listed", "the image has no process web, unless another package needs %s: it "+
			"has no Procfile, and %s lists no server. Add %s to it", server, file, server)
	}
	return said
}

// ServerIn returns the first server that is among the packages. Its name is empty if there is none.
func ServerIn(listed manager.Listed) manager.ListedPackage {
	for _, s := range servers {
		if found, ok := listed.Find(s.name); ok {
			return found
		}
	}
	return manager.ListedPackage{}
}

// HasServer reports whether a server is among the names of packages.
func HasServer(packages []string) bool {
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
