package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/show"
)

// server is a program that serves an app. command has a place for the app's name.
type server struct {
	name, serves     string
	command, factory string // factory: for a function that makes the app; "": it cannot
}

// servers lists the servers in the order of preference. daphne comes before uvicorn: an app that installs daphne needs
// it, and uvicorn alone has no WebSockets, which channels needs. gunicorn and uvicorn read the number of workers from
// WEB_CONCURRENCY.
var servers = []server{
	{"gunicorn", app.WSGI, `exec gunicorn --bind "0.0.0.0:${PORT:-8080}" %s`,
		`exec gunicorn --bind "0.0.0.0:${PORT:-8080}" '%s()'`},
	{"daphne", app.ASGI, `exec daphne --bind 0.0.0.0 --port "${PORT:-8080}" %s`, ""},
	{"uvicorn", app.ASGI, `exec uvicorn --host 0.0.0.0 --port "${PORT:-8080}" %s`,
		`exec uvicorn --host 0.0.0.0 --port "${PORT:-8080}" --factory %s`},
	{"hypercorn", app.ASGI, `exec hypercorn --bind "0.0.0.0:${PORT:-8080}" --workers "${WEB_CONCURRENCY:-1}" %s`,
		`exec hypercorn --bind "0.0.0.0:${PORT:-8080}" --workers "${WEB_CONCURRENCY:-1}" '%s()'`},
}

// frameworks tell by what is installed which interface a factory's app has.
var frameworks = []struct{ name, serves string }{
	{"flask", app.WSGI}, {"pyramid", app.WSGI}, {"fastapi", app.ASGI}, {"starlette", app.ASGI},
	{"quart", app.ASGI}, {"litestar", app.ASGI},
}

// web returns the command of the process web. It is empty if no process certainly serves the app. A note has the
// reason.
func (p Plan) web(in Found) (command string, said notes) {
	a := p.app
	isDjango := in.Has("django") && p.Manage.Path != ""
	found := candidates(a, in)
	if isDjango {
		found = django(a, in)
	}
	var names []string
	for _, w := range found {
		names = append(names, w.Name())
	}
	switch {
	case len(found) == 0:
		said.hint("procfile/nothing-serves",
			"Processes: no Procfile, and nothing that certainly serves the app. Add one:\n    %s",
			show.Line(procfileExample(a, in)))
		return "", said
	case !isDjango && len(found) > 1:
		said.hint("procfile/several-apps",
			"Processes: no Procfile, and several that may be the app: %s. Add one that names it:\n    web: %s",
			show.List(names), show.Line(example(found[0])))
		return "", said
	}
	for _, w := range found {
		for _, s := range servers {
			if command := s.serve(w, in); command != "" && in.Has(s.name) {
				said.hint("procfile/web", "Processes: no Procfile, web is %s with %s", s.name, show.Name(w.Name()))
				return command, said
			}
		}
	}
	said.hint("procfile/no-server",
		"Processes: no Procfile, and no server is installed for %s. Add gunicorn to the Python packages "+
			"for a WSGI app (Django, Flask), uvicorn for an ASGI app (FastAPI)", show.List(names))
	return "", said
}

// possibleWeb lists the possible web processes of an app without a Procfile, best first. Which one it is, and whether
// there is one, is known when the packages are installed.
func (p Plan) possibleWeb() (all []Process) {
	var before []string
	for _, s := range servers {
		found := Found{Packages: map[string]string{s.name: "", "django": ""}}
		if p.Manage.Path == "" {
			found = Found{Packages: map[string]string{s.name: "", frameworkFor(s.serves): ""}}
		}
		command, _ := p.web(found)
		if command == "" {
			continue
		}
		condition := s.name + " is installed"
		if len(before) > 0 {
			condition += ", and not " + strings.Join(before, " or ")
		}
		before = append(before, s.name)
		all = append(all, Process{
			Type: "web", Command: command, Dir: p.home(), Default: true, If: Condition(condition),
		})
	}
	return all
}

// frameworkFor returns the first framework with an interface, WSGI or ASGI. It is empty for other interfaces.
func frameworkFor(serves string) string {
	for _, f := range frameworks {
		if f.serves == serves {
			return f.name
		}
	}
	return ""
}

// procfileExample returns a line for a Procfile: the one of heroku.yml, if it has a process web, since Tandem does not
// run it.
func procfileExample(a app.App, in Found) string {
	for _, e := range a.Evidence {
		for _, process := range e.Processes {
			if process.Type == "web" {
				return "web: " + process.Command
			}
		}
	}
	serves := installedInterface(in)
	if in.Has("django") || serves == "" {
		return "web: gunicorn mysite.wsgi"
	}
	return "web: " + example(app.Web{Module: "main", Object: "app", Interface: serves})
}

// serve returns the command that serves w. It is empty if this server cannot.
func (s server) serve(w app.Web, in Found) string {
	form := s.command
	if w.Factory {
		form = s.factory
	}
	if s.serves != w.Interface || form == "" {
		return ""
	}
	command := fmt.Sprintf(form, w.Name())
	if s.name == "gunicorn" {
		command = strings.Replace(command, "exec gunicorn ", "exec gunicorn "+noControlSocket(in), 1)
	}
	return command
}

// noControlSocket returns the option that keeps gunicorn from opening a socket in HOME for gunicornc. No process of a
// container uses the socket. If HOME is read-only, gunicorn logs an error at every start. The option and the socket
// were added in 25.1 (gunicorn/config.py, ControlSocket).
func noControlSocket(in Found) string {
	var major, minor int
	_, err := fmt.Sscanf(in.Packages["gunicorn"], "%d.%d", &major, &minor)
	if err != nil || major < 25 || major == 25 && minor < 1 {
		return ""
	}
	return "--no-control-socket "
}

// example returns the beginning of a Procfile's line for w.
func example(w app.Web) string {
	if w.Interface == app.ASGI {
		return "uvicorn --host 0.0.0.0 --port $PORT " + w.Name()
	}
	return "gunicorn " + w.Name()
}

// candidates returns the objects that a server may serve, for an app without Django.
func candidates(a app.App, in Found) []app.Web {
	var found []app.Web
	for _, w := range a.Python.Web {
		if w.Interface == "" {
			w.Interface = installedInterface(in)
		}
		found = append(found, w)
	}
	return best(found)
}

// best returns the candidates of the best kind: objects of modules for servers, otherwise other objects, otherwise
// functions.
func best(all []app.Web) []app.Web {
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
	for _, found := range kinds {
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// django returns the objects of a Django app, the preferred one first. The settings name them; otherwise they are in
// the only wsgi.py and asgi.py. WSGI is preferred, since most views are written for it. If channels is installed, ASGI
// is preferred: WSGI has no WebSockets.
func django(a app.App, in Found) (found []app.Web) {
	var wsgi, asgi []app.Web
	for _, w := range a.Python.Web {
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
			found = append(found, one[0])
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

// installedInterface returns the interface of the installed frameworks, WSGI or ASGI. It is empty if there are none, or
// if they differ.
func installedInterface(in Found) (found string) {
	for _, f := range frameworks {
		if !in.Has(f.name) {
			continue
		}
		if found != "" && found != f.serves {
			return ""
		}
		found = f.serves
	}
	return found
}
