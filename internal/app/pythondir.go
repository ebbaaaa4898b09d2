package app

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// pythonDirs returns the directory of the Python project and the one whose files declare its packages. They differ only
// if the user sets the project's. named are the requirements files that the user set, if any.
func (r *reader) pythonDirs(named []string, manage []Manage) (home, packages string) {
	switch asked := r.requested.Python; asked {
	case "":
		dir := r.packagesDir(named, manage)
		return dir, dir
	case ".":
		return ".", r.packagesDir(named, manage)
	default:
		if r.isMember(asked) {
			return asked, "."
		}
		return asked, asked
	}
}

// packagesDir returns the directory whose files declare the packages. If the root directory has none, it is the nearest
// one above manage.py that has such files: backend/requirements.txt next to backend/manage.py, and a front end in
// another directory. All requirements files that the user set must be in it. Without a manage.py, see webDir.
func (r *reader) packagesDir(named []string, manage []Manage) string {
	if r.describesPackages(".") {
		return "."
	}
	if len(manage) == 0 {
		return r.webDir(named)
	}
	dir := path.Dir(manage[0].Path)
	for dir != "." && !r.describesPackages(dir) {
		dir = path.Dir(dir)
	}
	if slices.ContainsFunc(named, func(name string) bool { return !strings.HasPrefix(name, dir+"/") }) {
		return "."
	}
	return dir
}

// describesPackages reports whether a directory has files of which an installation is made, or with which one of them
// is made.
func (r *reader) describesPackages(dir string) bool {
	exported := func(f Foreign) bool { return f.Export != "" } // conda's packages are often those of a laptop
	if len(r.candidates(dir)) > 0 || len(r.present(dir, packageFiles())) > 0 ||
		slices.ContainsFunc(r.foreignPython(dir), exported) {
		return true
	}
	var project pyproject
	text, _ := r.quiet(path.Join(dir, "pyproject.toml"))
	if r.cannotRead(path.Join(dir, "pyproject.toml")) {
		return true
	}
	_, err := limits.DecodeTOML(text, &project)
	return err != nil || project.table() != "" // what cannot be read is for its reader to say
}

// sourceIn returns a directory of the app as the source of a package manager that works in it.
func (r *reader) sourceIn(dir string) manager.Source {
	return manager.Source{
		Text:  func(name string) (string, bool) { return r.text(path.Join(dir, name)) },
		IsDir: func(name string) bool { return r.isDir(path.Join(dir, name)) },
	}
}

// Below returns the names relative to dir, for commands that run there. Names that are not below dir do not change.
func Below(dir string, names []string) (below []string) {
	for _, name := range names {
		below = append(below, strings.TrimPrefix(name, dir+"/"))
	}
	return below
}

// misspelled returns names that were meant to be requirements.txt.
func misspelled() []string {
	return []string{
		"requirement.txt", "Requirements.txt", "requeriments.txt", "requirements", "requirements.text",
		"requirments.txt", "requirements.txt.txt",
	}
}

// IsMisspelled reports whether a file in the root directory was meant to be requirements.txt.
func IsMisspelled(name string) bool { return slices.Contains(misspelled(), name) }

// Foreign is a file that declares packages in a format that Tandem does not install, and the command that exports it to
// requirements. The command belongs to the tool that wrote the file. It is empty if no tool can export the packages.
type Foreign struct{ Name, Export string }

// foreignPython returns the foreign files of a directory. A lockfile states more than the file it was made from.
func (r *reader) foreignPython(dir string) (found []Foreign) {
	for _, f := range []Foreign{
		{"requirements.in", "uv pip compile requirements.in --output-file requirements.txt"},
		{"environment.yml", ""}, {"environment.yaml", ""}, {"pixi.lock", ""}, // of conda, whose packages are not PyPI's
	} {
		if r.mayBeFile(path.Join(dir, f.Name)) {
			found = append(found, f)
		}
	}
	return found
}

// packagesElsewhere returns the files that list packages in directories that may have a Python app, at most two levels
// deep. It is for hints, if no other file lists them.
func (r *reader) packagesElsewhere() (found []string) {
	lists := append(packageFiles(), "requirements.txt")
	r.walk(2, func(p string, d fs.DirEntry) bool {
		if d.IsDir() {
			return !Skipped(d.Name(), ForSource|ForProjects) && !Skipped(strings.ToLower(d.Name()), ForDjango)
		}
		inRequirements := strings.HasPrefix(p, "requirements/") && path.Ext(p) == ".txt"
		isList := inRequirements || slices.Contains(lists, d.Name()) ||
			d.Name() == "pyproject.toml" && r.describesPackages(path.Dir(p))
		if isList && len(found) < maxCandidates && r.exists(p) {
			found = append(found, p)
		}
		return true
	})
	return found
}
