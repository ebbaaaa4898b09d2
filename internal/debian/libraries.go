package debian

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Library says which images have a shared library.
type Library struct {
	Name    string // its soname
	User    string // a file that needs it
	Package string // of Debian, that has it; empty if that is not known
	Build   bool   // the build image has it
	Run     bool   // the run image certainly has it
}

// Images describes the images of a build.
type Images struct {
	Machine fs.FS    // the root directory of the build image
	Layers  []string // absolute directories of libraries in layers of other buildpacks
	Known   []string // packages of the run image, as KnownPackages returns them
}

// Find returns where the libraries are, in the order of their names. users has a file that needs each. A run image
// cannot be read: it has what Base returns. Of images without a database of dpkg, nothing is known, and a library of
// the build image is taken to be in the run image.
func (i Images) Find(users map[string]string) (all []Library, err error) {
	installed, err := Installed(i.Machine)
	if err != nil || len(users) == 0 {
		return nil, err
	}
	owner, err := owners(i.Machine)
	if err != nil {
		return nil, err
	}
	base := Base(installed, i.Known)
	for name, user := range users {
		l := Library{Name: name, User: user, Package: owner[name]}
		shared := slices.ContainsFunc(i.Layers, func(dir string) bool { return i.has(dir, name) })
		l.Build = shared || l.Package != "" ||
			slices.ContainsFunc(i.dirs(), func(dir string) bool { return i.has(dir, name) })
		l.Run = shared || l.Build && len(installed) == 0 ||
			l.Package != "" && slices.ContainsFunc(base, func(p Package) bool { return p.Name == l.Package })
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Library) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

// dirs returns the directories in which the loader of the build image looks.
func (i Images) dirs() (dirs []string) {
	for _, dir := range linked() {
		below, _ := fs.Glob(i.Machine, path.Join(dir[1:], "*-linux-gnu")) // the pattern is valid
		dirs = append(dirs, dir)
		for _, name := range below {
			dirs = append(dirs, "/"+name)
		}
	}
	return dirs
}

// has reports whether an absolute directory of the build image has a file of that name.
func (i Images) has(dir, name string) bool {
	_, err := fs.Stat(i.Machine, path.Join(strings.TrimPrefix(path.Clean(dir), "/"), name))
	return err == nil
}

// Lacks reports whether the run image may lack the library.
func (l Library) Lacks() bool { return !l.Run }
