package app

import (
	"path"
	"slices"
	"strings"
)

// webFiles are the modules in which a search for apps looks, and the names that objects may have there.
type webFiles struct {
	modules, inPackages []string // names of files; nil: all Python files of the app itself
	isName              func(object string) bool
}

// webSearches returns the searches in the order of certainty: the first one that finds an app decides.
func webSearches() []webFiles {
	usual := func(name string) bool { return name == "app" || name == "application" }
	return []webFiles{
		{[]string{"app.py", "main.py", "wsgi.py", "asgi.py", "application.py"},
			[]string{"__init__.py", "main.py", "app.py", "wsgi.py", "asgi.py"}, usual},
		{nil, []string{}, usual},
		{nil, nil, usual},
		{nil, nil, func(string) bool { return true }},
	}
}

// readWeb finds what a server can serve by reading files of the Python project and of Django's directory. It imports
// nothing.
func (r *reader) readWeb(home string, manage []Manage) (found webModules) {
	found = r.webIn(home)
	for _, m := range manage[:min(1, len(manage))] {
		if m.Dir != home {
			found = found.and(r.webBelow(m.Dir))
		}
	}
	return found
}

// webIn finds what a server can serve in a project's directory and its src. A directory that is a package is imported
// as one, from the directory above.
// https://packaging.python.org/en/latest/discussions/src-layout-vs-flat-layout/
func (r *reader) webIn(dir string) (found webModules) {
	src := path.Join(dir, "src")
	hasSrc := r.isDir(src) && !r.exists(path.Join(src, "__init__.py"))
	isInSrc := func(w Web) bool { return strings.HasPrefix(w.Module, "src.") }
	switch {
	case !hasSrc:
		found = r.webBelow(dir)
	case dir == ".": // a module of src may import others by names that begin in either directory
		return r.webBelow(dir, src).importing(src, isInSrc)
	default:
		found = r.webBelow(dir)
		if found.Web = slices.DeleteFunc(found.Web, isInSrc); len(found.Web) == 0 {
			return r.webBelow(src)
		}
	}
	if above, name := path.Split(dir); isIdentifier(name) && r.exists(path.Join(dir, "__init__.py")) {
		for _, all := range [][]Web{found.Web, found.Likely} {
			for i := range all {
				all[i].Module, all[i].Dir = name+"."+all[i].Module, path.Clean(above)
			}
		}
	}
	return found
}

// webBelow looks into the modules of each directory and into those of the packages in it. The first search that finds
// an app in one of them decides.
func (r *reader) webBelow(dirs ...string) (found webModules) {
	for _, search := range webSearches() {
		for _, dir := range dirs {
			more := r.webSearch(dir, search)
			for _, hidden := range more.Hidden {
				if !slices.Contains(found.Hidden, hidden) {
					found.Hidden = append(found.Hidden, hidden)
				}
			}
			if found.Web, found.Likely = more.Web, more.Likely; len(found.Web)+len(found.Likely) > 0 {
				return found
			}
		}
	}
	return found
}

// webSearch makes one search. Python finds a directory with an __init__.py before a module of the same name, and the
// module before any other directory.
// https://docs.python.org/3/reference/import.html#the-path-based-finder
func (r *reader) webSearch(dir string, search webFiles) (found webModules) {
	for _, name := range r.webNames(dir, search.modules) {
		module, hidden := strings.TrimSuffix(name, ".py"), ""
		if r.mayBeFile(path.Join(dir, module, "__init__.py")) {
			hidden = path.Join(dir, module) + "/"
		}
		found = found.and(r.webModule(dir, name, module, search.isName).unless(hidden, path.Join(dir, name)))
	}
	for _, entry := range r.list(dir) {
		p := entry.Name()
		if !entry.IsDir() || !isIdentifier(p) || Skipped(p, ForDjango) {
			continue
		}
		hidden := path.Join(dir, p+".py")
		if !r.mayBeFile(hidden) || r.mayBeFile(path.Join(dir, p, "__init__.py")) {
			hidden = ""
		}
		for _, name := range r.webNames(path.Join(dir, p), search.inPackages) {
			file, module := path.Join(p, name), strings.TrimSuffix(p+"."+strings.TrimSuffix(name, ".py"), ".__init__")
			found = found.and(r.webModule(dir, file, module, search.isName).unless(hidden, path.Join(dir, file)))
		}
	}
	return found
}

// webNames returns names, or all Python files of a directory that may belong to the app itself.
func (r *reader) webNames(dir string, names []string) (all []string) {
	if names != nil {
		return names
	}
	for _, file := range r.modulesIn(dir) {
		name := path.Base(file)
		if isIdentifier(strings.TrimSuffix(name, ".py")) && isOwnPython(name) {
			all = append(all, name)
		}
	}
	return all
}

// importing returns m, with a directory in which modules may find others.
func (m webModules) importing(dir string, does func(Web) bool) webModules {
	for _, all := range [][]Web{m.Web, m.Likely} {
		for i := range all {
			if does(all[i]) {
				all[i].Imports = dir
			}
		}
	}
	return m
}
