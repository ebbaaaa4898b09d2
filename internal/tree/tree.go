// Package tree reads and writes below one directory, the app's, through os.Root. It decides nothing.
//
// No name and no link of the app leads out of the directory, nothing is a pattern, and no pipe or device is waited for.
package tree

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// Errors of files that are not the app's, or not to be read.
var (
	ErrOutside = errors.New("it is a link that leads out of the app")
	ErrSpecial = errors.New("it is a pipe, a socket or a device")
	ErrLarge   = errors.New("it is too large")
)

// Cause returns the reason in an error of this package or of package os, without the operation and the path. It returns
// other errors unchanged.
func Cause(err error) error {
	for _, known := range []error{ErrOutside, ErrSpecial} {
		if errors.Is(err, known) {
			return known
		}
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// Path is a slash-separated path below the root of a Tree: relative, cleaned, without "..", and not the root itself.
// Only In makes one.
type Path string

// In returns the path of name, as it is written in a file of the directory dir. Both are relative to the root and
// slash-separated; dir is "." for the root itself. The error says why name is not a path below the root.
func In(dir, name string) (Path, error) {
	if path.IsAbs(name) {
		return "", fmt.Errorf("%q is an absolute path", name)
	}
	joined := path.Join(dir, name)
	switch {
	case name == "" || joined == ".":
		return "", fmt.Errorf("%q is the app's own directory", name)
	case strings.ContainsRune(name, 0) || !fs.ValidPath(joined):
		return "", fmt.Errorf("%q is not a path below the app's directory", name)
	}
	return Path(joined), nil
}

// Tree is one directory. It is safe for concurrent use.
type Tree struct{ root *os.Root }

// Open opens the directory dir. The caller must close the Tree.
func Open(dir string) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the app's directory: %w", err)
	}
	return &Tree{root}, nil
}

// Sub opens a directory below. It is for changes to all of its entries: each method of Tree looks up all parts of a
// path. The caller must close it.
func (t *Tree) Sub(p Path) (*Tree, error) {
	if err := p.check("open"); err != nil {
		return nil, err
	}
	var root *os.Root
	err := folder{t.root}.follow(string(p), func(name string) (err error) {
		root, err = t.root.OpenRoot(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Tree{root}, nil
}

// Close closes the directory.
func (t *Tree) Close() error { return t.root.Close() }

// Dir returns the name that Open was called with.
func (t *Tree) Dir() string { return t.root.Name() }

// FS returns the directory as a file system for reading.
func (t *Tree) FS() fs.FS { return folder{t.root} }

// Read returns at most max bytes of the file name. The size that the file system reports is not trusted: files of /proc
// report 0. The error is ErrLarge if there is more, or one of FS.
func Read(fsys fs.FS, name string, max int64) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	return read(file, name, max)
}

// ReadFile is Read for a file of the machine: links are followed wherever they lead. A pipe is not waited for.
func ReadFile(name string, max int64) ([]byte, error) {
	opened, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	file, err := ordinary(opened, name)
	if err != nil {
		return nil, err
	}
	return read(file, name, max)
}

// read reads and closes file.
func read(file fs.File, name string, max int64) ([]byte, error) {
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	large := &fs.PathError{Op: "read", Path: name, Err: ErrLarge}
	if info.Mode().IsRegular() && info.Size() > max {
		return nil, large
	}
	var data bytes.Buffer
	data.Grow(int(min(max, info.Size())) + bytes.MinRead) // without it large files are copied many times
	if n, err := data.ReadFrom(io.LimitReader(file, max+1)); err != nil || n > max {
		return nil, cmp.Or(err, error(large))
	}
	return data.Bytes(), nil
}
