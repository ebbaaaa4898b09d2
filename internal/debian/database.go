// Package debian reads what dpkg and apt have written, and changes unpacked packages so that they work in a layer. It
// runs no command.
package debian

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Package is an installed package in the database of dpkg.
type Package struct {
	Name    string
	Version string
	Text    string // the entry of the database, without the empty line after it

	base     bool     // every installation of Debian has it
	depends  []string // the names of all alternatives
	provides []string
}

// maxDatabase bounds the files of dpkg that are read, in bytes each. 2,000 packages have a database of 3 MB.
const maxDatabase = 32 << 20

// database is dpkg's list of packages; images without dpkg have a file for each package in the directory instead.
const database, databases = "var/lib/dpkg/status", "var/lib/dpkg/status.d"

// Installed returns the packages of an image, whose root directory is fsys. There are none if it is not Debian's.
func Installed(fsys fs.FS) (all []Package, err error) {
	names := []string{database}
	entries, err := fs.ReadDir(fsys, databases)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, entry := range entries {
		if path.Ext(entry.Name()) != ".md5sums" {
			names = append(names, path.Join(databases, entry.Name()))
		}
	}
	for _, name := range names {
		data, err := limits.Read(fsys, name, maxDatabase)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for text := range strings.SplitSeq(string(data), "\n\n") {
			p, status := packageOf(text)
			if p.Name != "" && (status == "" || strings.HasSuffix(status, " installed")) {
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// Names returns the name of the package and the virtual ones that it provides.
func (p Package) Names() []string { return append([]string{p.Name}, p.provides...) }

// packageOf reads an entry. https://www.debian.org/doc/debian-policy/ch-controlfields.html
func packageOf(text string) (p Package, status string) {
	p.Text = strings.Trim(text, "\n")
	for line := range strings.Lines(p.Text) {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name { // that of a line that continues a value begins with a space
		case "Package":
			p.Name = value
		case "Version":
			p.Version = value
		case "Status":
			status = value
		case "Essential", "Priority":
			p.base = p.base || value == "yes" || value == "required"
		case "Depends", "Pre-Depends":
			p.depends = append(p.depends, relations(value)...)
		case "Provides":
			p.provides = relations(value)
		}
	}
	return p, status
}

// relations returns the names of a list of packages, without versions and architectures.
func relations(list string) (names []string) {
	for part := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '|' }) {
		name, _, _ := strings.Cut(strings.TrimSpace(part), " ")
		name, _, _ = strings.Cut(name, ":")
		names = append(names, name)
	}
	return names
}

// Base returns those packages of a build image that its run image has: the required ones of Debian, the names in known,
// and what these depend on. The result satisfies its own dependencies if all does.
func Base(all []Package, known []string) (base []Package) {
	byName := map[string][]Package{}
	known = append(slices.Clip(known), "libc6", "libgcc-s1", "libstdc++6") // Python and Node.js cannot run without them
	var queue []string
	for _, p := range all {
		for _, name := range p.Names() {
			byName[name] = append(byName[name], p)
		}
		if p.base || slices.Contains(known, p.Name) {
			queue = append(queue, p.Name)
		}
	}
	seen := map[string]bool{}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, p := range byName[queue[0]] {
			if !seen[p.Name] {
				seen[p.Name] = true
				queue = append(queue, p.depends...)
				base = append(base, p)
			}
		}
	}
	slices.SortFunc(base, func(a, b Package) int { return strings.Compare(a.Name, b.Name) })
	return base
}

// owners returns the package of each shared library that a package of the image has in a directory of the linker, by
// the name of the file.
func owners(fsys fs.FS) (map[string]string, error) {
	lists, err := fs.Glob(fsys, "var/lib/dpkg/info/*.list")
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, list := range lists {
		data, err := limits.Read(fsys, list, maxDatabase)
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(path.Base(list), ".list"), ":")
		for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
			if file := lines.Text(); strings.Contains(file, ".so") && IsLinked(path.Dir(file)) {
				found[path.Base(file)] = name
			}
		}
	}
	return found, nil
}

// linked returns the directories in which the loader looks. It looks in those of its architecture below too.
// https://man7.org/linux/man-pages/man8/ld.so.8.html
func linked() []string { return []string{"/lib", "/usr/lib", "/usr/local/lib", "/lib64", "/usr/lib64"} }

// IsLinked reports whether the loader looks in an absolute directory.
func IsLinked(dir string) bool {
	of := strings.TrimSuffix(dir, "/"+path.Base(dir))
	return slices.Contains(linked(), dir) || strings.HasSuffix(dir, "-linux-gnu") && slices.Contains(linked(), of)
}
