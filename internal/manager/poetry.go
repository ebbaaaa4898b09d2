package manager

import (
	_ "embed"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// poetryTool is made by `uv pip compile --universal --python-version 3.9 --generate-hashes`, see tools/README.md.
//
//go:embed tools/poetry.txt
var poetryTool string

// poetryManager installs from poetry.lock by Poetry itself. 30 packages take it 4.6 s instead of uv's 1.8 s, but its
// lockfile has markers, sources, path dependencies and a content hash that only Poetry reads as it does.
// https://python-poetry.org/docs/cli/#sync
type poetryManager struct{ describedPython }

// newPoetry returns Poetry. Its install leaves packages that the lockfile no longer has, so the environment must be
// new.
func newPoetry() poetryManager {
	return poetryManager{describedPython{PythonData{
		ID: Poetry, Name: "Poetry", Lock: "poetry.lock", Relock: "poetry lock", Add: "poetry add",
		Wins: true, Tool: poetryTool,
		Fresh:    true,
		Settings: []string{"POETRY_"},
		Failures: "poetry", Rehash: "poetry lock --no-cache --regenerate", Main: []string{poetryMain},
	}}}
}

// Commands returns the command install, since Poetry 1 has no sync. https://python-poetry.org/docs/cli/#sync
func (poetryManager) Commands(t Target) []Command {
	return then(t.venv(),
		append([]string{"poetry", "install", "--no-interaction", "--no-ansi"}, poetryArgs(t.Wanted)...)...)
}

// Env makes VIRTUAL_ENV the environment, whatever the user's settings say.
func (poetryManager) Env(t Target) map[string]string {
	return map[string]string{
		"POETRY_VIRTUALENVS_CREATE": "false", // VIRTUAL_ENV is used
		"POETRY_CACHE_DIR":          path.Join(t.Scratch, "poetry"),
		"POETRY_HOME":               "", "POETRY_VIRTUALENVS_IN_PROJECT": "",
		"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring", // there is none to ask
	}
}

// Try returns the command sync, which changes any environment into the lockfile's.
func (poetryManager) Try(w Wanted) string {
	return show.Command(append([]string{"poetry", "sync"}, poetryArgs(w)...))
}

// poetryMain is the group of the packages that belong to no other group.
// https://python-poetry.org/docs/managing-dependencies/#dependency-groups
const poetryMain = "main"

// poetryArgs returns arguments that exclude the groups for development. A group that is requested must be listed
// together with main: otherwise Poetry installs it alone.
func poetryArgs(w Wanted) []string {
	groups := strings.Join(append([]string{poetryMain}, w.Groups...), ",")
	args := append([]string{"--only", groups}, each("--extras", w.Extras)...)
	if !w.Root {
		args = append(args, "--no-root")
	}
	return args
}

// poetryProject has the fields of [tool.poetry] that matter to an installation.
// https://python-poetry.org/docs/pyproject/
type poetryProject struct {
	Name    string
	Mode    *bool          `toml:"package-mode"`
	Package []any          `toml:"packages"`
	Extras  map[string]any `toml:"extras"`
	Group   map[string]any
	Dev     map[string]any `toml:"dev-dependencies"`
	Needs   string         `toml:"requires-poetry"`
}

// Read reads poetry.lock, pyproject.toml and poetry.toml.
func (poetryManager) Read(src Source, _ []string) (s Sources) {
	text, ok := src.Text("poetry.lock")
	if !ok {
		return s
	}
	s.Files = present(src, []string{"poetry.lock", "pyproject.toml", "poetry.toml"})
	var lock struct {
		Package []struct {
			Source struct{ Type, URL string }
		}
	}
	// The name of a package or an extra may be one of the keys in these tables.
	tables := []string{"[[package]]", "[package.source]", "[package.dependencies]", "[package.extras]",
		"[extras]", "[metadata]", "[metadata.files]"}
	if s.Err = limits.DecodeLock(text, &lock, tables, []string{"type", "url"}); s.Err != nil {
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
