package plan

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// absent is an error about missing information. role names the information that an unreadable file may have.
type absent struct {
	error
	role app.Role
}

func (a absent) Unwrap() error { return a.error }

// withoutEchoes returns the errors of unreadable files together with errs, each once. It omits errors about information
// that an unreadable file may have.
func withoutEchoes(unreadable []app.Unreadable, errs []error) error {
	isEcho := func(err error) bool {
		var about absent
		return errors.As(err, &about) &&
			slices.ContainsFunc(unreadable, func(u app.Unreadable) bool { return u.Role == about.role })
	}
	var all []error
	seen := map[string]bool{} // a file of two languages was read for each
	for _, err := range append(app.Errors(unreadable), fail.Each(fail.Join(errs...))...) {
		user, ok := fail.User(err)
		if !ok {
			all = append(all, err)
		} else if text := user.Error(); !seen[text] && !isEcho(err) {
			seen[text] = true
			all = append(all, err)
		}
	}
	return fail.Join(all...)
}

// noRequirements returns the error for an app without a file that lists its packages. A file that lists them in another
// way is named first.
func noRequirements(a app.App) error {
	py := a.Python
	what, fix := packagesOf(py, a.Elsewhere)
	where := "the app's root"
	if py.Dir != "." {
		where = show.Name(py.Dir)
	} else if len(py.Manage) > 0 && py.Manage[0].Depth() > 0 {
		where += " or between it and manage.py"
	}
	there := slices.Clone(py.Signs)
	for _, f := range py.Foreign {
		there = append(there, path.Join(py.Dir, f.Name))
	}
	there = append(there, a.Elsewhere...)
	return absent{&fail.Error{
		ID: "python/no-requirements", What: what,
		Why: fmt.Sprintf("Found: %s\nNot found: requirements.txt, uv.lock, poetry.lock, Pipfile.lock, pdm.lock in\n%s",
			show.List(there), where),
		Fix: fix,
	}, app.Unknown}
}

// packagesOf returns what is wrong with the files that list the packages of the app, and how a build can use them.
// elsewhere are files in directories that list packages.
func packagesOf(py *app.Python, elsewhere []string) (what string, fix fail.Fix) {
	locked := func(m manager.ID) (string, fail.Fix) {
		data, file := manager.Python(m).Data(), "pyproject.toml"
		if m == manager.Pipenv {
			file = "Pipfile"
		}
		return file + " has no lockfile", fail.Fix{fail.Say{Text: "Create the lockfile and commit it:"},
			fail.Run{Command: data.Relock + " && git add " + data.Lock, In: py.Dir}}
	}
	misspelled := slices.IndexFunc(py.Signs, app.IsMisspelled)
	switch {
	case py.HasPipfile:
		return locked(manager.Pipenv)
	case py.Project == "[tool.poetry]":
		return locked(manager.Poetry)
	case len(py.Foreign) > 0:
		return packagesFrom(py.Foreign[0], py.Dir)
	case py.Project != "":
		return locked(manager.UV)
	case misspelled >= 0:
		name := py.Signs[misspelled]
		return name + " is not a name that installers know", fail.Fix{
			fail.Say{Text: "Rename the file and commit that:"},
			fail.Run{Command: "git mv " + name + " requirements.txt"},
		}
	case len(elsewhere) > 0:
		return packagesIn(elsewhere)
	case slices.ContainsFunc(py.Signs, func(file string) bool { return path.Base(file) == "setup.py" }):
		return "setup.py alone is no list of Python packages", fail.Fix{
			fail.Say{Text: "If setup.py lists all packages that the app needs, install the app with it:"},
			fail.Run{Command: "echo . > requirements.txt", In: py.Dir},
			fail.Say{Text: "Otherwise list the packages in requirements.txt, one in each line. Commit the file."},
		}
	}
	return "No file lists the Python packages that the app needs", fail.Fix{
		fail.Say{Text: "List them in requirements.txt, one in each line, and commit it.\n" +
			"In a virtual environment that has only the app's packages:"},
		fail.Run{Command: "pip freeze > requirements.txt", In: py.Dir},
	}
}

// packagesFrom is like packagesOf, for a file in a format that Tandem does not install.
func packagesFrom(file app.Foreign, dir string) (what string, fix fail.Fix) {
	if file.Export == "" {
		return "Tandem does not install packages of conda", fail.Fix{
			fail.Say{Text: "List those that the app needs by their names on PyPI in requirements.txt,\n" +
				"one in each line, and commit it."},
		}
	}
	return "Tandem does not install packages from " + file.Name, fail.Fix{
		fail.Say{Text: "Export the packages and commit the file:"},
		fail.Run{Command: file.Export + " && git add requirements.txt", In: dir},
	}
}

// packagesIn is like packagesOf, for files in directories that Tandem does not search.
func packagesIn(elsewhere []string) (what string, fix fail.Fix) {
	if path.Ext(elsewhere[0]) == ".txt" {
		return "Requirements files are in directories, and one must be chosen", fail.Fix{
			fail.Say{Text: "Name the one for production, or several with commas between them:"},
			fail.Set{Name: config.PythonRequirements, Value: likely(elsewhere)},
		}
	}
	return "A file in another directory lists the Python packages", fail.Fix{
		fail.Say{Text: "Name the directory of the Python project:"},
		fail.Set{Name: config.PythonProjectPath, Value: path.Dir(elsewhere[0])},
	}
}
