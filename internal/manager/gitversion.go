package manager

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// GitVersion is a package of the app whose version comes from git.
type GitVersion struct {
	Package  string // its normal name
	File     string // its pyproject.toml
	Plugin   string // that reads the version from git
	Variable string // that sets the version instead; empty if only a setting in File does
}

// NoVersion is the version of a package whose own git does not tell. It is a constant, since with the commit as the
// version each commit would be another environment.
const NoVersion = "0.0.0"

// gitPlugin is a package that takes the version of a project from git, and the variable that sets it instead.
type gitPlugin struct{ requirement, variable string }

// gitPlugins returns those that are known. https://backend.pdm-project.org/metadata/ has PDM's.
// https://versioningit.readthedocs.io/en/stable/configuration.html has no variable.
func gitPlugins() []gitPlugin {
	return []gitPlugin{
		{"hatch-vcs", scmVersion}, {"setuptools-scm", scmVersion}, {"flit-scm", scmVersion},
		{"pdm-backend", "PDM_BUILD_SCM_VERSION"},
		{"poetry-dynamic-versioning", "POETRY_DYNAMIC_VERSIONING_BYPASS"},
		{"uv-dynamic-versioning", "UV_DYNAMIC_VERSIONING_BYPASS"},
		{"versioningit", ""},
	}
}

// scmVersion is read by setuptools-scm and what uses it. hatch-vcs does not read the variable with the project's name.
// https://setuptools-scm.readthedocs.io/en/latest/overrides/
const scmVersion = "SETUPTOOLS_SCM_PRETEND_VERSION"

// addGitVersions notes the packages of the app that are installed and take their version from git: the project itself
// if isRoot says so, those in Local and in more directories.
func (s *Sources) addGitVersions(src Source, project pyproject, isRoot bool, more []string) {
	if isRoot {
		s.GitVersions = append(s.GitVersions, project.gitVersion(".")...)
	}
	dirs := append(slices.Clone(s.Local), more...)
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	for _, dir := range dirs[:min(len(dirs), limits.Packages)] {
		if dir != "." || !isRoot {
			s.GitVersions = append(s.GitVersions, pyprojectIn(src, dir).gitVersion(dir)...)
		}
	}
}

// gitVersion returns the plugin that takes the version of the project in dir from git, if there is one.
func (p pyproject) gitVersion(dir string) []GitVersion {
	name := p.Project.Name
	if p.Tool.Poetry != nil {
		name = cmp.Or(name, p.Tool.Poetry.Name)
	}
	for _, plugin := range gitPlugins() {
		requires := func(requirement string) bool {
			name, _, _ := strings.Cut(Normal(firstWord(requirement)), "[")
			return strings.TrimRight(strings.FieldsFunc(name+" ", isConstraint)[0], " ") == plugin.requirement
		}
		dynamic := slices.Contains(p.Project.Dynamic, "version") || plugin.requirement == "poetry-dynamic-versioning"
		isSet := plugin.requirement == "pdm-backend" && p.Tool.PDM.Version.Source != "scm" ||
			plugin.requirement == "versioningit" && p.Tool.Versioningit["default-version"] != nil
		if dynamic && !isSet && name != "" && slices.ContainsFunc(p.Build.Requires, requires) {
			return []GitVersion{{Normal(name), path.Join(dir, "pyproject.toml"), plugin.requirement, plugin.variable}}
		}
	}
	return nil
}

// isConstraint reports whether a character ends the name in a requirement.
func isConstraint(r rune) bool { return strings.ContainsRune("<>=!~;", r) }

// withVersions returns env with the variables that set versions.
func (t Target) withVersions(env map[string]string) map[string]string {
	for _, v := range t.GitVersions {
		env[v.Variable] = NoVersion
	}
	return env
}

// BuildVariables returns the setting by which uv passes to the build of each package the variable that sets its
// version. It is empty if there is no such package.
// https://docs.astral.sh/uv/reference/settings/#extra-build-variables
func BuildVariables(packages []GitVersion) string {
	var text strings.Builder
	for _, v := range packages {
		fmt.Fprintf(&text, "%q = { %s = %q }\n", v.Package, v.Variable, NoVersion)
	}
	if text.Len() == 0 {
		return ""
	}
	return "\n[extra-build-variables]\n" + text.String()
}

// installExport returns all and the command by which uv installs the packages of a file that all writes. The file is
// complete, so dependencies are not resolved. The app is installed too if it is a package.
func (t Target) installExport(all []Command, file string) []Command {
	install := slices.Concat([]string{"uv", "pip", "install", "--exact", "--no-deps", "--python", t.Venv}, t.Args,
		[]string{"--requirements", file})
	if t.Root {
		install = append(install, "--editable", ".")
	}
	return then(all, install...)
}
