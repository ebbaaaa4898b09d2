package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func (p *Plan) python(a app.App, c config.Config) (*Python, error) {
	py := a.Python
	if py == nil {
		return nil, &fail.Error{
			ID: "python/none", What: "This is not a Python app",
			Why: "None of manage.py, requirements.txt, pyproject.toml, uv.lock and the like is in the app's root folder.",
			Fix: "Add a requirements.txt, or use a buildpack for another language.",
		}
	}
	out := &Python{Version: p.pythonVersion(py, c, p.last.Python)}
	if err := only("Python", py.Locks); err != nil {
		return nil, err
	}
	switch {
	case len(py.UVLock.Files) > 0:
		out.Manager, out.Sources = manager.UVLock(), py.UVLock
		if len(py.Requirements.Files) > 0 {
			p.note("Python packages: uv.lock is used, requirements.txt beside it is not")
		}
	case len(py.Locks) > 0:
		return nil, &fail.Error{
			ID: "python/manager-unknown", What: fmt.Sprintf("%s is not understood yet", py.Locks[0]),
			Why: "Tandem installs the packages of requirements.txt and of uv.lock.",
			Fix: "Export the lock, take it out of the app and commit the result:\n" + exportCommand[py.Locks[0]] + "\n    git rm " + py.Locks[0],
		}
	case len(py.Requirements.Files) > 0:
		out.Manager, out.Sources = manager.Requirements(), py.Requirements
	default:
		return nil, noRequirements(py)
	}
	return out, nil
}

var exportCommand = map[string]string{
	"poetry.lock":  "    poetry export --output requirements.txt",
	"Pipfile.lock": "    pipenv requirements > requirements.txt",
}

func noRequirements(py *app.Python) error {
	fix := "Write the packages down and commit the file:\n    pip freeze > requirements.txt"
	if py.Project {
		fix = "Lock the packages of pyproject.toml and commit the lock:\n    uv lock"
	}
	return &fail.Error{
		ID: "python/no-requirements", What: "Nothing says which Python packages the app needs",
		Why: fmt.Sprintf("Found: %s. Looked for requirements.txt and uv.lock in the app's root folder.", list(py.Signs)),
		Fix: fix,
	}
}

// only is an error when files of several package managers of one language are there: no order of them would be the user's.
func only(language string, locks []string) error {
	if len(locks) < 2 {
		return nil
	}
	return &fail.Error{
		ID: "app/several-locks", What: fmt.Sprintf("The app has more than one lock file for %s", language),
		Why: fmt.Sprintf("Found: %s. Each asks for another package manager.", list(locks)),
		Fix: "Keep the one your team uses, delete the others and build again:\n    git rm " + locks[len(locks)-1],
	}
}
