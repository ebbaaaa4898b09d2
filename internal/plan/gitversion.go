package plan

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// versionsFromGit decides as which version the packages of the app are installed that take it from git. With tags in
// the source their build backends decide, and the commit is an input of the packages. vars are the variables of the
// build.
func (py *Python) versionsFromGit(a app.App, vars map[string]string) (said note.List, err error) {
	py.Sources.Options = slices.Clone(py.Sources.Options)
	var errs []error
	for _, v := range py.Sources.GitVersions {
		what := "the app's version"
		if dir := path.Dir(v.File); dir != py.Dir {
			what = "the version of " + show.Name(dir)
		}
		switch {
		case setsVersion(vars, v.Variable):
		case a.HasTags:
			py.Sources.Options = append(py.Sources.Options, "commit "+a.Revision)
			said.Hint("python/version-from-tags", "Python packages: %s comes from git, so each commit installs them "+
				"again%s", what, toSetIt(v))
		case v.Variable == "":
			errs = append(errs, noDefaultVersion(v))
		default:
			py.GitVersions = append(py.GitVersions, v)
			py.Sources.Options = append(py.Sources.Options, v.Package+" "+v.Variable+"="+manager.NoVersion)
			said.Hint("python/version-from-git", "Python packages: %s comes from git, which the source does not have. "+
				"It is %s%s", what, manager.NoVersion, toSetIt(v))
		}
	}
	return said, fail.Join(errs...)
}

// setsVersion reports whether the user has set the variable of a version, or the same for one package.
func setsVersion(vars map[string]string, variable string) bool {
	for name := range vars {
		if variable != "" && (name == variable || strings.HasPrefix(name, variable+"_FOR_")) {
			return true
		}
	}
	return false
}

// toSetIt returns the end of a note that says how to set a version. It is empty if there is no variable for it.
func toSetIt(v manager.GitVersion) string {
	if v.Variable == "" {
		return ""
	}
	return ". To set it: " + v.Variable + "=1.2"
}

// noDefaultVersion returns the error for a package whose version nothing but git or a setting can tell.
func noDefaultVersion(v manager.GitVersion) error {
	return &fail.Error{
		ID: "python/version-without-default", What: "A version comes from git, which the source does not have",
		Why: show.Name(v.File) + " uses " + v.Plugin + ", which reads the version from tags.\n" +
			"No variable sets it, and the file has no default-version.",
		Fix: fail.Fix{
			fail.Say{Text: "Add the version of builds without git to " + show.Name(v.File) + ":"},
			fail.Edit{Lines: []string{"[tool." + v.Plugin + "]", `default-version = "` + manager.NoVersion + `"`}},
		},
		File: v.File,
	}
}
