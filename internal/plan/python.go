package plan

import (
	"cmp"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// notPython returns the error for an app without a file of Python.
func notPython() error {
	return &fail.Error{
		ID: "python/none", What: "This is not a Python app",
		Why: "The app's root directory has no manage.py, requirements.txt, pyproject.toml, uv.lock or the like.",
		Fix: fail.Fix{fail.Say{Text: "Add a requirements.txt, or use a buildpack for another language."}},
	}
}

// python decides how the Python packages are installed. With an error, the result has what could be decided.
func (q Question) python(manage app.Manage) (*Python, note.List, error) {
	py, c := q.App.Python, q.Config
	packages, said := provided(q.App.Others)
	if packages {
		ask, _ := pythonAsk(py.PythonVersions, c, "") // which source comes first does not matter here
		return &Python{Provided: true, Runtime: Runtime{Ask: ask}}, said, nil
	}
	out, asked := q.interpreter(nil)
	if err := noProject(py, c); err != nil {
		return out, nil, err
	}
	said.Hints("python/directory", homeNote(py, manage, c)...)
	member, also, err := memberOf(py, manage, c)
	if said = append(said, also...); err != nil {
		return out, said, err
	}
	if member != nil {
		out, asked = q.interpreter(member)
	}
	said = append(said, asked...)
	if hook := q.App.Hooks.PostCompile; hook != nil && hook.CallsPip {
		out.Pip = true
		said.Hint("python/pip-for-hook", "Python packages: installed with pip itself, because %s calls it", hook.Path)
	}
	also, err = out.choose(q.App, c)
	if said = append(said, also...); err != nil {
		return out, said, err
	}
	versions, err := out.versionsFromGit(q.App, q.Vars)
	said = slices.Concat(said, out.alone(q.Poetry), versions, out.use(member), out.sourceNotes(), out.leftOut(py, c))
	if file := py.NLTK.File; file != "" { // its data are in the environment
		out.Sources.Files = append(slices.Clip(out.Sources.Files), file)
	}
	return out, said, fail.Join(err, out.want(c))
}

// sourceNotes returns the notes about files of the app that the package manager does not use as they are.
func (py *Python) sourceNotes() (said note.List) {
	if py.Manager == manager.Poetry {
		said.Hints("python/app-not-installed", py.Sources.Notes...)
	} else {
		said.Hints("python/settings-ignored", py.Sources.Notes...)
	}
	return said
}

// interpreter returns what is asked of Python. member may be nil.
func (q Question) interpreter(member *app.Member) (*Python, note.List) {
	of := q.App.Python.PythonVersions
	if member != nil {
		of = member.PythonVersions
	}
	ask, said := pythonAsk(of, q.Config, q.Last.Python)
	out := &Python{Runtime: Runtime{Ask: ask}, Dir: q.App.Python.Dir}
	if q.Config.PythonVersion+q.Config.CPythonVersion == "" {
		out.unreadable = slices.Clone(of.Unreadable)
	}
	return out, said
}

// choose decides between a lockfile and requirements files.
func (py *Python) choose(a app.App, c config.Config) (said note.List, err error) {
	of := a.Python
	kept, source := pythonLock(of, a.Recipes)
	if err := only("Python", lockNames(of), kept, source); err != nil && len(c.Requirements) == 0 {
		return nil, err
	}
	requirements, said, err := requirements(of, c)
	if err != nil {
		return said, err
	}
	lock, also := lockOf(of, requirements, c)
	said = append(said, also...)
	switch {
	case lock != nil:
		said = append(said, py.useLock(lock, c)...)
	case requirements != nil:
		err = py.useRequirements(of, requirements, c)
	case of.Unlocked != nil && !of.HasPipfile:
		said = append(said, py.useLock(of.Unlocked, c)...)
		said.Hint("python/no-lockfile", "Python packages: no lockfile, so the versions may differ between builds. "+
			"Commit one: %s", shell.In(of.Dir, py.ManagerData().Relock))
	default:
		err = noRequirements(a)
	}
	if err != nil {
		return said, err
	}
	return said, toolVersion(py.ManagerData(), py.Sources)
}

// useLock installs what a lockfile lists, or a pyproject.toml without one.
func (py *Python) useLock(lock *app.PythonLock, c config.Config) (said note.List) {
	py.Manager, py.Sources, py.Wanted.Root = lock.Manager, lock.Sources, lock.Root
	py.unreadable = append(py.unreadable, lock.Unreadable...)
	if c.PipItself {
		data := py.ManagerData()
		said.Hint("python/installer-ignored", "Python packages: %s is ignored, because %s installs what is in %s",
			config.PythonInstaller, data.Name, cmp.Or(data.Lock, data.Lists))
	}
	return said
}

// alone lets Poetry install its packages where an export cannot tell uv what to do. bound reports whether a binding has
// settings of Poetry.
func (py *Python) alone(bound bool) (said note.List) {
	if py.Manager != manager.Poetry {
		return nil
	}
	data, why := py.ManagerData(), py.Sources.Alone
	switch wanted := py.Sources.Version; {
	case bound:
		why = "a binding has its settings"
	case wanted != "" && !versions.Satisfies(versions.Pinned(data.Tool, data.Name), wanted):
		why = "the app requires another version"
	case why == "":
		return nil
	}
	py.Manager = manager.PoetryAlone
	said.Hint("python/poetry-alone", "Python packages: %s installs them without uv, because %s", data.Name, why)
	return said
}

// useRequirements installs requirements files.
func (py *Python) useRequirements(of *app.Python, requirements *app.Requirements, c config.Config) error {
	py.unreadable = append(py.unreadable, requirements.Unreadable...)
	if err := requirements.Problem(); err != nil {
		return err
	}
	py.Manager, py.Sources = manager.Requirements, requirements.Sources
	py.Wanted.Files = app.Below(of.Dir, requirements.Names)
	if manager.IsPylock(requirements.Names[0]) {
		py.Manager = manager.Pylock
	} else if c.PipItself {
		py.Manager = manager.Pip
		py.Sources.Notes, py.Sources.Version = nil, "" // they are about uv
	}
	return nil
}

// ManagerData describes the package manager.
func (py *Python) ManagerData() manager.PythonData { return manager.Python(py.Manager).Data() }
