package plan

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Applies reports whether Tandem applies to the app a, and the reason in one line.
func Applies(a app.App) (reason string, ok bool) {
	switch {
	case a.Python == nil && a.NodeIn(".") == nil:
		return "no file of a Python app found (manage.py, requirements.txt, pyproject.toml, uv.lock, …)" +
			elsewhere(a), false
	case a.Python == nil:
		return "package.json, but no file of a Python app: a Node.js buildpack is the right one" + elsewhere(a), false
	case a.NodeIn(".") != nil && !a.Python.Strong:
		return fmt.Sprintf("package.json, and of Python only %s: a Node.js buildpack is the right one",
			show.List(a.Python.Signs)), false
	case a.NodeIn(".") != nil:
		return fmt.Sprintf("Python app (%s) with a front end (package.json)", show.List(a.Python.Signs)), true
	}
	where := ""
	if len(a.Node) > 0 {
		where = " in the root directory"
	}
	return fmt.Sprintf("Python app (%s) without a package.json%s", show.List(a.Python.Signs), where), true
}

// elsewhere returns a hint how to build a Python app in a subdirectory. It is empty if there is none.
func elsewhere(a app.App) string {
	if len(a.Elsewhere) == 0 {
		return ""
	}
	return fmt.Sprintf(". If %s describes one, name it (%s=%s), or build that directory alone",
		show.Name(a.Elsewhere[0]), config.PythonRequirements, show.Word(a.Elsewhere[0]))
}
