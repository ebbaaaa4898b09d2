package build

import (
	"fmt"
	"io/fs"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/show"
)

// forAll are the permissions of a file that everyone may read, and dirForAll those of a directory.
const (
	forAll    = 0o444
	dirForAll = 0o555
)

// closedFiles returns the files and directories of the source that not everyone may read.
func (h Host) closedFiles() (closed map[string]bool, err error) {
	closed = map[string]bool{}
	err = h.eachClosed(func(name string, _ fs.FileInfo) { closed[name] = true })
	return closed, err
}

// openFiles lets everyone read what the build has written into the app and its owner may read: the user of a container
// is not always the user of the build. django-pipeline writes its style sheets with the mode 0600, for example. Files
// that were closed in the source stay so.
func (h Host) openFiles(closed map[string]bool) error {
	var opened, left []string
	err := h.eachClosed(func(name string, info fs.FileInfo) {
		mode := info.Mode().Perm()
		if closed[name] || mode&0o400 == 0 {
			return
		}
		p, err := app.In(".", name)
		if err == nil {
			err = h.Tree.Chmod(p, mode|needed(info)|mode&0o100>>3|mode&0o100>>6)
		}
		if err != nil {
			left = append(left, app.Refused(name, err))
			return
		}
		opened = append(opened, fmt.Sprintf("%s (was %04o)", show.Name(name), mode))
	})
	if len(opened) > 0 {
		h.main().Header("Made readable for the user of a container: %s", show.Series(opened))
	}
	if len(left) > 0 {
		h.main().Warn("the user of a container may not be able to read: %s", show.Series(left))
	}
	return err
}

// eachClosed calls do for the files and directories of the app that not everyone may read. Those that cannot be looked
// at are not among them.
func (h Host) eachClosed(do func(name string, info fs.FileInfo)) error {
	err := fs.WalkDir(h.Source, ".", func(name string, d fs.DirEntry, err error) error {
		if d != nil && name != "." && (d.Type().IsRegular() || d.IsDir()) {
			if info, err := d.Info(); err == nil && info.Mode()&needed(info) != needed(info) {
				do(name, info)
			}
		}
		switch {
		case err != nil:
			return skipUnreadable(d, err)
		case d.IsDir() && app.Skipped(d.Name(), app.ForTimes):
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look at the permissions of the app's files: %w", err)
	}
	return nil
}

// needed returns the permissions with which everyone can read a file or a directory.
func needed(info fs.FileInfo) fs.FileMode {
	if info.IsDir() {
		return dirForAll
	}
	return forAll
}
