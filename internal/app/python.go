package app

import (
	"encoding/json"
	"io/fs"
	"path"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// Python is what says that this is a Python app, and how its packages are described.
type Python struct {
	Signs  []string // the files that say Python, in a fixed order
	Strong bool     // at least one of them is used for nothing else
	Manage []Manage // Django's, the shallowest first
	Web    []Web    // what a server can serve, as far as reading the files tells

	Requirements Sources  // requirements.txt with every file it includes
	UVLock       Sources  // uv.lock with pyproject.toml
	Locks        []string // the lock files found, in a fixed order
	Project      bool     // pyproject.toml has [project] or [tool.poetry]

	PythonVersions
}

// Sources are what an installation is made from. No Files: there is no such installation.
type Sources struct {
	Files   []string // what names the packages
	Local   []string // files and folders of the app that are packages themselves
	Options []string // what is said about how to install, beside the names
}

// strongSigns mark a Python app even next to a package.json. requirements*.txt and pyproject.toml have rules of their own.
var strongSigns = []string{"manage.py", "uv.lock", "poetry.lock", "Pipfile", "Pipfile.lock"}

// weakSigns mark a Python app only without a package.json: many Node apps have a setup.py or a .python-version for node-gyp.
// The second half are misspellings of requirements.txt, so that their owners get help instead of "no buildpack".
var weakSigns = []string{
	"setup.py", ".python-version", "runtime.txt",
	"requirement.txt", "Requirements.txt", "requeriments.txt", "requirements", "requirements.text", "requirments.txt", "requirements.txt.txt",
}

// lockFiles are the lock files of Python's package managers.
var lockFiles = []string{"uv.lock", "poetry.lock", "Pipfile.lock"}

func (r *reader) readPython() *Python {
	py := &Python{}
	py.strong(r.present(strongSigns)...)
	if found, err := fs.Glob(r.fsys, "requirements*.txt"); err == nil {
		for _, name := range found {
			if r.exists(name) && name != "requirements.txt.txt" {
				py.strong(name)
			}
		}
	}
	if py.Manage = r.manages(); len(py.Manage) > 0 && py.Manage[0].Depth() > 0 {
		py.strong(py.Manage[0].Path)
	}
	pyproject, hasPyproject := r.pyproject()
	switch {
	case pyproject.Project != nil || pyproject.Tool.Poetry != nil:
		py.strong("pyproject.toml")
		py.Project = true
	case hasPyproject:
		py.Signs = append(py.Signs, "pyproject.toml")
	}
	py.Signs = append(py.Signs, r.present(weakSigns)...)
	if len(py.Signs) == 0 {
		return nil
	}
	py.Web = r.readWeb(py.Manage)
	py.Locks = r.present(lockFiles)
	py.Requirements = r.requirements("requirements.txt")
	py.UVLock = r.uvLock(pyproject)
	py.PythonVersions = r.pythonVersions(pyproject)
	return py
}

func (py *Python) strong(names ...string) {
	py.Signs = append(py.Signs, names...)
	py.Strong = py.Strong || len(names) > 0
}

// present are those of names that exist as files.
func (r *reader) present(names []string) (found []string) {
	for _, name := range names {
		if r.exists(name) {
			found = append(found, name)
		}
	}
	return found
}

type pyproject struct {
	Project map[string]any `toml:"project"`
	Tool    struct {
		Poetry map[string]any `toml:"poetry"`
		UV     map[string]any `toml:"uv"`
	} `toml:"tool"`
}

func (r *reader) pyproject() (p pyproject, ok bool) {
	text, ok := r.text("pyproject.toml")
	if _, err := toml.Decode(text, &p); err != nil {
		r.problem(&fail.Error{
			ID: "python/pyproject-invalid", What: "pyproject.toml is not valid TOML", Why: err.Error(), Err: err,
			Fix: "Correct the file at the place named above.",
		})
	}
	return p, ok
}

// uvLock is what `uv sync --locked` reads: the lock, the project and the folders that the lock names as sources.
// https://docs.astral.sh/uv/concepts/projects/sync/
func (r *reader) uvLock(project pyproject) (s Sources) {
	text, ok := r.text("uv.lock")
	if !ok {
		return s
	}
	var lock struct {
		Package []struct {
			Source struct{ Directory, Editable, Path string }
		}
	}
	if _, err := toml.Decode(text, &lock); err != nil {
		r.problem(&fail.Error{
			ID: "python/uv-lock-invalid", What: "uv.lock is not valid TOML", Why: err.Error(), Err: err,
			Fix: "Make it again and commit it:\n    uv lock",
		})
	}
	s.Files = r.present(manager.UVLock().Files)
	if options, err := json.Marshal(project.Tool.UV); err == nil { // TOML's infinity is the one value that JSON has not
		s.Options = []string{string(options)}
	}
	for _, p := range lock.Package {
		for _, source := range []string{p.Source.Directory, p.Source.Editable, p.Source.Path} {
			if source != "" && source != "." && fs.ValidPath(path.Clean(source)) {
				s.Local = append(s.Local, path.Clean(source))
			}
		}
	}
	return s
}
