package explain

import (
	"io/fs"
	"path"
	"slices"

	ignore "github.com/sabhiram/go-gitignore"

	"github.com/tandem-cnb/tandem/internal/config"
)

// uploaded is of a folder what pack gives to a build: without what project.toml excludes, by the library that pack has for it.
func uploaded(source fs.FS, project config.Project) fs.FS {
	switch {
	case len(project.Exclude) > 0:
		excluded := ignore.CompileIgnoreLines(project.Exclude...)
		return filtered{source, func(name string, _ bool) bool { return !excluded.MatchesPath(name) }}
	case len(project.Include) > 0:
		included := ignore.CompileIgnoreLines(project.Include...)
		return filtered{source, func(name string, isDir bool) bool { return isDir || included.MatchesPath(name) }}
	}
	return source
}

// filtered is a file system with fewer files.
type filtered struct {
	fs.FS
	keep func(name string, isDir bool) bool
}

func (f filtered) Open(name string) (fs.File, error) {
	if err := f.hidden("open", name); err != nil {
		return nil, err
	}
	return f.FS.Open(name)
}

// hidden is an error for what is left out.
func (f filtered) hidden(op, name string) error {
	info, err := fs.Stat(f.FS, name)
	if name == "." || f.keep(name, err == nil && info.IsDir()) {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// ReadDir leaves them out of a folder's list.
func (f filtered) ReadDir(dir string) ([]fs.DirEntry, error) {
	if err := f.hidden("open", dir); err != nil {
		return nil, err
	}
	all, err := fs.ReadDir(f.FS, dir)
	return slices.DeleteFunc(all, func(entry fs.DirEntry) bool { return !f.keep(path.Join(dir, entry.Name()), entry.IsDir()) }), err
}

// ReadLink and Lstat are for symbolic links.
func (f filtered) ReadLink(name string) (string, error) {
	if err := f.hidden("readlink", name); err != nil {
		return "", err
	}
	return fs.ReadLink(f.FS, name)
}

// Lstat is fs.Lstat.
func (f filtered) Lstat(name string) (fs.FileInfo, error) {
	if err := f.hidden("lstat", name); err != nil {
		return nil, err
	}
	return fs.Lstat(f.FS, name)
}
