package explain

import (
	"io/fs"
	"path"
	"slices"

	ignore "github.com/sabhiram/go-gitignore"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// uploaded returns the files of a directory that pack sends to a build: all except those that project.toml excludes. It
// uses the library that pack uses.
func uploaded(source fs.FS, project config.Project) fs.FS {
	switch {
	case len(project.Exclude) > 0:
		excluded := ignore.CompileIgnoreLines(project.Exclude...)
		keep := func(name string, _ bool) bool { return !excluded.MatchesPath(name) }
		return &filtered{source, keep, limits.Matches / len(project.Exclude)}
	case len(project.Include) > 0:
		included := ignore.CompileIgnoreLines(project.Include...)
		keep := func(name string, isDir bool) bool { return isDir || included.MatchesPath(name) }
		return &filtered{source, keep, limits.Matches / len(project.Include)}
	}
	return source
}

// filtered is a file system with fewer files. It is for one reader at a time.
type filtered struct {
	fs.FS
	keep func(name string, isDir bool) bool
	left int // the number of names that may still be compared with the patterns
}

// Open returns fs.ErrNotExist for an excluded file, as if it had not been uploaded.
func (f *filtered) Open(name string) (fs.File, error) {
	if err := f.hidden("open", name); err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

// hidden returns an error for an excluded file.
func (f *filtered) hidden(op, name string) error {
	info, err := fs.Lstat(f.FS, name)
	if name == "." || f.keep(name, err == nil && info.IsDir()) {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// Stat is like fs.Stat, and does not open the file.
func (f *filtered) Stat(name string) (fs.FileInfo, error) {
	if err := f.hidden("stat", name); err != nil {
		return nil, err
	}
	return fs.Stat(f.FS, name)
}

// ReadDir omits excluded files.
func (f *filtered) ReadDir(dir string) ([]fs.DirEntry, error) {
	if err := f.hidden("open", dir); err != nil {
		return nil, err
	}
	all, err := fs.ReadDir(f.FS, dir)
	if f.left -= len(all); f.left < 0 {
		return nil, &fs.PathError{Op: "readdir", Path: dir, Err: limits.ErrLarge}
	}
	return slices.DeleteFunc(all,
		func(entry fs.DirEntry) bool { return !f.keep(path.Join(dir, entry.Name()), entry.IsDir()) }), err
}

// ReadLink and Lstat are for symbolic links.
func (f *filtered) ReadLink(name string) (string, error) {
	if err := f.hidden("readlink", name); err != nil {
		return "", err
	}
	return fs.ReadLink(f.FS, name)
}

// Lstat is like fs.Lstat. A link is excluded by its own name, not by its target's.
func (f *filtered) Lstat(name string) (fs.FileInfo, error) {
	if err := f.hidden("lstat", name); err != nil {
		return nil, err
	}
	return fs.Lstat(f.FS, name)
}
