package manager

import (
	"maps"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/show"
)

// projectManager is uv for a pyproject.toml without a lockfile. It is not `uv sync`, which would write one.
// https://docs.astral.sh/uv/pip/packages/#installing-packages-from-files
type projectManager struct{ describedPython }

// newProject returns uv for a pyproject.toml, which needs no tool of its own.
func newProject() projectManager {
	return projectManager{describedPython{PythonData{
		ID: Project, Name: "project", Pip: PipForUV, Settings: []string{"UV_"},
		Failures: "uv", Lists: "pyproject.toml", Relock: newUV().data.Relock,
	}}}
}

// Commands returns commands with options that have no effect in an empty environment. They change an old environment
// into what a new one would be.
func (projectManager) Commands(t Target) []Command {
	return then(t.venv(), slices.Concat([]string{"uv", "pip", "install", "--exact", "--upgrade", "--python", t.Venv},
		t.Args, projectPackages(t.Wanted))...)
}

// Try omits what only a build needs.
func (projectManager) Try(w Wanted) string {
	return show.Command(append([]string{"uv", "pip", "install"}, projectPackages(w)...))
}

// projectPackages returns the arguments for the packages of the project, and for the project itself if it is one.
func projectPackages(w Wanted) []string {
	args := slices.Concat([]string{"--requirements", "pyproject.toml"}, each("--extra", w.Extras),
		each("--group", w.Groups))
	if w.Root {
		args = append(args, "--editable", ".")
	}
	return args
}

// Read reads pyproject.toml. It finds nothing if the file does not list packages in [project], or if it is Poetry's.
func (projectManager) Read(src Source, _ []string) (s Sources) {
	project := readPyproject(src)
	dynamic := slices.Contains(project.Project.Dynamic, "dependencies")
	if project.Tool.Poetry != nil || len(project.Project.Dependencies) == 0 && !dynamic {
		return s
	}
	uv := readUVSettings(src)
	s.Files = slices.Concat(uvBuilds(src, "."), present(src, project.dynamicFiles()), uv.files)
	s.Options, s.Extras, s.Groups = uv.options, project.extras(), project.groups(nil)
	s.Version, s.VersionFile = uv.requiredVersion()
	s.Unverified = uv.unverified()
	s.Local = localSources(uv.values)
	isPackage, set := project.Tool.UV["package"].(bool)
	s.Root = isPackage || !set && project.Build.exists()
	s.Packages = project.packagesBy(nil)
	s.addGitVersions(src, project, s.Root, nil)
	return s
}

// localSources returns the paths in [tool.uv.sources], which are packages of the app.
// https://docs.astral.sh/uv/concepts/projects/dependencies/#path
func localSources(uv map[string]any) (paths []string) {
	sources, _ := uv["sources"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		if source, ok := sources[name].(map[string]any); ok {
			file, _ := source["path"].(string)
			paths = append(paths, inside(file)...)
		}
	}
	return paths
}

// dynamicFiles returns the files from which setuptools reads the project's dynamic fields.
// https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata
func (p pyproject) dynamicFiles() (names []string) {
	for _, field := range slices.Sorted(maps.Keys(p.Tool.Setuptools.Dynamic)) {
		table, _ := p.Tool.Setuptools.Dynamic[field].(map[string]any)
		switch file := table["file"].(type) {
		case string:
			names = append(names, path.Clean(file))
		case []any:
			for _, each := range file {
				if name, ok := each.(string); ok {
					names = append(names, path.Clean(name))
				}
			}
		}
	}
	return names
}
