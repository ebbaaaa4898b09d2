package manager

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// pylockManager is uv for the lockfile that all tools may write.
// https://packaging.python.org/en/latest/specifications/pylock-toml/
type pylockManager struct{ describedPython }

// newPylock returns uv for a pylock.toml, which needs no tool of its own.
func newPylock() pylockManager {
	return pylockManager{describedPython{PythonData{
		ID: Pylock, Name: "pylock", Lock: "pylock.toml", Wins: true, Pip: PipForUV, Settings: []string{"UV_"},
		Relock:   "uv export --format pylock.toml --no-emit-project --output-file pylock.toml",
		Failures: "uv", Lists: "pyproject.toml",
	}}}
}

// IsPylock reports whether a file may be a lockfile of this kind that has a name: pylock.production.toml.
func IsPylock(file string) bool {
	name, ok := strings.CutPrefix(path.Base(file), "pylock.")
	name, isTOML := strings.CutSuffix(name, ".toml")
	return ok && isTOML && name != "" && !strings.Contains(name, ".")
}

// Commands returns the command that installs the lockfile. It is complete, so dependencies are not resolved.
func (pylockManager) Commands(t Target) []Command {
	return then(t.venv(), slices.Concat(
		[]string{"uv", "pip", "install", "--preview-features", "pylock", "--exact", "--no-deps", "--python", t.Venv},
		t.Args, each("--requirements", pylockFiles(t.Wanted)))...)
}

// Try omits what only a build needs.
func (pylockManager) Try(w Wanted) string {
	return show.Command(append([]string{"uv", "pip", "install"}, each("-r", pylockFiles(w))...))
}

// pylockFiles returns the lockfile that the user names, otherwise the one without a name.
func pylockFiles(w Wanted) []string {
	if len(w.Files) > 0 {
		return w.Files
	}
	return []string{newPylock().data.Lock}
}

// Read reads the lockfile and uv's settings. files may have the one that the user names.
func (m pylockManager) Read(src Source, files []string) (s Sources) {
	file := append(slices.Clip(files), m.data.Lock)[0]
	text, ok := src.Text(file)
	if !ok {
		return s
	}
	uv := readUVSettings(src)
	s.Files, s.Options = append([]string{file}, uv.files...), uv.options
	s.Version, s.VersionFile = uv.requiredVersion()
	s.Unverified = uv.unverified()
	type local struct{ Path string }
	var lock struct {
		Creator  string `toml:"created-by"`
		Packages []struct {
			Directory, Archive, Sdist local
			Wheels                    []local
		}
	}
	tables := []string{"[[packages]]", "[packages.directory]", "[packages.archive]", "[packages.sdist]",
		"[[packages.wheels]]"}
	keys := []string{"created-by", "directory", "archive", "sdist", "wheels", "path"}
	if s.Err = limits.DecodeLock(text, &lock, tables, keys); s.Err != nil {
		return s
	}
	s.Creator = lock.Creator
	for _, p := range lock.Packages {
		for _, file := range append([]local{p.Directory, p.Archive, p.Sdist}, p.Wheels...) {
			s.Local = append(s.Local, inside(file.Path)...)
		}
	}
	s.addGitVersions(src, pyproject{}, false, s.Local)
	return s
}
