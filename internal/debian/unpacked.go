package debian

import (
	"context"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// Directories of a layer of Debian packages: their files, links to the shared libraries, and links to programs.
const (
	Root     = "root"
	lib      = "lib"
	Programs = "programs"
)

// Triplet returns the name of an architecture, "amd64" or "arm64", in directories of libraries.
// https://wiki.debian.org/Multiarch/Tuples
func Triplet(arch string) string {
	return map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[arch] + "-linux-gnu"
}

// File is the name and the version of a package that apt has downloaded.
type File struct{ Name, Version string }

// ParseFile returns what the name of the file says: NAME_VERSION_ARCH.deb. A colon in the version is escaped.
func ParseFile(file string) File {
	parts := strings.Split(strings.TrimSuffix(filepath.Base(file), ".deb"), "_")
	if len(parts) < 2 {
		return File{Name: parts[0]}
	}
	version, err := url.PathUnescape(parts[1])
	if err != nil {
		version = parts[1]
	}
	return File{parts[0], version}
}

// IsBasic reports whether an image must have the package from its own distribution, even if another version was chosen:
// the C library and the tools that make an installation, and interpreters that would replace those of Tandem.
func (f File) IsBasic() bool {
	return slices.Contains([]string{
		"libc6", "libc-bin", "libc6-dev", "libc-dev-bin", "base-files", "base-passwd", "bash", "coreutils", "dash",
		"debconf", "debianutils", "dpkg", "apt", "perl-base", "python3", "python3-minimal", "nodejs", "sed", "tar",
	}, f.Name)
}

// Target is a layer that packages are added to.
type Target struct {
	Dir      string // absolute
	Arch     string
	ForImage bool // without what only a compiler or a person reads
}

// Add copies the files of a package, which are in the directory from. If it is named, its programs are on PATH in the
// image.
func (t Target) Add(ctx context.Context, from string, named bool) error {
	var roots []string
	for _, root := range []string{"usr", "lib", "lib64", "etc", "bin", "sbin", "opt"} {
		if info, err := os.Lstat(filepath.Join(from, root)); err == nil && info.IsDir() {
			roots = append(roots, root)
		}
	}
	tree := archive.Tree{Base: from, Roots: roots, Skip: func(rel string, d fs.DirEntry) bool { return t.skips(rel, d) }}
	if err := archive.Copy(ctx, tree, filepath.Join(t.Dir, Root)); err != nil || !named || !t.ForImage {
		return err
	}
	for _, dir := range []string{"usr/bin", "bin"} {
		entries, _ := os.ReadDir(filepath.Join(from, dir)) // a package without programs has none
		for _, entry := range entries {
			if err := t.link(Programs, path.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// skips reports whether a file of a package is left behind.
func (t Target) skips(rel string, d fs.DirEntry) bool {
	for _, dir := range []string{"doc", "man", "info", "locale", "lintian", "bug", "gtk-doc"} {
		if rel == "usr/share/"+dir {
			return true
		}
	}
	return t.ForImage && (rel == "usr/include" || d.IsDir() && path.Base(rel) == "pkgconfig" ||
		!d.IsDir() && (path.Ext(rel) == ".a" || path.Ext(rel) == ".la"))
}

// link makes a relative link in a directory of the layer to a file of the packages, unless there is one of its name.
func (t Target) link(dir, file string) error {
	if err := os.MkdirAll(filepath.Join(t.Dir, dir), 0o755); err != nil {
		return err
	}
	name := filepath.Join(t.Dir, dir, path.Base(file))
	if _, err := os.Lstat(name); err == nil {
		return nil
	}
	return os.Symlink(path.Join("..", Root, file), name)
}

// Finish completes the layer when all packages are added: links lead to the layer or to the image, every shared library
// has a link in lib, and what a compiler asks for directories gives those of the layer. It returns the names of the
// libraries.
func (t Target) Finish() (libraries []string, err error) {
	root := filepath.Join(t.Dir, Root)
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, err
	}
	var shared []string
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		switch {
		case err != nil:
			return err
		case d.Type() == fs.ModeSymlink:
			err = t.relink(rel)
		case d.Type().IsRegular() && !t.ForImage:
			err = t.redirect(rel)
		}
		if !d.IsDir() && isShared(rel) {
			shared = append(shared, rel)
		}
		return err
	})
	// A directory of the loader comes before those below it, which have variants and plug-ins.
	slices.SortStableFunc(shared, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	for _, file := range shared {
		if err == nil {
			err = t.link(lib, file)
			libraries = append(libraries, path.Base(file))
		}
	}
	slices.Sort(libraries)
	return slices.Compact(libraries), err
}

// isShared reports whether a file of the packages is a shared library.
func isShared(rel string) bool {
	dir, base := path.Dir(rel), path.Base(rel)
	return strings.HasPrefix(base, "lib") && (strings.HasSuffix(base, ".so") || strings.Contains(base, ".so.")) &&
		(strings.HasPrefix(dir, "usr/lib") || strings.HasPrefix(dir, "lib"))
}

// relink changes a link: an absolute one leads to the file of the layer if it has it, and a relative one to the file of
// the image if the layer has not.
func (t Target) relink(rel string) error {
	name := filepath.Join(t.Dir, Root, rel)
	target, err := os.Readlink(name)
	if err != nil {
		return err
	}
	inside := path.Join(path.Dir(rel), target) // relative to the root of the packages
	if path.IsAbs(target) {
		inside = strings.TrimPrefix(path.Clean(target), "/")
	}
	_, err = os.Lstat(filepath.Join(t.Dir, Root, inside))
	changed := path.Join("/", inside)
	if err == nil && filepath.IsLocal(inside) {
		if changed, err = filepath.Rel(path.Dir("/"+rel), "/"+inside); err != nil {
			return err
		}
	}
	if changed == target {
		return nil
	}
	if err := os.Remove(name); err != nil {
		return err
	}
	return os.Symlink(changed, name)
}
