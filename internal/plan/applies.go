package plan

import (
	"fmt"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Applies reports whether Tandem applies to the app a, and the reason in one line.
func Applies(a app.App) (reason string, ok bool) {
	signs := config.PythonProjectPath // with it no file need show it
	if a.Python != nil && len(a.Python.Signs) > 0 {
		signs = show.List(a.Python.Signs)
	}
	switch {
	case a.Python == nil && a.NodeIn(".") == nil:
		return "no file of a Python app found (manage.py, requirements.txt, pyproject.toml, uv.lock, …)" +
			elsewhere(a), false
	case a.Python == nil:
		return "package.json, but no file of a Python app: a Node.js buildpack is the right one" + elsewhere(a), false
	case a.NodeIn(".") != nil && !a.Python.Strong:
		return fmt.Sprintf("package.json, and of Python only %s: a Node.js buildpack is the right one%s",
			signs, requirementsHint(a.Python.Candidates)), false
	case a.NodeIn(".") != nil:
		return fmt.Sprintf("Python app (%s) with a package.json", signs), true
	}
	return fmt.Sprintf("Python app (%s)", signs), true
}

// elsewhere returns a hint how to build a Python app in a subdirectory. It is empty if there is none.
func elsewhere(a app.App) string {
	if len(a.Elsewhere) == 0 || strings.HasPrefix(a.Elsewhere[0], "requirements/") {
		return requirementsHint(a.Elsewhere)
	}
	file := a.Elsewhere[0]
	return fmt.Sprintf(". If %s has the Python app (%s), set %s=%s", show.Name(path.Dir(file)), show.Name(file),
		config.PythonProjectPath, show.Word(path.Dir(file)))
}

// requirementsHint returns a hint how to install requirements files that are not in the root directory. It is empty if
// there are none.
func requirementsHint(files []string) string {
	if len(files) == 0 {
		return ""
	}
	return fmt.Sprintf(". If it is a Python app (%s), name its requirements: %s=%s", show.List(files),
		config.PythonRequirements, show.Word(likely(files)))
}
