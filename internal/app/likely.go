package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// likelyIn returns the objects of a module's source that may be apps: an imported name, the result of any call, and a
// function with the parameters of a server's interface. Only the import of the module shows whether they are.
func likelyIn(text, file, module, dir string) (found []Web) {
	if !strings.Contains(text, "app") {
		return nil
	}
	statements, _ := pysource.Read(text)
	serves := map[string]string{"wsgi.py": WSGI, "asgi.py": ASGI}[path.Base(file)]
	for _, s := range statements {
		if len(s.In) > 0 {
			continue
		}
		for _, name := range likelyNames(s) {
			again := slices.ContainsFunc(found, func(w Web) bool { return w.Object == name })
			if slices.Contains([]string{"app", "application"}, name) && !again {
				found = append(found, Web{module, name, likelyInterface(s, serves), false, serves != "", dir, ""})
			}
		}
	}
	return found
}

// likely returns what may be an app although nothing certain shows it. If there is something certain, that is only the
// object of an asgi.py: an app with WebSockets often has one of another kind next to that of Django's wsgi.py.
// https://channels.readthedocs.io/en/stable/topics/routing.html
func likely(found webModules) []Web {
	if len(found.Web) == 0 {
		return found.Likely
	}
	return slices.DeleteFunc(found.Likely, func(w Web) bool {
		isCertain := slices.ContainsFunc(found.Web, func(c Web) bool { return c.Module == w.Module })
		return isCertain || !w.Entry || w.Interface != ASGI
	})
}

// likelyNames returns the names that a statement binds to what may be an app. An object that is only a name for another
// one, as in "app = server", is none: the other one has a name that servers know too, or is none.
func likelyNames(s pysource.Statement) (names []string) {
	for _, i := range s.Imports() {
		if i.Name != "" {
			names = append(names, i.As)
		}
	}
	if f := s.Function(); len(f.Required) == 2 && !f.Async || len(f.Required) == 3 && f.Async {
		names = append(names, f.Name)
	}
	a := s.Assignment()
	for call := range a.Value.Calls() {
		// These are command lines, task queues and windows.
		other := []string{"Typer", "Celery", "Tk", "QApplication", "ArgumentParser"}
		if !slices.Contains(other, call.Name[strings.LastIndex(call.Name, ".")+1:]) && !call.Subscript {
			names = append(names, a.Names...)
		}
		break // of several calls it is the result of the first: WhiteNoise(get_wsgi_application())
	}
	return names
}

// likelyInterface returns the interface of a function, by its parameters. For other objects it is that of the file.
// https://peps.python.org/pep-3333/ https://asgi.readthedocs.io/en/latest/specs/main.html
func likelyInterface(s pysource.Statement, ofFile string) string {
	switch f := s.Function(); {
	case f.Name == "":
		return ofFile
	case f.Async:
		return ASGI
	}
	return WSGI
}
