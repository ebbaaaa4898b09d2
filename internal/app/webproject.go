package app

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// webDir returns the directory of a Python project without a manage.py. It is the only one that describes a web app, as
// webProjects finds it. If the user set requirements files, it is the nearest one above them that has an object which a
// server can serve. Otherwise it is the root.
func (r *reader) webDir(named []string) string {
	if len(named) == 0 {
		if found := r.webProjects(); len(found) == 1 {
			return found[0]
		}
		return "."
	}
	for dir := path.Dir(named[0]); dir != "."; dir = path.Dir(dir) {
		outside := func(name string) bool { return !strings.HasPrefix(path.Clean(name), dir+"/") }
		if !slices.ContainsFunc(named, outside) && len(r.webIn(dir).Web) > 0 {
			return dir
		}
	}
	return "."
}

// webProjects returns the directories, at most two levels deep, with a lockfile or a pyproject.toml that names a web
// server among the packages. The root must have no other use than Node.js has for it.
func (r *reader) webProjects() (found []string) {
	if len(r.present(".", otherLanguages())) > 0 {
		return nil
	}
	r.walk(2, func(p string, d fs.DirEntry) bool {
		if !d.IsDir() {
			return true
		}
		if Skipped(d.Name(), ForSource|ForProjects) || Skipped(strings.ToLower(d.Name()), ForDjango) {
			return false
		}
		if r.describesPackages(p) && r.namesServer(p) {
			found = append(found, p)
		}
		return true
	})
	return found
}

// otherLanguages returns files of apps in other languages than Python and JavaScript.
func otherLanguages() []string {
	return []string{
		"go.mod", "Gemfile", "composer.json", "pom.xml", "build.gradle", "build.gradle.kts", "Cargo.toml", "mix.exs",
		"deno.json", "index.php",
	}
}

// servers returns the names of packages that serve web apps, in normal form.
func servers() []string {
	return []string{"gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress", "uwsgi", "fastapi[standard]"}
}

// namesServer reports whether a lockfile or the pyproject.toml of a directory has a string that begins with the name of
// a web server. Which of the formats it has does not matter for that. A requirements.txt may be that of a tool: next to
// one that lists a server, a module must have what it serves.
func (r *reader) namesServer(dir string) bool {
	if r.requiresServer(dir) && len(r.webIn(dir).Web) > 0 {
		return true
	}
	names := []string{"pyproject.toml"}
	for _, m := range manager.Pythons() {
		names = append(names, m.Data().Lock)
	}
	for _, file := range r.present(dir, names) {
		text := strings.ReplaceAll(r.read(file, limits.Size(file)).text, "'", `"`)
		for _, name := range servers() {
			_, after, found := strings.Cut(text, `"`+name)
			if found && !strings.HasPrefix(after, "-") {
				return true
			}
		}
	}
	return false
}

// requiresServer reports whether the requirements.txt of a directory lists a web server.
func (r *reader) requiresServer(dir string) bool {
	wanted := manager.Wanted{Files: []string{"requirements.txt"}}
	listed := manager.Python(manager.Requirements).Packages(r.sourceIn(dir), wanted, manager.Machine{})
	return slices.ContainsFunc(servers(), func(name string) bool { _, ok := listed.Find(name); return ok })
}

// modulesIn returns the Python files of a directory.
func (r *reader) modulesIn(dir string) (found []string) {
	for _, d := range r.list(dir) {
		if path.Ext(d.Name()) == ".py" {
			found = append(found, r.present(dir, []string{d.Name()})...)
		}
	}
	return found
}
