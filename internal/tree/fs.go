package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// dirFS implements fs.StatFS, fs.ReadDirFS and fs.ReadLinkFS. It returns fs.ErrInvalid for names that are not
// fs.ValidPath.
type dirFS struct{ root *os.Root }

// Open opens a file or a directory. Anything else is app.ErrSpecial, and a pipe is not waited for.
func (f dirFS) Open(name string) (fs.File, error) {
	if err := valid("open", name); err != nil {
		return nil, err
	}
	var file *os.File
	err := f.follow(name, func(name string) (err error) {
		file, err = f.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	return ordinary(file, name)
}

// ordinary returns file if it is a regular file or a directory. Otherwise it closes it.
func ordinary(file *os.File, name string) (fs.File, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: app.ErrSpecial}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Stat follows links within the directory.
func (f dirFS) Stat(name string) (info fs.FileInfo, err error) {
	if err := valid("stat", name); err != nil {
		return nil, err
	}
	err = f.follow(name, func(name string) (err error) {
		info, err = f.root.Stat(name)
		return err
	})
	return info, err
}

// Lstat does not follow name itself.
func (f dirFS) Lstat(name string) (fs.FileInfo, error) {
	if err := valid("lstat", name); err != nil {
		return nil, err
	}
	info, err := f.root.Lstat(name)
	return info, outside(err)
}

// ReadLink returns the target of a link as it is written.
func (f dirFS) ReadLink(name string) (string, error) {
	if err := valid("readlink", name); err != nil {
		return "", err
	}
	target, err := f.root.Readlink(name)
	return target, outside(err)
}

// ReadDir returns the entries sorted by name. The error is limits.ErrLarge if there are more than limits.Entries.
func (f dirFS) ReadDir(name string) ([]fs.DirEntry, error) {
	dir, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	list, ok := dir.(fs.ReadDirFile)
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	entries, err := list.ReadDir(limits.Entries + 1)
	switch {
	case errors.Is(err, io.EOF): // it is empty
		err = nil
	case err == nil && len(entries) > limits.Entries:
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: limits.ErrLarge}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// valid returns fs.ErrInvalid for a name that package fs does not allow.
func valid(op, name string) error {
	if fs.ValidPath(name) && !strings.ContainsRune(name, 0) {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
}

// outside marks the error of a link that leads out of the directory. os.Root has no exported value for it:
// https://go.dev/src/os/root.go, errPathEscapes.
func outside(err error) error {
	if err != nil && strings.Contains(err.Error(), "path escapes from parent") {
		return fmt.Errorf("%w (%w)", app.ErrOutside, err)
	}
	return err
}
