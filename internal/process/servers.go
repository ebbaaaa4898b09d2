package process

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// server is a program that serves an app. command has a place for the app's name.
type server struct {
	name, serves     string
	command, factory string // factory: for a function that makes the app; "": it cannot
}

// granianOptions are the options of granian's default command.
const granianOptions = `--host 0.0.0.0 --port "${PORT:-8080}" --workers "${WEB_CONCURRENCY:-1}"`

// servers lists the servers in the order of preference. daphne comes before uvicorn: an app that installs daphne needs
// it, and uvicorn alone has no WebSockets, which channels needs. gunicorn and uvicorn read the number of workers from
// WEB_CONCURRENCY.
var servers = []server{
	{"gunicorn", app.WSGI, `exec gunicorn --bind "0.0.0.0:${PORT:-8080}" --access-logfile - %s`,
		`exec gunicorn --bind "0.0.0.0:${PORT:-8080}" --access-logfile - '%s()'`},
	{"granian", app.WSGI, `exec granian --interface wsgi ` + granianOptions + ` %s`,
		`exec granian --interface wsgi ` + granianOptions + ` --factory %s`},
	{"waitress", app.WSGI, `exec waitress-serve --listen "0.0.0.0:${PORT:-8080}" %s`,
		`exec waitress-serve --listen "0.0.0.0:${PORT:-8080}" --call %s`},
	{"daphne", app.ASGI, `exec daphne --bind 0.0.0.0 --port "${PORT:-8080}" %s`, ""},
	{"granian", app.ASGI, `exec granian --interface asgi ` + granianOptions + ` %s`,
		`exec granian --interface asgi ` + granianOptions + ` --factory %s`},
	{"uvicorn", app.ASGI, `exec uvicorn --host 0.0.0.0 --port "${PORT:-8080}" %s`,
		`exec uvicorn --host 0.0.0.0 --port "${PORT:-8080}" --factory %s`},
	{"hypercorn", app.ASGI, `exec hypercorn --bind "0.0.0.0:${PORT:-8080}" --workers "${WEB_CONCURRENCY:-1}" %s`,
		`exec hypercorn --bind "0.0.0.0:${PORT:-8080}" --workers "${WEB_CONCURRENCY:-1}" '%s()'`},
}

// frameworks tell by what is installed which interface a factory's app has.
var frameworks = []struct{ name, serves string }{
	{"flask", app.WSGI}, {"dash", app.WSGI}, {"pyramid", app.WSGI}, {"fastapi", app.ASGI}, {"starlette", app.ASGI},
	{"quart", app.ASGI}, {"litestar", app.ASGI},
}

// possibleWeb lists the possible web processes of an app without a Procfile, best first. Which one it is, and whether
// there is one, is known when the packages are installed.
func (f Facts) possibleWeb() (all []Process) {
	var before []string
	for _, s := range servers {
		found := installed.Found{Packages: map[string]string{s.name: "", "django": ""}}
		if f.Manage.Path == "" {
			found = installed.Found{Packages: map[string]string{s.name: "", frameworkFor(s.serves): ""}}
		}
		web, _ := f.web(found)
		if web.Command == "" || web.Serves[0].Interface != s.serves || slices.Contains(before, s.name) {
			continue // granian has a row for each interface
		}
		condition := s.name + " is installed"
		if len(before) > 0 {
			condition += ", and not " + strings.Join(before, " or ")
		}
		before = append(before, s.name)
		web.Default, web.If = true, installed.Condition(condition)
		all = append(all, web)
	}
	return all
}

// frameworkFor returns the first framework with an interface, WSGI or ASGI. It is empty for other interfaces.
func frameworkFor(serves string) string {
	for _, framework := range frameworks {
		if framework.serves == serves {
			return framework.name
		}
	}
	return ""
}

// procfileExample returns a line for a Procfile: the one of heroku.yml, if it has a process web, since Tandem does not
// run it.
func procfileExample(a app.App, in installed.Found) string {
	for _, e := range a.Evidence {
		for _, process := range e.Processes {
			if process.Type == "web" {
				return "web: " + process.Command
			}
		}
	}
	serves, isDjango := installedInterface(in), in.Has("django") || len(a.Python.Manage) > 0
	switch site, _, _ := strings.Cut(a.Python.Settings.Module, "."); {
	case isDjango && site != "":
		return "web: gunicorn " + site + ".wsgi"
	case isDjango:
		return "web: gunicorn mysite.wsgi"
	case serves == "":
		return "web: python main.py"
	}
	return "web: " + example(app.Web{Module: "main", Object: "app", Interface: serves})
}

// serve returns the command that serves w. It is empty if this server cannot.
func (s server) serve(w app.Web, in installed.Found) string {
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
func noControlSocket(in installed.Found) string {
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

// CheckServer returns an error about a gunicorn with which the image's processes would stop immediately. Until 20.1
// gunicorn imports pkg_resources, which setuptools removed in version 82. Before 20 gunicorn does not depend on
// setuptools, and until 19 it includes a six that Python 3.12 cannot import. python is the series.
func CheckServer(in installed.Found, processes []Process, python string) error {
	version := in.Packages["gunicorn"]
	var major, line, setuptools int
	if n, _ := fmt.Sscanf(version, "%d", &major); n == 0 || major > 20 {
		return nil
	}
	at := slices.IndexFunc(processes, func(p Process) bool { return strings.Contains(p.Command, "gunicorn") })
	if at < 0 {
		return nil
	}
	// A version without a number is neither too old nor too new.
	_, _ = fmt.Sscanf(python, "3.%d", &line)
	_, _ = fmt.Sscanf(in.Packages["setuptools"], "%d", &setuptools)
	older := fail.Run{Command: fmt.Sprintf("echo 'setuptools<%d' >> requirements.txt", manager.NoPkgResources)}
	e := &fail.Error{ID: "python/gunicorn", What: fmt.Sprintf("gunicorn %s cannot start in the image",
		show.Value(version))}
	switch process := fmt.Sprintf("The process type %s is: %s\n", processes[at].Type,
		show.Value(processes[at].Command)); {
	case major < 20 && line >= 12:
		e.Why = process + "Before version 20 gunicorn does not run on Python 3.12 and later."
		e.Fix = fail.Fix{
			fail.Say{Text: "Use gunicorn 21 or later. Or use an older Python with the setuptools of its " +
				"time, " +
				"as in requirements.txt:"},
			fail.Run{Command: "echo 3.11 > .python-version"},
			older,
		}
	case !in.Has("setuptools") || setuptools >= manager.NoPkgResources:
		e.Why = process + "Before version 21 gunicorn imports pkg_resources, a part of older setuptools, and that " +
			"is not installed."
		e.Fix = fail.Fix{
			fail.Say{Text: "Use gunicorn 21 or later, or add that setuptools too " +
				"(pipenv install, uv add, poetry add; or in requirements.txt):"},
			older,
		}
	default:
		return nil
	}
	return e
}
