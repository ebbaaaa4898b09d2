package manager

import (
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// poetryTool is Poetry with its export plugin, see tools/README.md.
//
//go:embed tools/poetry.txt
var poetryTool string

// poetryManager installs from poetry.lock. Poetry says what the lockfile means, by its export plugin, and uv installs
// that: with all downloads 30 packages take Poetry itself 4.6 s, and uv 1.8 s. Poetry also asks the index for JSON that
// mirrors of the simple API do not have. https://github.com/python-poetry/poetry-plugin-export
type poetryManager struct{ describedPython }

// newPoetry returns Poetry, which exports the lockfile, and uv, which installs the packages.
func newPoetry() poetryManager {
	return poetryManager{describedPython{PythonData{
		ID: Poetry, Name: "Poetry", Lock: "poetry.lock", Relock: "poetry lock", Add: "poetry add",
		Wins: true, Tool: poetryTool,
		Settings: []string{"POETRY_", "UV_"}, Way: "an export of Poetry, by uv",
		Failures: "poetry", Rehash: "poetry lock --no-cache --regenerate", Main: []string{poetryMain},
	}}}
}

// Commands writes the packages of the lockfile into a file, which uv installs. The lockfile is complete, so
// dependencies are not resolved. Some entries have no hash (paths, git): uv compares those that exist.
func (poetryManager) Commands(t Target) []Command {
	file := path.Join(t.Scratch, "poetry.lock.txt")
	export := slices.Concat([]string{"poetry", "export", "--no-interaction", "--no-ansi", "--format",
		"requirements.txt", "--without-urls"}, poetryArgs(t.Wanted))
	all := append(t.venv(), Command{Argv: export, To: file})
	return t.installExport(all, file)
}

// Env makes VIRTUAL_ENV the environment, whatever the user's settings say.
func (poetryManager) Env(t Target) map[string]string { return poetryEnv(t) }

// Try returns the command sync, which changes any environment into the lockfile's.
func (poetryManager) Try(w Wanted) string { return poetrySync(w) }

// poetryInstaller is Poetry alone, for what an export cannot tell uv. See Sources.Alone.
// https://python-poetry.org/docs/cli/#install
type poetryInstaller struct{ describedPython }

// newPoetryInstaller returns Poetry alone. Its install leaves packages that the lockfile no longer has, so the
// environment must be new.
func newPoetryInstaller() poetryInstaller {
	data := newPoetry().data
	data.ID, data.Fresh, data.Way = PoetryAlone, true, ""
	return poetryInstaller{describedPython{data}}
}

// Commands returns the command install, since Poetry 1 has no sync. https://python-poetry.org/docs/cli/#sync
func (poetryInstaller) Commands(t Target) []Command {
	install := slices.Concat([]string{"poetry", "install", "--no-interaction", "--no-ansi"}, poetryArgs(t.Wanted))
	if !t.Root {
		install = append(install, "--no-root")
	}
	return then(t.venv(), install...)
}

// Env is that of the export. All packages that are built see the versions that are set: Poetry cannot do otherwise.
func (poetryInstaller) Env(t Target) map[string]string { return t.withVersions(poetryEnv(t)) }

// Try is that of the export.
func (poetryInstaller) Try(w Wanted) string { return poetrySync(w) }

// Packages returns the packages of the export.
func (poetryInstaller) Packages(src Source, w Wanted, on Machine) Listed {
	return newPoetry().Packages(src, w, on)
}

// poetryEnv returns the variables of all of Poetry's commands.
func poetryEnv(t Target) map[string]string {
	return map[string]string{
		"POETRY_VIRTUALENVS_CREATE": "false", // VIRTUAL_ENV is used
		"POETRY_CACHE_DIR":          path.Join(t.Scratch, "poetry"),
		"PYTHON_KEYRING_BACKEND":    "keyring.backends.null.Keyring", // there is none to ask
	}
}

// poetrySync returns the command that users can try.
func poetrySync(w Wanted) string {
	args := append([]string{"poetry", "sync"}, poetryArgs(w)...)
	if !w.Root {
		args = append(args, "--no-root")
	}
	return show.Command(args)
}

// poetryMain is the group of the packages that belong to no other group.
// https://python-poetry.org/docs/managing-dependencies/#dependency-groups
const poetryMain = "main"

// poetryArgs returns arguments that exclude the groups for development. A group that is requested must be listed
// together with main: otherwise Poetry installs it alone.
func poetryArgs(w Wanted) []string {
	groups := strings.Join(append([]string{poetryMain}, w.Groups...), ",")
	return append([]string{"--only", groups}, each("--extras", w.Extras)...)
}

// poetryProject has the fields of [tool.poetry] that matter to an installation.
// https://python-poetry.org/docs/pyproject/
type poetryProject struct {
	Name    string
	Mode    *bool          `toml:"package-mode"`
	Package []any          `toml:"packages"`
	Extras  map[string]any `toml:"extras"`
	Group   map[string]any
	Needed  map[string]any `toml:"dependencies"`
	Dev     map[string]any `toml:"dev-dependencies"`
	Needs   string         `toml:"requires-poetry"`
	Source  []poetrySource
	Build   any // a script, or a table that names one
}

// Read reads poetry.lock, pyproject.toml and poetry.toml.
func (poetryManager) Read(src Source, _ []string) (s Sources) {
	text, ok := src.Text("poetry.lock")
	if !ok {
		return s
	}
	s.Files = present(src, []string{"poetry.lock", "pyproject.toml", "poetry.toml"})
	lock, err := readPoetryLock(text)
	if s.Err = err; err != nil {
		return s
	}
	for _, p := range lock.Package {
		if p.Source.Type == "directory" || p.Source.Type == "file" {
			s.Local = append(s.Local, inside(p.Source.URL)...)
		}
	}
	project := readPyproject(src)
	poetry := project.Tool.Poetry
	if poetry == nil {
		poetry = &poetryProject{}
	}
	s.Extras = append(project.extras(), slices.Sorted(maps.Keys(poetry.Extras))...)
	groups := slices.Collect(maps.Keys(poetry.Group))
	if poetry.Dev != nil {
		groups = append(groups, "dev")
	}
	s.Groups = project.groups(groups)
	if s.Version = poetry.Needs; s.Version != "" {
		s.VersionFile = "pyproject.toml"
	}
	s.Unverified = unverifiedPoetry(src)
	s.Root, s.Notes = poetryRoot(src, project, *poetry)
	s.addPoetrySources(src, lock, *poetry)
	s.Packages = project.packagesBy(poetry.Group)
	s.Packages.Main = append(s.Packages.Main, listedNames(map[string]any{"dependencies": poetry.Needed})...)
	s.addGitVersions(src, project, s.Root, nil)
	return s
}

// poetryRoot reports whether the app can be installed as a package. If it is not a package, Poetry fails; and most apps
// of Poetry 1 are not, and were always installed with --no-root.
// https://python-poetry.org/docs/basic-usage/#operating-modes
func poetryRoot(src Source, project pyproject, poetry poetryProject) (bool, []string) {
	if poetry.Mode != nil && !*poetry.Mode {
		return false, nil
	}
	name := project.Project.Name
	if name == "" {
		name = poetry.Name
	}
	folder := strings.ReplaceAll(Normal(name), "-", "_") // as poetry-core does
	foreign := project.Build.Backend != "" && !strings.HasPrefix(project.Build.Backend, "poetry.")
	if name != "" && (len(poetry.Package) > 0 || foreign) {
		return true, nil
	}
	for _, place := range []string{folder, "src/" + folder} {
		if _, module := src.Text(place + ".py"); name != "" && (module || src.IsDir(place)) {
			return true, nil
		}
	}
	return false, []string{"Python packages: the app itself is not installed, because it has no directory " +
		show.Name(folder) + " or " + show.Name("src/"+folder) +
		"; to declare that, set package-mode = false in pyproject.toml"}
}
