package diagnose

import (
	"regexp"
	"slices"
	"strings"
)

// loads matches the messages about a library of the system that cannot be loaded.
var loads = regexp.MustCompile(`Could not find the (GDAL|GEOS) library|cannot load library '([^']+)'|` +
	`(lib[\w.+-]+\.so[\w.]*): cannot open shared object file|no (pq) wrapper available`)

// probePythonLibrary finds, in what is {said}, a library that a Python package is compiled against, Debian's package
// {build} of it and what helps {instead}.
func probePythonLibrary(x Exit, _ Facts) (string, Vars) {
	return compiles(x, func(l library) *regexp.Regexp { return l.python })
}

// probeNodeLibrary is probePythonLibrary for packages of Node.
func probeNodeLibrary(x Exit, _ Facts) (string, Vars) {
	is, vars := compiles(x, func(l library) *regexp.Regexp { return l.node })
	delete(vars, "instead")
	return is, vars
}

func compiles(x Exit, sign func(library) *regexp.Regexp) (string, Vars) {
	rules, err := load()
	if err != nil { // a test loads them
		return "", nil
	}
	folded := fold(x.Tail)
	for _, l := range rules.libraries {
		if pattern := sign(l); pattern != nil {
			if said := pattern.FindString(folded); said != "" {
				return "library", Vars{"said": said, "build": l.Build, "instead": l.Instead}
			}
		}
	}
	return "", nil
}

// probeSystemLibrary finds a {library} that a Python package loads, Debian's package {run} of it, and a {wheel} with
// its own.
func probeSystemLibrary(x Exit, _ Facts) (string, Vars) {
	rules, err := load()
	if err != nil {
		return "", nil
	}
	for _, t := range slices.Backward(traces(x.Tail)) {
		m := loads.FindStringSubmatch(t.message)
		if m == nil {
			continue
		}
		vars := Vars{"library": firstOf(m[1:])}
		for _, l := range rules.libraries {
			if slices.ContainsFunc(l.Loads, func(part string) bool { return strings.Contains(vars["library"], part) }) {
				vars["run"] = l.Run
				if slices.Contains(l.Loads, vars["library"]) {
					vars["wheel"] = l.Wheel
				}
				break
			}
		}
		return "library", vars
	}
	return "", nil
}
