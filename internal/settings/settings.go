// Package settings reads Django's settings from their files, without running them. It knows no value that is computed,
// and decides nothing.
//
// It follows imports of the app's own modules, as "from .base import *" in settings for production. It reads names from
// lists that are assigned, added and extended, and directories that are made of __file__ and names. What depends on a
// condition, a loop or a function is unknown.
//
// Variables are read by os.environ, and by three libraries:
//
//   - django-environ: https://django-environ.readthedocs.io
//   - environs: https://github.com/sloria/environs
//   - python-decouple: https://github.com/HBNetwork/python-decouple
package settings

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/pysource"
)

// Settings are settings of Django as far as their files tell, without running them.
type Settings struct {
	File             string     // of the module; "" if there is none that can be read
	Apps, Middleware NameList   // INSTALLED_APPS, MIDDLEWARE
	StaticRoot       string     // relative to the app's root; "" if it is unknown
	WSGI, ASGI       string     // WSGI_APPLICATION, ASGI_APPLICATION; "" if it is unknown
	StaticServer     string     // a word of what serves static files; "" if nothing is seen that does
	Services         bool       // static files may be stored or served by something else
	Variables        []Variable // that have no default value, in the order of the files
	Key              Variable   // SECRET_KEY is its value, and empty without it; no Name: another value
	Open             bool       // variables may come from a file that is not known
	NoStaticRoot     Place      // of the app that collects static files, if STATIC_ROOT is certainly not set
}

// NameList is a list of names in settings.
type NameList struct {
	Names    []string
	Complete bool // there are no others
}

// Has reports whether a name is in the list, by any of the names.
func (l NameList) Has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(l.Names, name) })
}

// Variable is a variable without which settings cannot be imported.
type Variable struct {
	Name, File string
	Line       int
	Code       string // of that line
}

// Limits of the settings that are read. Parsing takes about a second for each megabyte of hostile code.
const (
	maxSettings  = 30      // files
	maxVariables = 100     // of all files
	maxBytes     = 1 << 20 // of all files together
)

// Read reads the module of settings that the manage.py in the directory dir uses, and the modules of the app that it
// imports. A build does not need it: it imports the settings.
func Read(fsys fs.FS, dir, module string) Settings {
	r := reader{fsys: fsys, dir: dir, modules: map[string]*namespace{}, provided: map[string]bool{}}
	file := r.moduleFile(module)
	if file == "" {
		return Settings{}
	}
	r.read(path.Join(dir, "manage.py"), false) // it may set variables
	ns := r.read(file, true)
	out := Settings{File: file, Apps: ns.list("INSTALLED_APPS"), Middleware: ns.list("MIDDLEWARE"),
		StaticRoot: ns.paths["STATIC_ROOT"], WSGI: ns.texts["WSGI_APPLICATION"],
		ASGI: ns.texts["ASGI_APPLICATION"], Services: ns.services,
		StaticServer: r.staticServer(ns, module), Open: r.open, NoStaticRoot: r.noStaticRoot(ns)}
	for _, v := range r.variables {
		if !r.provided[v.Name] {
			out.Variables = append(out.Variables, v)
		}
	}
	if !r.provided[ns.key.Name] {
		out.Key = ns.key
	}
	return out
}

// reader reads modules of settings. Each is read once, as Python imports it once.
type reader struct {
	fsys      fs.FS
	dir       string // in which Python looks for modules
	modules   map[string]*namespace
	variables []Variable
	provided  map[string]bool // variables that the files set
	bytes     int64           // of the files that were read
	open      bool            // variables may come from a file that is not known
	static    static
}

// text returns the text of a file. Ok is false if the file cannot be read, or if there is too much to read.
func (s *reader) text(file string) (text string, ok bool) {
	data, err := limits.Read(s.fsys, file, maxBytes-s.bytes)
	s.bytes += int64(len(data))
	return strings.TrimPrefix(string(data), "\xef\xbb\xbf"), err == nil
}

// isFile reports whether there is a file of that name.
func (s *reader) isFile(name string) bool {
	info, err := fs.Stat(s.fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// moduleFile returns the file of a module; "" if the app has none.
func (s *reader) moduleFile(module string) string {
	name := path.Join(s.dir, strings.ReplaceAll(module, ".", "/"))
	for _, file := range []string{name + ".py", name + "/__init__.py"} {
		if module != "" && fs.ValidPath(file) && s.isFile(file) {
			return file
		}
	}
	return ""
}

// importedFile returns the file of a module that another file imports. A name with dots at its beginning is relative to
// the package of that file.
func (s *reader) importedFile(from, module string) string {
	name := strings.TrimLeft(module, ".")
	levels := len(module) - len(name)
	if levels == 0 {
		return s.moduleFile(name)
	}
	dir := path.Dir(from)
	for range levels - 1 {
		dir = path.Dir(dir)
	}
	below, inside := strings.CutPrefix(path.Join(dir, strings.ReplaceAll(name, ".", "/")), s.dir+"/")
	if !inside && s.dir != "." {
		return ""
	}
	return s.moduleFile(strings.ReplaceAll(below, "/", "."))
}

// read reads a module. Variables that it needs are only noted if it is certainly imported.
func (s *reader) read(file string, certain bool) *namespace {
	if ns, done := s.modules[file]; done {
		return ns
	}
	ns := &namespace{file: file, lists: map[string]NameList{}, paths: map[string]string{}, texts: map[string]string{},
		imported: map[string]string{}}
	s.modules[file] = ns
	if len(s.modules) > maxSettings {
		ns.open = true
		return ns
	}
	text, ok := s.text(file)
	statements, complete := pysource.Read(text)
	ns.open, ns.lines = !complete || !ok, strings.Split(text, "\n")
	for _, statement := range statements {
		s.imports(ns, statement, certain)
		s.environment(ns, statement, certain && statement.Always())
		s.assign(ns, statement)
		s.static.note(ns, statement)
	}
	return ns
}

// imports follows imports of the app's own modules. A module that is imported in a try is read too: if its file is in
// the app, the import succeeds. In an if it leaves the namespace open.
func (s *reader) imports(ns *namespace, statement pysource.Statement, certain bool) {
	for _, one := range statement.Imports() {
		ns.imported[one.As] = strings.TrimSuffix(one.Module+"."+one.Name, ".")
		if readsDotenv(one.Module) {
			s.provide(".", s.dir, path.Dir(ns.file))
		}
		if one.Name == "" { // import a.b binds a
			ns.imported[one.As] = strings.Split(one.Module, ".")[0]
		}
		// "from .x import y" imports the module x.y if there is one, otherwise a name in the module x.
		file := s.importedFile(ns.file, one.Module)
		if submodule := s.importedFile(ns.file, strings.TrimSuffix(one.Module, ".")+"."+one.Name); submodule != "" {
			file = submodule
		}
		if file == "" {
			s.static.mayBeSet = s.static.mayBeSet || one.Name == "*"
			continue
		}
		in := s.read(file, certain && statement.Always())
		switch {
		case one.Name == "*" && slices.Contains(statement.In, "if"):
			ns.open = true
		case one.Name == "*":
			ns.merge(in)
		case one.Name != "":
			ns.take(in, one.Name, one.As)
		}
	}
}
