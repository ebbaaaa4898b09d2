package build

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/show"
)

// hasFile reports whether the app has a regular file of that name, relative to its root.
func (b *builder) hasFile(name string) bool { return isFileIn(b.source, name) }

func (b *builder) hasDir(name string) bool { return isDirIn(b.source, name) }

// inApp returns an absolute path relative to the app's root; ok is false if it is not below the root.
func (b *builder) inApp(file string) (p app.Path, ok bool) {
	rel, err := filepath.Rel(b.root, file)
	if err != nil {
		return "", false
	}
	p, err = app.In(".", filepath.ToSlash(rel))
	return p, err == nil
}

// at returns where an absolute path is looked at: in the app, through its tree, else on the machine.
func (b *builder) at(file string) (fsys fs.FS, name string) {
	if p, ok := b.inApp(file); ok {
		return b.source, string(p)
	}
	if file == b.root {
		return b.source, "."
	}
	return b.onMachine(file)
}

// behind is at for a place that the settings name, of which nothing is read. They may name any place of the machine,
// and so may a link of the app: another buildpack's node_modules are one into its layer.
func (b *builder) behind(file string) (fsys fs.FS, name string) {
	fsys, name = b.at(file)
	if _, err := fs.Stat(fsys, name); errors.Is(err, app.ErrOutside) {
		return b.onMachine(file)
	}
	return fsys, name
}

func (b *builder) onMachine(file string) (fsys fs.FS, name string) {
	return b.machine, path.Join(".", filepath.ToSlash(filepath.Clean(file))[1:])
}

func isFileIn(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

func isDirIn(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir()
}

// hasFilesIn reports whether a directory has entries.
func hasFilesIn(fsys fs.FS, dir string) bool {
	if !isDirIn(fsys, dir) { // a pipe is not opened
		return false
	}
	entries, err := fs.ReadDir(fsys, dir)
	return err == nil && len(entries) > 0
}

// removeFromApp removes files and directories of the app.
func (b *builder) removeFromApp(paths ...app.Path) (err error) {
	for _, p := range paths {
		err = errors.Join(err, b.tree.RemoveAll(p))
	}
	return err
}

// makeExecutable lets a script of the app be run. Whether that was needed shows when it runs.
func (b *builder) makeExecutable(name string) error {
	const mode = 0o755
	info, err := fs.Stat(b.source, name)
	if err != nil || info.Mode()&mode == mode {
		return err
	}
	p, err := app.In(".", name)
	if err != nil {
		return err
	}
	return b.tree.Chmod(p, mode)
}

// skipUnreadable lets a walk through the app go on behind what cannot be read.
func skipUnreadable(d fs.DirEntry, err error) error {
	switch {
	case d == nil: // the root itself
		return err
	case d.IsDir():
		return fs.SkipDir
	}
	return nil
}

// refused names a file of the app that could not be read or changed, with the reason.
func refused(name string, err error) string { return fmt.Sprintf("%s (%s)", name, reason(err)) }

// reason returns the cause of a failed change without the path, which the log shows too.
func reason(err error) string { return show.Reason(app.Cause(err)) }
