package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
)

// RemoveAll removes p and everything below it. A link is removed, not followed. It returns nil if p does not exist. It
// also removes directories that forbid it to their owner.
func (t *Tree) RemoveAll(p app.Path) error {
	return t.change("remove", p, func(name string) error {
		err := t.root.RemoveAll(name)
		if errors.Is(err, fs.ErrPermission) {
			t.openUp(p)
			err = t.root.RemoveAll(name)
		}
		return err
	})
}

// openUp lets the owner of the directories below p change them. Whether that helps is for the caller to find out.
func (t *Tree) openUp(p app.Path) {
	if info, err := t.root.Lstat(string(p)); err != nil || !info.IsDir() {
		return
	}
	_ = fs.WalkDir(t.FS(), string(p), func(name string, d fs.DirEntry, err error) error {
		switch {
		case d == nil || !d.IsDir():
			return nil
		case err != nil:
			return fs.SkipDir
		}
		_ = t.root.Chmod(name, 0o700)
		return nil
	})
}

// Write writes a file with the permissions perm. A link, a pipe or a device of that name is replaced, not written to.
// The directory of p must exist.
func (t *Tree) Write(p app.Path, data []byte, perm fs.FileMode) error {
	if err := check("write", p); err != nil {
		return err
	}
	info, err := t.root.Lstat(string(p))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return outside(err)
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: string(p), Err: errors.New("it is a directory")}
	default:
		if err := t.root.Remove(string(p)); err != nil {
			return outside(err)
		}
	}
	// With O_EXCL nothing is followed that has taken the name in the meantime.
	out, err := t.root.OpenFile(string(p), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return outside(err)
	}
	_, err = out.Write(data)
	return errors.Join(err, out.Close())
}

// MkdirAll creates the directory p and those above it.
func (t *Tree) MkdirAll(p app.Path, perm fs.FileMode) error {
	return t.change("mkdir", p, func(name string) error { return t.root.MkdirAll(name, perm) })
}

// MkdirAbove creates the directories above p, with the permissions 0755. It does nothing if p is at the top.
func (t *Tree) MkdirAbove(p app.Path) error {
	dir, err := app.In(".", path.Dir(string(p)))
	if err != nil {
		return nil
	}
	return t.MkdirAll(dir, 0o755)
}

// Symlink creates the link p with the given target, which may be anywhere: the link is written, not followed.
func (t *Tree) Symlink(target string, p app.Path) error {
	return t.change("symlink", p, func(name string) error { return t.root.Symlink(target, name) })
}

// Chmod changes the permissions of what p leads to within the directory.
func (t *Tree) Chmod(p app.Path, perm fs.FileMode) error {
	if err := check("chmod", p); err != nil {
		return err
	}
	return dirFS{t.root}.follow(string(p), func(name string) error { return t.root.Chmod(name, perm) })
}

// Chtimes sets both times of what p leads to within the directory.
func (t *Tree) Chtimes(p app.Path, when time.Time) error {
	return t.change("chtimes", p, func(name string) error { return t.root.Chtimes(name, when, when) })
}

// change calls do with p. op is the operation, for the error of a p that app.In has not made.
func (t *Tree) change(op string, p app.Path, do func(name string) error) error {
	if err := check(op, p); err != nil {
		return err
	}
	return outside(do(string(p)))
}

// check refuses a Path that app.In has not made: a conversion, or the zero value.
func check(op string, p app.Path) error {
	if made, err := app.In(".", string(p)); err != nil || made != p {
		err := fmt.Errorf("not a path below the app's directory: %w", fs.ErrInvalid)
		return &fs.PathError{Op: op, Path: string(p), Err: err}
	}
	return nil
}
