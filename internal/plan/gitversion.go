package plan

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
)

// noVersion is the version of an app whose own git does not tell. It is a constant, since with the commit as the
// version each commit would be another environment.
const noVersion = "0.0.0"

// versionFromGit decides as which version the app is installed, if that comes from git. With tags in the source its
// build backend decides, and the commit is an input of the packages. vars are the variables of the build.
func (py *Python) versionFromGit(a app.App, vars map[string]string) (said notes) {
	variable := py.Sources.GitVersion
	if variable == "" {
		return nil
	}
	for name := range vars {
		if name == variable || strings.HasPrefix(name, variable+"_FOR_") {
			return nil
		}
	}
	py.Sources.Options = slices.Clone(py.Sources.Options)
	if a.HasTags {
		py.Sources.Options = append(py.Sources.Options, "commit "+a.Revision)
		said.hint("python/version-from-tags", "Python packages: the app's version comes from git, so each commit "+
			"installs them again. To set it: %s=1.2", variable)
		return said
	}
	py.GitVersion = variable + "=" + noVersion
	py.Sources.Options = append(py.Sources.Options, py.GitVersion)
	said.hint("python/version-from-git", "Python packages: the app's version comes from git, which the source does "+
		"not have. It is %s. To set it: %s=1.2", noVersion, variable)
	return said
}
