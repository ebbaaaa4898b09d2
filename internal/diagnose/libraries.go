package diagnose

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Library is a library that a package of Python is compiled against.
type Library struct {
	Build     string // Debian's packages
	InBuilder bool   // the images of fail.Builder have it
	Instead   string // a package with a wheel; may be empty
}

// LibraryOf returns the library of a package that has no wheel for Linux in any release. Ok is false if no such package
// is known by this normal name.
func LibraryOf(name string) (_ Library, ok bool) {
	for _, l := range load().libraries {
		if slices.Contains(l.Sdist, name) {
			return Library{l.Build, l.InBuilder, cmp.Or(l.Wheel, l.Instead)}, true
		}
	}
	return Library{}, false
}

// probePythonLibrary finds, in what is {said}, a library that a Python package is compiled against, its package {build}
// of Debian's and what helps {instead}.
func probePythonLibrary(f *failure) (string, Vars) {
	return f.compiles(func(l library) *regexp.Regexp { return l.python })
}

// probeNodeLibrary is like probePythonLibrary, for Node.js packages.
func probeNodeLibrary(f *failure) (string, Vars) {
	is, vars := f.compiles(func(l library) *regexp.Regexp { return l.node })
	delete(vars, "instead")
	delete(vars, "wheel")
	return is, vars
}

// compiles finds the first library whose sign is in the output. A library without the sign is passed over.
func (f *failure) compiles(sign func(library) *regexp.Regexp) (string, Vars) {
	for _, l := range f.libraries {
		if pattern := sign(l); pattern != nil {
			if said := pattern.FindString(f.folded); said != "" {
				vars := Vars{"said": said, "build": l.Build, "packages": strings.TrimSpace(l.Build + " " + l.Run),
					"instead": l.Instead, "wheel": l.Wheel}
				if l.InBuilder {
					vars["in_builder"] = "yes"
				}
				return "library", vars
			}
		}
	}
	return "", nil
}

// probeSystemLibrary finds a {library} that a Python package loads, its {packages} of Debian's, and a {wheel} that
// includes the library.
func probeSystemLibrary(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		name := firstGroup(f.known.Loads, t.message)
		if name == "" {
			continue
		}
		vars := Vars{"library": name}
		isPart := func(part string) bool { return strings.Contains(name, part) }
		i := slices.IndexFunc(f.libraries, func(l library) bool { return slices.ContainsFunc(l.Loads, isPart) })
		if i >= 0 {
			vars["packages"] = f.libraries[i].Run
			if f.libraries[i].InBuilder {
				vars["in_builder"] = "yes"
			}
		}
		if i >= 0 && slices.Contains(f.libraries[i].Loads, name) {
			vars["wheel"] = f.libraries[i].Wheel
		}
		return "library", vars
	}
	return "", nil
}
