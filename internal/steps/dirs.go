package steps

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// Dirs are the directories of one build.
type Dirs struct {
	Root    string     // the app's
	Tree    *tree.Tree // the same directory: all reads and changes go through it
	Source  fs.FS      // Tree's, for reading
	Private string     // only the build writes there: downloads, credentials, its own programs
	Scratch string     // commands of the app may write there
	Machine fs.FS      // the root of the file system
}

// HasFile reports whether the app has a regular file of that name, relative to its root.
func (d Dirs) HasFile(name string) bool { return tree.IsFile(d.Source, name) }

// HasDir reports whether the app has a directory of that name, relative to its root.
func (d Dirs) HasDir(name string) bool { return tree.IsDir(d.Source, name) }

// Locate returns where an absolute path is read: in the app through its tree, otherwise on the machine.
func (d Dirs) Locate(file string) (fsys fs.FS, name string) {
	if file == d.Root {
		return d.Source, "."
	}
	if p, ok := d.Tree.Rel(file); ok {
		return d.Source, string(p)
	}
	return d.onMachine(file)
}

// Behind is like Locate, for a path that the settings name and whose file is not read. The path may be anywhere on the
// machine, and a link of the app may lead there: another buildpack's node_modules is a link into its layer.
func (d Dirs) Behind(file string) (fsys fs.FS, name string) {
	fsys, name = d.Locate(file)
	if _, err := fs.Stat(fsys, name); errors.Is(err, app.ErrOutside) {
		return d.onMachine(file)
	}
	return fsys, name
}

// onMachine returns an absolute path as a name in the file system of the machine.
func (d Dirs) onMachine(file string) (fsys fs.FS, name string) {
	return d.Machine, path.Join(".", filepath.ToSlash(filepath.Clean(file))[1:])
}

// HasFiles reports whether a directory that the settings name has entries; dir is empty if they name none.
func (d Dirs) HasFiles(dir string) bool { return dir != "" && tree.HasEntries(d.Behind(dir)) }

// FreeSpace returns a function that describes the free space on the disks of dirs, where builds write. A failed command
// may have freed some before the function runs.
func FreeSpace(dirs ...string) func() string {
	return func() string {
		var lines []string
		for _, dir := range dirs {
			var s syscall.Statfs_t
			if err := syscall.Statfs(dir, &s); err != nil {
				continue // the other error is the one to read
			}
			size := uint64(s.Bsize) //nolint:gosec // no block has a negative size
			line := fmt.Sprintf("%s: %d MB free of %d MB", dir, s.Bavail*size/1e6, s.Blocks*size/1e6)
			if s.Files > 0 && s.Ffree == 0 {
				line += ", and no inode for one file more"
			}
			lines = append(lines, line)
		}
		return strings.Join(lines, "\n")
	}
}
