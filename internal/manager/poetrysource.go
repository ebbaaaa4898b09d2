package manager

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
)

// poetrySource is a package index of [[tool.poetry.source]].
// https://python-poetry.org/docs/repositories/#package-sources
type poetrySource struct{ Name, URL, Priority string }

// poetryLock has the fields of poetry.lock that matter to an installation.
type poetryLock struct {
	Package []struct {
		Source struct{ Type, URL, Reference string }
	}
}

// readPoetryLock reads the tables and keys that it lists. The name of a package or an extra may be one of the keys in
// these tables.
func readPoetryLock(text string) (lock poetryLock, err error) {
	tables := []string{"[[package]]", "[package.source]", "[package.dependencies]", "[package.extras]",
		"[extras]", "[metadata]", "[metadata.files]"}
	return lock, limits.DecodeLock(text, &lock, tables, []string{"type", "url", "reference"})
}

// addPoetrySources notes from where uv gets the packages of an export, which names no index. The lockfile's version and
// hash decide, so all indexes are searched. It also notes why Poetry itself must install the packages.
func (s *Sources) addPoetrySources(src Source, lock poetryLock, poetry poetryProject) {
	if len(poetry.Source) > 0 {
		s.Env = map[string]string{indexStrategy: bestMatch}
	}
	first := true
	for _, source := range poetry.Source {
		if source.URL == "" { // PyPI, which has a name only
			continue
		}
		primary := !slices.Contains([]string{"supplemental", "explicit", "secondary"}, source.Priority)
		option := "--index"
		if primary && first {
			option, first = "--default-index", false
		}
		s.Args = append(s.Args, option, source.Name+"="+source.URL)
	}
	s.addPoetryInstaller(src)
	for _, p := range lock.Package {
		known := func(source poetrySource) bool { return strings.EqualFold(source.Name, p.Source.Reference) }
		if p.Source.Type == "legacy" && !slices.ContainsFunc(poetry.Source, known) {
			s.Alone = "a package of poetry.lock is from an index that pyproject.toml does not list: " +
				show.Name(cmp.Or(p.Source.Reference, p.Source.URL))
		}
	}
	if s.Root && poetry.Build != nil {
		s.Alone = "[tool.poetry.build] in pyproject.toml has a script"
	}
}

// addPoetryInstaller notes the settings of poetry.toml that say which packages are built from source.
// https://python-poetry.org/docs/configuration/#installerno-binary
func (s *Sources) addPoetryInstaller(src Source) {
	var config struct {
		Installer struct {
			NoBinary   any `toml:"no-binary"`
			OnlyBinary any `toml:"only-binary"`
		}
	}
	text, _ := src.Text("poetry.toml")
	if _, err := limits.DecodeTOML(text, &config); err != nil {
		return // Poetry reports what is wrong with it
	}
	s.Args = slices.Concat(s.Args, each("--no-binary", binaries(config.Installer.NoBinary)),
		each("--only-binary", binaries(config.Installer.OnlyBinary)))
}

// binaries returns the names of a setting of Poetry: a boolean, or names, of which ":all:" and ":none:" are special, as
// to uv.
func binaries(value any) (names []string) {
	switch value := value.(type) {
	case bool:
		if value {
			names = []string{":all:"}
		}
	case string:
		names = strings.Split(value, ",")
	case []any:
		for _, each := range value {
			if name, ok := each.(string); ok {
				names = append(names, name)
			}
		}
	}
	return names
}

// PoetryToUV returns uv's variables for those of Poetry among vars: the credentials of indexes.
// https://python-poetry.org/docs/repositories/#configuring-credentials
func PoetryToUV(vars map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range vars {
		of, ok := strings.CutPrefix(name, "POETRY_HTTP_BASIC_")
		if ok && (strings.HasSuffix(of, "_USERNAME") || strings.HasSuffix(of, "_PASSWORD")) {
			out["UV_INDEX_"+of] = value
		}
	}
	return out
}
