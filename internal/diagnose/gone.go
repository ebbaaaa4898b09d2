package diagnose

import (
	"slices"
	"strings"
)

// probeGone finds a {name} that newer Pythons no longer have, the {last} Python with it, which is {supported} if it
// gets security fixes, and the {package} that uses the name. Its cases say whose code that is, app or package, and
// whether only Python 2 has the name.
func probeGone(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		name, minor, ok := f.removedName(t)
		if !ok {
			continue
		}
		vars := f.lastPython(minor)
		vars["name"] = name
		whose := "app"
		if vars["package"] = f.packageOf(t); vars["package"] != "" {
			whose = "package"
		}
		if minor == python2 {
			return whose + "-python2", vars
		}
		return whose, vars
	}
	return "", nil
}

// removedName returns the name that an exception is about, and the minor version of the last Python 3 that has it.
func (f *failure) removedName(t trace) (name string, minor int, ok bool) {
	if !slices.Contains([]string{"ModuleNotFoundError", "ImportError", "AttributeError", "NameError"}, t.exception) {
		return "", 0, false
	}
	vars := Vars{}
	for _, message := range f.known.Removed {
		groups(message, t.message, vars)
	}
	if name = vars["name"]; vars["module"] != "" {
		name = vars["module"] + "." + name
	}
	isModule := t.exception == "ModuleNotFoundError"
	tried := f.known.LastModule.FindAllStringSubmatch(f.Tail, -1)
	if isModule && len(tried) > 0 && tried[len(tried)-1][1] != name {
		return "", 0, false // tried first, in vain as on each new Python; what was taken instead is not there
	}
	minor, ok = f.known.lastWith(name)
	if root, _, inside := strings.Cut(name, "."); !ok && inside && isModule {
		minor, ok = f.known.lastWith(root) // distutils.version
	}
	return name, minor, ok
}

// packageOf returns the package in whose file an exception was raised; empty if it was in the app.
func (f *failure) packageOf(t trace) string {
	for _, at := range slices.Backward(t.frames) {
		if !strings.HasPrefix(at.file, "<") {
			return firstGroup(f.known.Package, at.file)
		}
	}
	return ""
}
