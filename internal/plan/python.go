package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

func notPython() error {
	return &fail.Error{
		ID: "python/none", What: "This is not a Python app",
		Why: "None of manage.py, requirements.txt, pyproject.toml, uv.lock and the like is in the app's root folder.",
		Fix: fail.Text("Add a requirements.txt, or use a buildpack for another language."),
	}
}

func (p *Plan) python(a app.App, c config.Config) (*Python, error) {
	if p.given(a.Others) {
		unsaid := Plan{} // which place comes first means nothing here
		return &Python{Given: true, Ask: unsaid.pythonVersion(a.Python, c, "")}, nil
	}
	py := a.Python
	if py.Dir != "." && p.Manage.Path != "" {
		p.note("Python packages: those of the folder %s, the root folder says nothing about packages", show.Name(py.Dir))
	}
	out := &Python{Ask: p.pythonVersion(py, c, p.last.Python), Dir: py.Dir}
	if c.PythonVersion+c.CPythonVersion == "" {
		out.unread = slices.Clone(py.PythonVersions.Unread)
	}
	if hook := a.Hooks.PostCompile; hook != nil && hook.CallsPip {
		out.Pip = true
		p.note("Python packages: with pip itself, which %s calls", hook.Path)
	}
	locks := ownLocks(py.Locks)
	if err := only("Python", locks); err != nil && len(c.Requirements) == 0 {
		return out, err
	}
	requirements, err := p.requirements(py, c)
	if err != nil {
		return out, err
	}
	if lock := p.lock(py, requirements, c); lock != nil {
		out.Manager, out.Sources, out.Wanted.Root = lock.Manager, lock.Sources, lock.Root
		out.unread = append(out.unread, lock.Unread...)
		if c.PipItself {
			data := out.ManagerData()
			p.note("Python packages: %s has no meaning, %s installs what is in %s", config.PythonInstaller, data.Name, data.Lock)
		}
	} else if requirements != nil {
		out.unread = append(out.unread, requirements.Unread...)
		if err := requirements.Problem(); err != nil {
			return out, err
		}
		out.Manager, out.Sources, out.Wanted.Files = manager.Requirements, requirements.Sources, app.Below(py.Dir, requirements.Names)
		if c.PipItself {
			out.Manager = manager.Pip
			out.Sources.Notes, out.Sources.Version = nil, "" // they are about uv
		}
	} else {
		return out, noRequirements(py)
	}
	if err := toolVersion(out.ManagerData(), out.Sources); err != nil {
		return out, err
	}
	for _, note := range out.Sources.Notes {
		p.note("%s", note)
	}
	p.leftOut(py, out, c)
	return out, out.want(c)
}

// ManagerData describes the package manager.
func (py *Python) ManagerData() manager.PythonData { return manager.Python(py.Manager).Data() }

// toolVersion returns an error if the app requires an invalid version of its package manager. Text of the app would
// otherwise be among the requirements from which the manager is installed.
func toolVersion(data manager.PythonData, sources manager.Sources) error {
	if sources.Version == "" || versions.Requirement(data.Name, sources.Version) != "" {
		return nil
	}
	tool, setting, example := data.Name, "requires-poetry", ">=2.0,<3.0"
	if data.ID != manager.Poetry {
		tool, setting, example = manager.Python(manager.UV).Data().Name, "required-version", ">=0.9"
	}
	return &fail.Error{
		ID: "python/tool-version", What: fmt.Sprintf("%s requires a version of %s that is not valid",
			show.Name(sources.VersionFile), tool),
		Why: fmt.Sprintf("%s is %s.", setting, show.Quoted(sources.Version)),
		Fix: fail.Text("Write one version or one range, without anything else:\n    " + setting + ` = "` + example + `"`),
	}
}

// ownLocks are the names of the lock files but for those that say they were made from another one that is there.
func ownLocks(all []app.PythonLock) (names []string) {
	for _, lock := range all {
		made := false
		for _, other := range all {
			mark := manager.Python(other.Manager).Data().Exports
			made = made || other.Manager != lock.Manager && mark != "" && mark == lock.Exporter
		}
		if !made {
			names = append(names, manager.Python(lock.Manager).Data().Lock)
		}
	}
	return names
}

// lock is the lock file that decides, nil when none does.
func (p *Plan) lock(py *app.Python, requirements *app.Requirements, c config.Config) *app.PythonLock {
	var lock *app.PythonLock
	for _, name := range ownLocks(py.Locks) {
		for i := range py.Locks {
			if manager.Python(py.Locks[i].Manager).Data().Lock == name {
				lock = &py.Locks[i]
			}
		}
	}
	if lock == nil || requirements == nil {
		return lock
	}
	data := manager.Python(lock.Manager).Data()
	file, beside := data.Lock, show.Series(requirements.Names)
	switch {
	case len(c.Requirements) > 0:
		p.note("Python packages: %s is used, since %s names it; %s is not", beside, config.PythonRequirements, file)
		return nil
	case requirements.Exporter != "":
		p.note("Python packages: %s is used, %s beside it is not: it says that a tool has written it", file, beside)
	case data.Wins:
		p.note("Python packages: %s is used, %s beside it is not", file, beside)
	default:
		p.note("Python packages: %s is used, %s beside it is not: neither says that it was made from the other. Delete the one that your team does not use", beside, file)
		return nil
	}
	return lock
}

// want takes over which extras and groups are asked for, if there are such.
func (py *Python) want(c config.Config) error {
	var unknown []error
	py.Wanted.Extras, py.Wanted.Groups = c.Extras, c.Groups
	for _, asked := range []struct {
		variable, what string
		names, legal   []string
	}{{config.PythonExtras, "extras", c.Extras, py.Sources.Extras}, {config.PythonGroups, "groups", c.Groups, py.Sources.Groups}} {
		for _, name := range asked.names {
			if manager.Legal(name, asked.legal) {
				continue
			}
			why := fmt.Sprintf("The project has these: %s.", show.Series(asked.legal))
			fix := fmt.Sprintf("Take some of these, or leave the variable out:\n    pack build … --env %s=%s", asked.variable, show.Word(strings.Join(asked.legal, ",")))
			if len(asked.legal) == 0 {
				why = fmt.Sprintf("%s has no %s.", show.Name(py.Sources.Files[0]), asked.what)
				fix = "Leave the variable out."
			}
			unknown = append(unknown, &fail.Error{ID: "config/unknown-name", What: fmt.Sprintf("%s asks for %s, which does not exist", asked.variable, show.Quoted(name)), Why: why, Fix: fail.Text(fix)})
		}
	}
	return fail.Join(unknown...)
}

// only is an error when files of several package managers of one language are there: no order of them would be the user's.
func only(language string, locks []string) error {
	if len(locks) < 2 {
		return nil
	}
	return &fail.Error{
		ID: "app/several-locks", What: fmt.Sprintf("The app has more than one lock file for %s", language),
		Why: fmt.Sprintf("Found: %s. Each asks for another package manager.", show.List(locks)),
		Fix: fail.Text("Keep the one your team uses, delete the others and build again:\n    git rm " + show.Path(locks[len(locks)-1])),
	}
}
