package tree

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/tandem-cnb/tandem/internal/app"
)

// IsFile reports whether fsys has a regular file of that name, or a link to one.
func IsFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// IsDir reports whether fsys has a directory of that name, or a link to one.
func IsDir(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir()
}

// HasEntries reports whether name is a directory that is not empty. A pipe is not opened.
func HasEntries(fsys fs.FS, name string) bool {
	if !IsDir(fsys, name) {
		return false
	}
	entries, err := fs.ReadDir(fsys, name)
	return err == nil && len(entries) > 0
}

// Rel returns an absolute path relative to the directory; ok is false if it is not below the directory.
func (t *Tree) Rel(file string) (p app.Path, ok bool) {
	rel, err := filepath.Rel(t.Dir(), file)
	if err != nil {
		return "", false
	}
	p, err = app.In(".", filepath.ToSlash(rel))
	return p, err == nil
}

// Remove removes files and directories below the directory, also after an error. It returns the joined errors.
func (t *Tree) Remove(paths ...app.Path) (err error) {
	for _, p := range paths {
		err = errors.Join(err, t.RemoveAll(p))
	}
	return err
}

// Literal returns a name as a part of a pattern of package path that matches only that name.
func Literal(name string) string {
	var out []rune
	for _, r := range name {
		if slices.Contains([]rune(`*?[\`), r) {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}
