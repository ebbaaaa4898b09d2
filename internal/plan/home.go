package plan

import (
	"fmt"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// home returns the directory of the Python project, relative to the app's root. Management commands, the import of the
// settings and the default processes run there, since relative paths of the project's code begin there.
func (p Plan) home() string { return p.app.Python.Home }

// Modules returns the directories that PYTHONPATH has after the app's root: where Python finds the project's modules.
// With them no process needs to change its directory (gunicorn --chdir).
func (p Plan) Modules() (dirs []string) {
	all := []string{p.Manage.Dir}
	if py := p.app.Python; py != nil {
		all = []string{py.Home, p.Manage.Dir}
		for _, w := range py.Web {
			all = append(all, w.Dir, w.Imports)
		}
	}
	for _, dir := range all {
		if dir != "" && dir != "." && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// managePath returns the path of manage.py for commands that run in the project's directory.
func (p Plan) managePath() string { return p.Manage.From(p.home()) }

// noProject returns an error if the user names a directory that the app does not have.
func noProject(py *app.Python, c config.Config) error {
	if !py.NoHome {
		return nil
	}
	return &fail.Error{
		ID: "python/no-project", What: config.PythonProjectPath + " names a directory that does not exist",
		Why: fmt.Sprintf("It is %s, read from the app's root directory.", show.Quoted(c.PythonProject.Path)),
		Fix: fail.Fix{
			fail.Say{Text: "Correct the directory, relative to the app's root:"},
			fail.Set{Name: config.PythonProjectPath, Value: "backend"},
		},
	}
}

// homeNote returns the line of the log about a Python project in a directory; none if all is in the root.
func homeNote(py *app.Python, manage app.Manage, c config.Config) []string {
	switch {
	case c.PythonProject.Path == "." && py.Dir != ".":
		return []string{fmt.Sprintf("Python packages: from the directory %s, because the root directory lists none",
			show.Name(py.Dir))}
	case c.PythonProject.Path != "" && c.PythonProject.Path != ".":
		return []string{fmt.Sprintf("Python: the project is in %s (%s). Its commands run there", show.Name(py.Home),
			config.PythonProjectPath)}
	case py.Home != "." && (manage.Path != "" || len(py.Manage) == 0):
		return []string{fmt.Sprintf("Python: the project is in %s, because the root directory lists no packages. "+
			"Its commands run there. To run them in the root, set %s=.", show.Name(py.Home), config.PythonProjectPath)}
	}
	return nil
}
