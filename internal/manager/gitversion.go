package manager

import (
	"slices"
	"strings"
)

// gitPlugin is a package that takes the version of a project from git, and the variable that sets it instead.
type gitPlugin struct{ requirement, variable string }

// gitPlugins returns those that are known. https://backend.pdm-project.org/metadata/ has PDM's.
func gitPlugins() []gitPlugin {
	return []gitPlugin{
		{"hatch-vcs", scmVersion}, {"setuptools-scm", scmVersion}, {"flit-scm", scmVersion},
		{"pdm-backend", "PDM_BUILD_SCM_VERSION"},
		{"poetry-dynamic-versioning", "POETRY_DYNAMIC_VERSIONING_BYPASS"},
		{"uv-dynamic-versioning", "UV_DYNAMIC_VERSIONING_BYPASS"},
	}
}

// scmVersion is read by setuptools-scm and what uses it. hatch-vcs does not read the variable with the project's name.
// https://setuptools-scm.readthedocs.io/en/latest/overrides/
const scmVersion = "SETUPTOOLS_SCM_PRETEND_VERSION"

// gitVersion returns the variable that sets the version of the project if that comes from git. Otherwise it is empty.
func (p pyproject) gitVersion() string {
	ofPDM := p.Tool.PDM.Version.Source == "scm"
	for _, plugin := range gitPlugins() {
		requires := func(requirement string) bool {
			name, _, _ := strings.Cut(Normal(firstWord(requirement)), "[")
			return strings.TrimRight(strings.FieldsFunc(name+" ", isConstraint)[0], " ") == plugin.requirement
		}
		dynamic := slices.Contains(p.Project.Dynamic, "version") || plugin.requirement == "poetry-dynamic-versioning"
		isPlugin := plugin.requirement != "pdm-backend" || ofPDM
		if dynamic && isPlugin && slices.ContainsFunc(p.Build.Requires, requires) {
			return plugin.variable
		}
	}
	return ""
}

// isConstraint reports whether a character ends the name in a requirement.
func isConstraint(r rune) bool { return strings.ContainsRune("<>=!~;", r) }

// uvEditable returns the command that installs the app alone, whose packages are there.
func (t Target) uvEditable() []string {
	return slices.Concat([]string{"uv", "pip", "install", "--no-deps", "--python", t.Venv}, t.Args,
		[]string{"--editable", "."})
}

// installExport returns all and the commands by which uv installs the packages of a file that all writes. The file is
// complete, so dependencies are not resolved. The app is installed too if it is a package.
func (t Target) installExport(all []Command, file string) []Command {
	install := slices.Concat([]string{"uv", "pip", "install", "--exact", "--no-deps", "--python", t.Venv}, t.Args,
		[]string{"--requirements", file})
	switch {
	case t.Root && t.GitVersion != "":
		return then(then(all, install...), t.withVersion(t.uvEditable())...)
	case t.Root:
		install = append(install, "--editable", ".")
	}
	return then(all, install...)
}

// withVersion returns a command that sees the version of the app, if that is set.
func (t Target) withVersion(argv []string) []string {
	if t.GitVersion == "" {
		return argv
	}
	return slices.Concat([]string{"env", t.GitVersion}, argv)
}
