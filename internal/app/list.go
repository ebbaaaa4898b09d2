package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// list returns the entries of a directory of the app, sorted by name. An unreadable directory has none.
func (s *source) list(dir string) []fs.DirEntry {
	if found, done := s.dirs[dir]; done {
		return found
	}
	if s.tooMany != nil {
		return nil
	}
	found, err := fs.ReadDir(s.fsys, dir)
	s.entries += int64(len(found))
	if s.entries > limits.Entries || errors.Is(err, limits.ErrLarge) {
		s.tooMany = tooLarge(fmt.Sprintf("It has more than %d files and directories.", limits.Entries))
		return nil
	}
	if err == nil {
		s.dirs[dir] = found
	}
	return found
}

// tooLarge returns the error of an app that is too large to be read completely.
func tooLarge(why string) error {
	return &fail.Error{
		ID: "app/unreadable", What: "The app cannot be read: it is too large", Why: why,
		Fix: fail.Fix{
			fail.Say{Text: "Exclude what the build does not need, in project.toml:"},
			fail.Edit{Lines: []string{"[_]", `schema-version = "0.2"`, "[io.buildpacks]", `exclude = ["data/"]`}},
		},
	}
}

// hasEntry reports whether the sorted entries of a directory include name.
func hasEntry(entries []fs.DirEntry, name string) bool {
	_, found := slices.BinarySearchFunc(entries, name, func(d fs.DirEntry,
		name string) int {
		return strings.Compare(d.Name(), name)
	})
	return found
}

// walk visits what lies at most depth directories below the root; visit says whether to go into a directory. Links are
// not followed.
func (r *reader) walk(depth int, visit func(p string, d fs.DirEntry) bool) {
	r.walkIn(".", depth, visit)
}

// walkIn is like walk, but begins in dir. Paths are relative to the app's root, and depth is counted from dir.
func (r *reader) walkIn(dir string, depth int, visit func(p string, d fs.DirEntry) bool) {
	for _, d := range r.list(dir) {
		p := path.Join(dir, d.Name())
		if into := visit(p, d); into && d.IsDir() && depth > 0 {
			r.walkIn(p, depth-1, visit)
		}
	}
}

// isVenv reports whether a directory is a virtual environment.
// https://docs.python.org/3/library/venv.html#how-venvs-work
func (r *reader) isVenv(dir string) bool { return hasEntry(r.list(dir), "pyvenv.cfg") }

// setOf returns names as a set, for lists that every file of an app is compared with.
func setOf(names []string) map[string]bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}
