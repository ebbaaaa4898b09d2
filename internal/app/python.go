package app

import (
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Python has the files that make the app a Python app, and describes its packages.
type Python struct {
	Signs  []string // the files that say Python, in a fixed order
	Strong bool     // at least one of them is used for nothing else
	Dir    string   // the directory that describes the packages: the root ("."), or the Python project's
	Home   string   // the directory of the Python project, in which its commands run; Dir, unless the user sets it
	NoHome bool     // the app has no directory of that name
	Django
	WebModules
	Scripts
	PackageFiles
	NLTK NLTK
	PythonVersions
	Members []Member // of the workspace of uv.lock
}

// PackageFiles are the files that list the Python packages of the app.
type PackageFiles struct {
	Requirements []Requirements // one for each of Candidates; with BP_PYTHON_REQUIREMENTS the one that it names
	Candidates   []string       // all requirements files, in Dir and in its directory requirements
	Locks        []PythonLock   // in a fixed order
	Unlocked     *PythonLock    // pyproject.toml, if it lists packages; nil if it does not
	Project      string         // what pyproject.toml has, "[project]" or "[tool.poetry]"; "": neither
	HasPipfile   bool
	Foreign      []Foreign // files of Dir that name packages in a form that is not understood
}

// WebModules are the modules that may define what a server serves.
type WebModules struct {
	Web    []Web    // what a server can serve, as far as reading the files tells
	Likely []Web    // what else may be, as only its import shows; if Web has any, of asgi.py only
	Hidden []Hidden // modules that Python does not find by their name
}

// Member is a package of a workspace that may be the app.
type Member struct {
	manager.Member
	Locks []string // lockfiles of its own, which nothing uses
	PythonVersions
}

// Requirements are requirements files that are installed together, with every file that they include.
type Requirements struct {
	Names    []string // as the user names them
	Missing  []string // those of them that do not exist
	Exporter string   // the mark of a manager that says it has written the first
	manager.Sources
	Unreadable []Unreadable
}

// PythonLock is a lockfile and what is read with it.
type PythonLock struct {
	Manager manager.ID
	manager.Sources
	Unreadable []Unreadable // the lockfile, and files next to it
}

// packageFiles returns files that describe packages, as requirements*.txt and pyproject.toml do.
func packageFiles() []string {
	return []string{"uv.lock", "poetry.lock", "Pipfile", "Pipfile.lock", "pdm.lock", "pylock.toml"}
}

// weakSigns returns files that mark a Python app only without a package.json: many Node apps have a setup.py or a
// .python-version for node-gyp. Owners of a misspelled file get help instead of "no buildpack".
func weakSigns() []string {
	return append([]string{"setup.py", ".python-version", "runtime.txt"}, misspelled()...)
}

// readPython returns the facts of a Python app, or nil if no file makes the app one. named are the requirements files
// that the user has chosen; it may be empty.
func (r *reader) readPython(named []string) *Python {
	py := &Python{Django: Django{Manage: r.manages()}}
	py.Home, py.Dir = r.pythonDirs(named, py.Manage)
	py.Candidates = r.candidates(py.Dir)
	pyproject, hasPyproject := r.pyproject(py.Dir)
	py.Project = pyproject.table()
	r.readSigns(py, named, hasPyproject)
	// All that follows is of interest in a Python app only.
	if len(py.Signs) == 0 && !py.Strong {
		return nil
	}
	web := r.readWeb(py.Home, py.Manage)
	py.Web, py.Hidden, py.Likely = web.Web, web.Hidden, likely(web)
	if len(py.Manage) > 0 {
		r.readDjango(py, py.Manage[0])
	}
	py.Scripts, py.HasPipfile = r.scripts(py.Dir), r.mayBeFile(path.Join(py.Dir, "Pipfile"))
	py.Locks, py.Unlocked = r.pythonLocks(py.Dir), r.unlocked(py.Dir)
	py.Foreign, py.NLTK = r.foreignPython(py.Dir), r.nltk(py.Dir)
	py.Requirements = r.requirements(named, py)
	py.PythonVersions = r.pythonVersions(py.Dir, pyproject)
	if len(named) > 0 && manager.IsPylock(named[0]) {
		py.PylockPython = r.lockPython(named[0])
	}
	py.Compiled = r.compiledFor(py.Requirements)
	py.Members = r.members(py)
	py.Web = r.memberWeb(py)
	return py
}

// readSigns reads which files say Python, those that say nothing else first.
func (r *reader) readSigns(py *Python, named []string, hasPyproject bool) {
	py.strong(r.present(".", named)...)
	// These mark a Python app even next to a package.json. requirements*.txt and pyproject.toml have their own rules.
	py.strong(r.present(py.Dir, append([]string{"manage.py"}, packageFiles()...))...)
	for _, name := range py.Candidates {
		if path.Dir(name) == py.Dir && !slices.Contains(py.Signs, name) {
			py.strong(name)
		}
	}
	if len(py.Manage) > 0 && !slices.Contains(py.Signs, py.Manage[0].Path) {
		py.strong(py.Manage[0].Path)
	}
	switch file := path.Join(py.Dir, "pyproject.toml"); {
	case py.Project != "":
		py.strong(file)
	case hasPyproject:
		py.Signs = append(py.Signs, file)
	}
	for _, name := range py.Candidates {
		if path.Dir(name) != py.Dir && !slices.Contains(py.Signs, name) {
			py.Signs = append(py.Signs, name)
		}
	}
	py.Signs = append(py.Signs, r.present(".", weakSigns())...)
	if asked := r.requested.Python; asked != "" { // detection passes, so that the build explains a mistake
		if len(py.Signs) == 0 {
			py.Signs = r.modulesIn(asked)
		}
		py.Strong, py.NoHome = true, !r.isDir(asked)
	}
}

// strong adds files that are used for nothing but Python.
func (py *Python) strong(names ...string) {
	py.Signs = append(py.Signs, names...)
	py.Strong = py.Strong || len(names) > 0
}

// present returns the paths of the names that exist in a directory and are not directories. Some may be unreadable.
func (r *reader) present(dir string, names []string) (found []string) {
	for _, name := range names {
		if name = path.Join(dir, name); r.mayBeFile(name) {
			found = append(found, name)
		}
	}
	return found
}

// pyproject has the tables of pyproject.toml that decide about a Python app. Package manager reads what an installation
// depends on.
type pyproject struct {
	Project map[string]any `toml:"project"`
	Tool    struct {
		Poetry map[string]any `toml:"poetry"`
	} `toml:"tool"`
}

// table returns the name of the table that declares packages. It is empty if there is none.
func (p pyproject) table() string {
	switch {
	case p.Tool.Poetry != nil:
		return "[tool.poetry]"
	case p.Project != nil:
		return "[project]"
	}
	return ""
}

// pyproject reads the pyproject.toml in dir. ok is false if there is none. One that is not valid TOML is noted as a
// problem.
func (r *reader) pyproject(dir string) (p pyproject, ok bool) {
	file := path.Join(dir, "pyproject.toml")
	text, ok := r.text(file)
	if _, err := limits.DecodeTOML(text, &p); err != nil {
		r.problem(file, &fail.Error{
			ID: "python/pyproject-invalid", What: show.Name(file) + " is not valid TOML",
			Why: show.Reason(err), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Correct the file at the place named above."}},
		})
	}
	return p, ok
}
