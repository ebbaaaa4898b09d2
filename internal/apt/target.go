package apt

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/debian"
)

// Directories of a layer of Debian packages: their files, links to the shared libraries, and links to programs.
const (
	rootDir     = "root"
	libDir      = "lib"
	programsDir = "programs"
)

// target is a layer that packages are added to.
type target struct {
	dir      string            // absolute
	owners   map[string]string // the packages of shared libraries, by the path of the file
	sizes    map[string]int64  // in bytes, of the files of each package
	forImage bool              // without what only a compiler or a person reads
}

// add copies the files of a package, which are in the directory from. If it is named, its programs are on PATH in the
// image.
func (t target) add(ctx context.Context, from, name string, named bool) error {
	var roots []string
	for _, root := range []string{"usr", "lib", "lib64", "etc", "bin", "sbin", "opt"} {
		if info, err := os.Lstat(filepath.Join(from, root)); err == nil && info.IsDir() {
			roots = append(roots, root)
		}
	}
	tree := archive.Tree{Base: from, Roots: roots, Skip: func(rel string, d fs.DirEntry) bool {
		if isShared(rel) {
			t.owners[rel] = name
		}
		if t.skips(rel, d) {
			return true
		}
		if info, err := d.Info(); err == nil && d.Type().IsRegular() {
			t.sizes[name] += info.Size()
		}
		return false
	}}
	if err := archive.Copy(ctx, tree, filepath.Join(t.dir, rootDir)); err != nil || !named || !t.forImage {
		return err
	}
	for _, dir := range []string{"usr/bin", "bin"} {
		entries, _ := os.ReadDir(filepath.Join(from, dir)) // a package without programs has none
		for _, entry := range entries {
			if err := t.link(programsDir, path.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// skips reports whether a file of a package is left behind.
func (t target) skips(rel string, d fs.DirEntry) bool {
	for _, dir := range []string{"doc", "man", "info", "locale", "lintian", "bug", "gtk-doc"} {
		if rel == "usr/share/"+dir {
			return true
		}
	}
	return t.forImage && (rel == "usr/include" || d.IsDir() && path.Base(rel) == "pkgconfig" ||
		!d.IsDir() && (path.Ext(rel) == ".a" || path.Ext(rel) == ".la"))
}

// link makes a relative link in a directory of the layer to a file of the packages, unless there is one of its name.
func (t target) link(dir, file string) error {
	if err := os.MkdirAll(filepath.Join(t.dir, dir), 0o755); err != nil {
		return err
	}
	name := filepath.Join(t.dir, dir, path.Base(file))
	if _, err := os.Lstat(name); err == nil {
		return nil
	}
	return os.Symlink(path.Join("..", rootDir, file), name)
}

// finish completes the layer when all packages are added. Links lead to the layer or to the image, and every shared
// library has a link in lib. Files that tell a compiler where headers are name the layer. finish returns the names of
// the libraries, each with its package.
func (t target) finish() (libraries []string, err error) {
	root := filepath.Join(t.dir, rootDir)
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
		case d.Type().IsRegular() && !t.forImage:
			err = t.redirect(rel)
		}
		if !d.IsDir() && isShared(rel) {
			shared = append(shared, rel)
		}
		return err
	})
	libraries, linked := t.linkShared(shared)
	return libraries, errors.Join(err, linked, t.writeFonts())
}

// linkShared makes a link in lib to each of the shared libraries. A directory of the loader comes before those below
// it, which have variants and plug-ins. Such a file without a version in its name is a plug-in if a library has the
// name.
func (t target) linkShared(shared []string) (libraries []string, err error) {
	slices.SortStableFunc(shared, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	seen := map[string]bool{}
	for _, file := range shared {
		name := path.Base(file)
		isLibrary := func(other string) bool { return strings.HasPrefix(path.Base(other), name+".") }
		isPlugin := strings.HasSuffix(name, ".so") && !debian.IsLinked("/"+path.Dir(file)) &&
			slices.ContainsFunc(shared, isLibrary)
		if err == nil && !seen[name] && !isPlugin {
			seen[name] = true
			err = t.link(libDir, file)
			libraries = append(libraries, name+"="+t.owners[file])
		}
	}
	slices.Sort(libraries)
	return libraries, err
}

// isShared reports whether a file of the packages is a shared library.
func isShared(rel string) bool {
	dir, base := path.Dir(rel), path.Base(rel)
	return strings.HasPrefix(base, "lib") && (strings.HasSuffix(base, ".so") || strings.Contains(base, ".so.")) &&
		(strings.HasPrefix(dir, "usr/lib") || strings.HasPrefix(dir, "lib"))
}

// relink changes a link. An absolute one leads to the file of the layer, if the layer has it. A relative one leads to
// the file of the image, if the layer does not have it.
func (t target) relink(rel string) error {
	name := filepath.Join(t.dir, rootDir, rel)
	target, err := os.Readlink(name)
	if err != nil {
		return err
	}
	inside := path.Join(path.Dir(rel), target) // relative to the root of the packages
	if path.IsAbs(target) {
		inside = strings.TrimPrefix(path.Clean(target), "/")
	}
	_, err = os.Lstat(filepath.Join(t.dir, rootDir, inside))
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

// writeFonts writes the configuration of fontconfig if there are fonts: its own names directories of the image. The
// directory of what is switched on comes first, since conf.avail has a sample that removes all directories before it.
// https://www.freedesktop.org/software/fontconfig/fontconfig-user.html
func (t target) writeFonts() error {
	root := filepath.Join(t.dir, rootDir)
	if info, err := os.Stat(filepath.Join(root, "usr/share/fonts")); err != nil || !info.IsDir() {
		return nil // there are none
	}
	text := `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">` + root + `/etc/fonts/conf.d</include>
  <dir>` + root + `/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>/tmp/fontconfig</cachedir>
</fontconfig>
`
	return os.WriteFile(filepath.Join(t.dir, "fonts.conf"), []byte(text), 0o644)
}
