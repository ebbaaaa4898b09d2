package archive

import (
	"archive/tar"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// stripped returns the path of an entry relative to dir. ok is false if Strip removes the whole name.
func (x *extraction) stripped(name string) (_ string, ok bool, _ error) {
	parts := strings.Split(name, "/")
	// ".." is refused anywhere in a name: "a/../b" is harmless only if a is not a link.
	if path.IsAbs(name) || slices.Contains(parts, "..") || strings.ContainsRune(name, 0) {
		return "", false, unsafe(name, "the name leaves the directory")
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" || part == "." })
	if len(parts) <= x.Strip {
		return "", false, nil
	}
	return path.Join(parts[x.Strip:]...), true, nil
}

// allowed reports whether Only lets the archive write to name.
func (x *extraction) allowed(name string) bool {
	return len(x.Only) == 0 || slices.ContainsFunc(x.Only, func(root string) bool {
		return root == "." || name == root || strings.HasPrefix(name, root+"/")
	})
}

// claim marks name as taken and makes its directories, or itself if it is one. A second claim is refused except
// directories: files are written by several goroutines, and which of two came last would be chance.
func (x *extraction) claim(name string, isDir bool) error {
	was, met := x.seen[name]
	if met && !(was && isDir) {
		return unsafe(name, "the name is there twice")
	}
	for dir := path.Dir(name); !x.seen[dir]; dir = path.Dir(dir) {
		if _, met := x.seen[dir]; met {
			return unsafe(name, "it lies below a file or a link")
		}
	}
	dir := path.Dir(name)
	if isDir {
		dir = name
	}
	if !x.seen[dir] {
		if err := x.root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	for ; !x.seen[dir]; dir = path.Dir(dir) {
		x.seen[dir] = true
		if x.listed != nil {
			x.modes[dir] = 0o755 // unless the archive lists it
		}
	}
	x.seen[name] = isDir
	return nil
}

// link is an entry that is made when all files are there. The target of a hard link is a name of the archive, that of a
// symlink is as it is written.
type link struct {
	name, target string
	hard         bool
}

// hardLink notes a hard link. Its target is named as entries are, so Strip applies to it too.
func (x *extraction) hardLink(name string, h *tar.Header) error {
	target, ok, err := x.stripped(h.Linkname)
	if err != nil || !ok || !x.allowed(target) {
		return unsafe(h.Name, "hard link to %q, which leaves the directory", h.Linkname)
	}
	x.links = append(x.links, link{name, target, true})
	return nil
}

// symlink notes a symlink. Its target is relative to the link, and stays as it is written.
func (x *extraction) symlink(name string, h *tar.Header) error {
	to := path.Join(path.Dir(name), h.Linkname) //nolint:gosec // the next line is the check
	inside := !path.IsAbs(h.Linkname) && filepath.IsLocal(to)
	if !inside && !x.AnyLink {
		return unsafe(h.Name, "symlink to %q, which leaves the directory", h.Linkname)
	}
	x.links = append(x.links, link{name, h.Linkname, false})
	return nil
}

// make creates the link. It replaces an entry of the name that is not a directory with contents.
func (l link) make(root *os.Root) error {
	create := root.Symlink
	if l.hard {
		create = root.Link
	}
	err := create(l.target, l.name)
	if errors.Is(err, fs.ErrExist) {
		if err = root.Remove(l.name); err == nil {
			err = create(l.target, l.name)
		}
	}
	return err
}

// check follows a link as the system would. Links that are harmless one by one can leave dir together, and then other
// programs would follow them. Examples are "d" to "." with "e" to "d/d/../..", or a hard link that moves a symlink up.
func (l link) check(root *os.Root) error {
	_, err := root.Stat(l.name)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if gone := root.Remove(l.name); gone != nil {
		err = errors.Join(err, gone)
	}
	return fmt.Errorf("%w: %w", unsafe(l.name, "link to %q", l.target), err)
}

// unsafe returns an ErrUnsafe that names the entry and the reason.
func unsafe(name, format string, args ...any) error {
	return fmt.Errorf("%w: %q: %s", ErrUnsafe, name, fmt.Sprintf(format, args...))
}
