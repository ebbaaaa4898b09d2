package process

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// web returns the process web. Its command is empty if no process certainly serves the app. A note has the reason.
func (f Facts) web(in installed.Found) (web Process, said note.List) {
	a := f.App
	kinds := candidates(a, in)
	if in.Has("django") && f.Manage.Path != "" {
		kinds = django(a, in)
	}
	switch {
	case len(kinds) == 0:
		said.LacksWeb("procfile/nothing-serves",
			"the image has no process web: there is no Procfile, and the app's WSGI or ASGI object is unknown. Add a "+
				"Procfile:\n    %s",
			show.Line(procfileExample(a, in)))
		return web, said
	case len(kinds[0]) > 1:
		said.LacksWeb("procfile/several-apps",
			"the image has no process web: there is no Procfile, and several objects may be the app: %s. Add a "+
				"Procfile that names it:\n    web: %s", show.List(webNames(kinds[0])), show.Line(example(kinds[0][0])))
		return web, said
	}
	var names []string
	var all []Process
	for _, found := range kinds {
		names = append(names, webNames(found)...)
		if process, ok := f.byServer(found, in); ok {
			all = append(all, process)
		}
	}
	if len(all) == 0 {
		said.LacksWeb("procfile/no-server",
			"the image has no process web: there is no Procfile, and no server is installed for %s. Add gunicorn to "+
				"the Python packages for a WSGI app (Django, Flask), uvicorn for an ASGI app (FastAPI)",
			show.List(names))
		return web, said
	}
	web, web.Next = all[0], all[1:]
	said.Hints("procfile/web", web.Note())
	return web, said
}

// byServer returns the process in which the first installed server serves the only one of found. ok is false if there
// is no such server, or if there are several to serve.
func (f Facts) byServer(found []app.Web, in installed.Found) (web Process, ok bool) {
	if len(found) != 1 {
		return web, false
	}
	w := found[0]
	for _, s := range servers {
		if command := s.serve(w, in); command != "" && in.Has(s.name) {
			return Process{Type: "web", Command: command, Dir: f.App.Python.Home, Serves: []app.Served{{
				Server: s.name, Module: w.Module, Object: w.Object, Interface: w.Interface, Factory: w.Factory,
				Written: w.Name(), Dir: ".",
			}}}, true
		}
	}
	return web, false
}

// hiddenWeb notes modules with an app that no import finds.
func (f Facts) hiddenWeb() (said note.List) {
	if f.App.Python == nil || len(f.App.Procfile) > 0 {
		return nil
	}
	for _, hidden := range f.App.Python.Hidden {
		said.Hint("web/hidden", "Processes: %s is ignored, because Python imports %s instead",
			show.Name(hidden.File), show.Name(hidden.By))
	}
	return said
}

// webNames returns the names of all.
func webNames(all []app.Web) (names []string) {
	for _, w := range all {
		names = append(names, w.Name())
	}
	return names
}

// candidates returns the objects that a server may serve, for an app without Django, by kinds; see kindsOf.
func candidates(a app.App, in installed.Found) [][]app.Web {
	all := a.Python.Web
	if len(all) == 0 {
		all = a.Python.Likely
	}
	var found []app.Web
	for _, w := range all {
		if w.Interface == "" {
			w.Interface = installedInterface(in)
		}
		found = append(found, w)
	}
	return kindsOf(found)
}

// kindsOf returns the candidates by kind, the best first: objects of modules for servers, other objects, functions. The
// first kind decides. The only candidate of another kind is served instead if that of the first cannot be imported.
func kindsOf(all []app.Web) [][]app.Web {
	kinds := make([][]app.Web, 3)
	for _, w := range all {
		switch {
		case w.Factory:
			kinds[2] = append(kinds[2], w)
		case w.Entry:
			kinds[0] = append(kinds[0], w)
		default:
			kinds[1] = append(kinds[1], w)
		}
	}
	return slices.DeleteFunc(kinds, func(found []app.Web) bool { return len(found) == 0 })
}

// django returns the objects of a Django app, the preferred one first. The settings name them; otherwise they are in
// the only wsgi.py and asgi.py. WSGI is preferred, since most views are written for it. If channels is installed, ASGI
// is preferred: WSGI has no WebSockets.
func django(a app.App, in installed.Found) (found [][]app.Web) {
	var wsgi, asgi []app.Web
	for _, w := range append(slices.Clip(a.Python.Web), a.Python.Likely...) {
		if w.Entry && w.Interface == app.WSGI {
			wsgi = append(wsgi, w)
		}
		if w.Entry && w.Interface == app.ASGI {
			asgi = append(asgi, w)
		}
	}
	if in.Settings != nil {
		wsgi = named(in.Settings.WSGI, app.WSGI, wsgi)
		asgi = named(in.Settings.ASGI, app.ASGI, asgi)
	}
	both := [][]app.Web{wsgi, asgi}
	if in.Has("channels") {
		both = [][]app.Web{asgi, wsgi}
	}
	for _, one := range both {
		if len(one) == 1 {
			found = append(found, one)
		}
	}
	return found
}

// named returns an object in the notation of Django's settings. It returns otherwise if path is empty.
// https://docs.djangoproject.com/en/stable/ref/settings/#wsgi-application
func named(path, serves string, otherwise []app.Web) []app.Web {
	dot := strings.LastIndex(path, ".")
	if dot < 1 {
		return otherwise
	}
	return []app.Web{{Module: path[:dot], Object: path[dot+1:], Interface: serves}}
}

// installedInterface returns the interface of the installed frameworks, WSGI or ASGI. If there are none, it is that of
// the installed servers. It is empty if they differ, or if there are no servers either.
func installedInterface(in installed.Found) (found string) {
	for _, f := range frameworks {
		if !in.Has(f.name) {
			continue
		}
		if found != "" && found != f.serves {
			return ""
		}
		found = f.serves
	}
	if found == "" {
		return serversInterface(in)
	}
	return found
}

// serversInterface returns the interface of the installed servers. It is empty if there are none, or if they differ.
func serversInterface(in installed.Found) (found string) {
	for _, s := range servers {
		if in.Has(s.name) && found != "" && found != s.serves {
			return ""
		}
		if in.Has(s.name) {
			found = s.serves
		}
	}
	return found
}
