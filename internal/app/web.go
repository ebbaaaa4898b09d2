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
	Dir            string // the directory in which Python finds the module, relative to the app's root
	Imports        string // another directory in which the module may find others; empty if there is none
}

// Name returns the name that servers use.
func (w Web) Name() string { return w.Module + ":" + w.Object }

// webObject matches an assignment at a module's top level that may make an app: app = Flask(…),
// app: FastAPI = fastapi.FastAPI(…), app = application = create_app(…).
var webObject = regexp.MustCompile(`(?m)^([A-Za-z]\w*)[ \t]*(?::[^=\n]+)?=[ \t]*` +
	`(?:[A-Za-z]\w*[ \t]*=[ \t]*)?([A-Za-z_][\w.]*)(\(.*)`)

// webFactory matches a function that returns an app.
var webFactory = regexp.MustCompile(`(?m)^def (create_app|make_app)\(([^()]*)\)`)

// interfaceOf returns the interface of the apps that a function or class creates. It is empty if the app's framework
// decides, and known is false if the name creates no app.
func interfaceOf(maker string) (serves string, known bool) {
	switch maker {
	case "Flask", "APIFlask", "make_wsgi_app", "get_wsgi_application":
		return WSGI, true
	case "FastAPI", "Starlette", "Quart", "Litestar", "get_asgi_application":
		return ASGI, true
	case "create_app", "make_app":
		return "", true
	}
	return "", false
}

// Hidden is a module that defines an app, and that no import finds. It may be the file of a tutorial that was never
// deleted when the app became a package.
type Hidden struct {
	File string
	By   string // what Python imports under its name
}

// webModules has what the modules of an app define for servers, as far as reading the files tells.
type webModules struct {
	Web    []Web
	Likely []Web    // what may be an app
	Hidden []Hidden // modules that define more
}

// and returns both.
func (m webModules) and(other webModules) webModules {
	return webModules{
		append(slices.Clip(m.Web), other.Web...), append(slices.Clip(m.Likely), other.Likely...),
		append(slices.Clip(m.Hidden), other.Hidden...),
	}
}

// unless returns m, or only the file if something hides it and it has any.
func (m webModules) unless(hidden, file string) webModules {
	switch {
	case hidden == "":
		return m
	case len(m.Web) > 0:
		return webModules{Hidden: []Hidden{{file, hidden}}}
	}
	return webModules{}
}

// isIdentifier reports whether a name can be a Python package's. Letters beyond ASCII are not counted.
func isIdentifier(name string) bool {
	notWord := func(r rune) bool { return !isWord(r) }
	return name != "" && !strings.ContainsFunc(name, notWord) && (name[0] < '0' || name[0] > '9')
}

// webModule returns what the file of a module below dir defines at its top level, objects with certain names first. A
// large file, or none, defines nothing.
func (r *reader) webModule(dir, file, module string, isName func(string) bool) webModules {
	text, ok := r.quiet(path.Join(dir, file))
	if !ok {
		return webModules{}
	}
	var found []Web
	entry := slices.Contains([]string{"wsgi.py", "asgi.py"}, path.Base(file))
	for _, m := range webObject.FindAllStringSubmatch(text, -1) {
		maker := m[2][strings.LastIndex(m[2], ".")+1:]
		if strings.Contains(m[3], ".make_wsgi_app(") { // Configurator(…).make_wsgi_app()
			maker = "make_wsgi_app"
		}
		again := slices.ContainsFunc(found, func(w Web) bool { return w.Object == m[1] })
		if serves, known := interfaceOf(maker); known && !again && isName(m[1]) {
			found = append(found, Web{module, m[1], serves, false, entry, dir, ""})
		}
	}
	for _, m := range webFactory.FindAllStringSubmatch(text, -1) {
		if optional(m[2]) {
			found = append(found, Web{module, m[1], "", true, entry, dir, ""})
		}
	}
	return webModules{Web: found, Likely: likelyIn(text, file, module, dir)}
}

// optional reports whether all parameters of a function have a default value.
func optional(parameters string) bool {
	for parameter := range strings.SplitSeq(parameters, ",") {
		if p := strings.TrimSpace(parameter); p != "" && !strings.HasPrefix(p, "*") && !strings.Contains(p, "=") {
			return false
		}
	}
	return true
}
