package app

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Interfaces between a server and an app.
const (
	WSGI = "WSGI" // https://peps.python.org/pep-3333/
	ASGI = "ASGI" // https://asgi.readthedocs.io
)

// Web is an object of a module that a server can serve, or a function that makes one.
type Web struct {
	Module, Object string // "shop.main", "app"
	Interface      string // "": that of the framework that is installed
	Factory        bool   // Object is a function
	Entry          bool   // the module's name says that it is for servers: wsgi, asgi
}

// Name is how servers and people name it.
func (w Web) Name() string { return w.Module + ":" + w.Object }

// webFiles may hold an app: those of the root folder, and those of a package in it.
var (
	webFiles    = []string{"app.py", "main.py", "wsgi.py", "asgi.py", "application.py"}
	webPackages = []string{"__init__.py", "main.py", "app.py", "wsgi.py", "asgi.py"}
)

// webObject matches the assignment of an app at a module's top level: app = Flask(…), app: FastAPI = fastapi.FastAPI(…),
// app = application = create_app(…).
var webObject = regexp.MustCompile(`(?m)^(app|application)\b[ \t]*(?::[^=\n]+)?=[ \t]*(?:(?:app|application)[ \t]*=[ \t]*)?([A-Za-z_][\w.]*)(\(.*)`)

// webFactory matches a function that makes one and can be called with nothing.
var webFactory = regexp.MustCompile(`(?m)^def (create_app|make_app)\(([^()]*)\)`)

// webMakers are the names after "=" that make an app, and what they make.
var webMakers = map[string]string{
	"Flask": WSGI, "APIFlask": WSGI, "make_wsgi_app": WSGI, "get_wsgi_application": WSGI,
	"FastAPI": ASGI, "Starlette": ASGI, "Quart": ASGI, "Litestar": ASGI, "get_asgi_application": ASGI,
	"create_app": "", "make_app": "",
}

// readWeb finds what a server can serve by reading files of the root folder and of Django's, without importing anything.
func (r *reader) readWeb(manage []Manage) (found []Web) {
	found = r.webBelow(".")
	for _, m := range manage[:min(1, len(manage))] {
		if m.Dir != "." {
			found = append(found, r.webBelow(m.Dir)...)
		}
	}
	return found
}

func (r *reader) webBelow(dir string) (found []Web) {
	for _, name := range webFiles {
		found = append(found, r.webIn(path.Join(dir, name), strings.TrimSuffix(name, ".py"))...)
	}
	for _, entry := range r.list(dir) {
		if p := entry.Name(); entry.IsDir() && packageName.MatchString(p) && !Skipped(p, ForDjango) {
			for _, name := range webPackages {
				module := strings.TrimSuffix(p+"."+strings.TrimSuffix(name, ".py"), ".__init__")
				found = append(found, r.webIn(path.Join(dir, p, name), module)...)
			}
		}
	}
	return found
}

var packageName = regexp.MustCompile(`^[A-Za-z_]\w*$`)

func (r *reader) webIn(file, module string) (found []Web) {
	text, ok := r.quiet(file)
	if !ok {
		return nil
	}
	entry := slices.Contains([]string{"wsgi.py", "asgi.py"}, path.Base(file))
	for _, m := range webObject.FindAllStringSubmatch(text, -1) {
		maker := m[2][strings.LastIndex(m[2], ".")+1:]
		if strings.Contains(m[3], ".make_wsgi_app(") { // Configurator(…).make_wsgi_app()
			maker = "make_wsgi_app"
		}
		if of, known := webMakers[maker]; known && !slices.ContainsFunc(found, func(w Web) bool { return w.Object == m[1] }) {
			found = append(found, Web{module, m[1], of, false, entry})
		}
	}
	for _, m := range webFactory.FindAllStringSubmatch(text, -1) {
		if optional(m[2]) {
			found = append(found, Web{module, m[1], "", true, entry})
		}
	}
	return found
}

// optional tells whether all parameters of a function have a default value.
func optional(parameters string) bool {
	for parameter := range strings.SplitSeq(parameters, ",") {
		if p := strings.TrimSpace(parameter); p != "" && !strings.HasPrefix(p, "*") && !strings.Contains(p, "=") {
			return false
		}
	}
	return true
}
