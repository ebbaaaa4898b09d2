package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// requirements returns the requirements files to install if no lockfile decides: those that are named,
// requirements.txt, or the only file there is. A choice among several is the user's. chosen is nil if there is none.
func requirements(py *app.Python, c config.Config) (chosen *app.Requirements, said note.List, err error) {
	if len(c.Requirements) > 0 {
		return &py.Requirements[0], nil, unfitRequirements(py)
	}
	for i := range py.Requirements {
		if py.Requirements[i].Names[0] == path.Join(py.Dir, "requirements.txt") {
			return &py.Requirements[i], nil, nil
		}
	}
	if len(py.Requirements) == 0 || len(lockNames(py)) > 0 ||
		notForProduction(likely(py.Candidates)) && (py.Project != "" || py.HasPipfile) {
		return nil, nil, nil
	}
	if name := py.Requirements[0].Names[0]; len(py.Requirements) == 1 && !notForProduction(name) {
		said.Hint("python/only-requirements",
			"Python packages: %s is used, because it is the only requirements file", show.Name(name))
		return &py.Requirements[0], said, nil
	}
	return nil, nil, absent{&fail.Error{
		ID: "python/requirements-choice", What: "There is no requirements.txt, and another file must be chosen",
		Why: strings.TrimSpace(found(py.Candidates)),
		Fix: fail.Fix{
			fail.Say{Text: "Name the one for production, or several with commas between them:"},
			fail.Set{Name: config.PythonRequirements, Value: likely(py.Candidates)},
		},
	}, app.Unknown}
}

// unfitRequirements returns an error if a file that the user names does not exist, or is not a requirements file.
func unfitRequirements(py *app.Python) error {
	named := py.Requirements[0]
	if err := lockAsRequirements(named.Names); err != nil || len(named.Missing) == 0 {
		return err
	}
	return &fail.Error{
		ID:   "python/requirements-missing",
		What: fmt.Sprintf("%s names a file that does not exist", config.PythonRequirements),
		Why:  fmt.Sprintf("There is no %s in the app.%s", show.List(named.Missing), found(py.Candidates)),
		Fix:  existingRequirements(py.Candidates),
	}
}

// existingRequirements returns the fix for a requirements file that does not exist: the likely one of those that do.
func existingRequirements(candidates []string) fail.Fix {
	if len(candidates) == 0 {
		return fail.Fix{fail.Say{Text: "Commit the file, or remove the variable."}}
	}
	return fail.Fix{
		fail.Say{Text: "Correct the path, relative to the app's root directory. Write several with commas between " +
			"them:"},
		fail.Set{Name: config.PythonRequirements, Value: likely(candidates)},
	}
}

// lockAsRequirements returns an error if a lockfile or a pyproject.toml is given as a requirements file.
func lockAsRequirements(names []string) error {
	files := []string{"pyproject.toml", "Pipfile"}
	for _, m := range manager.Pythons() {
		files = append(files, m.Data().Lock)
	}
	at := slices.IndexFunc(names, func(name string) bool { return slices.Contains(files, path.Base(name)) })
	if at < 0 {
		return nil
	}
	fix := fail.Fix{
		fail.Say{Text: "Remove " + config.PythonRequirements + ", and name the directory of the Python project:"},
		fail.Set{Name: config.PythonProjectPath, Value: path.Dir(names[at])},
	}
	return &fail.Error{
		ID: "python/lock-as-requirements", What: config.PythonRequirements + " names a file that is not requirements",
		Why: fmt.Sprintf("%s belongs to a project, which its package manager installs.", show.Name(names[at])),
		Fix: fix,
	}
}

// found lists requirements files that the user can choose. It is empty if there are none.
func found(candidates []string) string {
	if len(candidates) == 0 {
		return ""
	}
	return " Found: " + show.List(candidates) + "."
}

// addSetuptools adds setuptools to requirements for a Python before 3.12. Environments of pip had it there, and
// packages of that time import pkg_resources without requiring setuptools. uv creates environments without it.
// https://docs.python.org/3/whatsnew/3.12.html#ensurepip
func (py *Python) addSetuptools() (said note.List) {
	ofPip := py.Manager == manager.Requirements || py.Manager == manager.Pip
	if !ofPip || py.Sources.OwnSetuptools || !versions.Satisfies(py.Version, "<3.12") {
		return nil
	}
	py.Also = []string{manager.PkgResources()}
	said.Hint("python/setuptools-added", "Python packages: with %s, as in environments of pip before Python 3.12",
		py.Also[0])
	return said
}

// notForProduction reports whether a file's name shows that it is not for production.
func notForProduction(name string) bool {
	return overlap(nameWords(name), "dev", "develop", "development", "local", "test", "tests", "testing", "doc",
		"docs", "lint", "ci", "build")
}

// forProduction reports whether the name of a file, a group or an extra shows that it is for production.
func forProduction(name string) bool {
	return overlap(nameWords(name), "prod", "production", "deploy", "deployment", "heroku", "docker", "server")
}

// leftOut notes what is for production by its name, or alone has a server, and is not installed.
func (py *Python) leftOut(of *app.Python, c config.Config) (said note.List) {
	var texts []string
	for _, has := range []struct {
		variable, what   string
		names, requested []string
		packages         map[string][]string
	}{
		{config.PythonExtras, "extra", py.Sources.Extras, c.PythonProject.Extras, py.Sources.Packages.Extras},
		{config.PythonGroups, "group", py.Sources.Groups, c.PythonProject.Groups, py.Sources.Packages.Groups},
	} {
		for _, name := range has.names {
			hasServer := !process.HasServer(py.Sources.Packages.Main) && process.HasServer(has.packages[name])
			if (forProduction(name) || hasServer) && !manager.Legal(name, has.requested) {
				with := show.Word(strings.Join(append(slices.Clip(has.requested), name), ","))
				texts = append(texts, fmt.Sprintf("Python packages: the %s %s is not installed. With it: %s=%s",
					has.what, show.Name(name), has.variable, with))
			}
		}
	}
	said.Hints("python/extra-for-production", show.Notes(texts)...)
	if len(py.Wanted.Files) == 0 || len(c.Requirements) > 0 {
		return said
	}
	texts = nil
	for _, name := range of.Candidates {
		if forProduction(name) && !slices.Contains(py.Sources.Files, name) {
			texts = append(texts, fmt.Sprintf("Python packages: %s is not installed. Use it instead of %s: %s=%s",
				show.Name(name), show.Name(py.Sources.Files[0]), config.PythonRequirements, show.Word(name)))
		}
	}
	said.Hints("python/file-for-production", show.Notes(texts)...)
	return said
}

// likely returns the candidate that an error shows as an example.
func likely(candidates []string) string {
	for _, name := range candidates {
		if strings.Contains(name, "prod") {
			return name
		}
	}
	for _, name := range candidates {
		if !notForProduction(name) {
			return name
		}
	}
	return candidates[0]
}
