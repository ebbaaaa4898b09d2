package diagnose

import (
	"slices"
	"strings"
)

// probeSettings finds settings that cannot be imported: {asked}, which the {variable} or manage.py names, and the
// {modules} of the app; {module} is one of them. unnamed: nothing names any, and manage.py then knows Django's own
// commands only.
func probeSettings(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		name := t.match(f.known.NoModule, "ModuleNotFoundError", "ImportError")
		if name == "" || t.own(f.Root) != nil || !t.through("/django/conf/__init__.py") {
			continue // something that the settings import
		}
		vars := Vars{"asked": f.SettingsModule, "variable": f.SettingsModule, "modules": lines(f.Modules),
			"module": f.module()}
		if f.SettingsModule == "" {
			vars["asked"] = name
		}
		if asked := vars["asked"]; asked == name || strings.HasPrefix(asked, name+".") {
			return "unknown", vars
		}
	}
	if strings.Contains(f.Tail, "No Django settings specified.") {
		return "unnamed", Vars{"module": f.module()}
	}
	return "", nil
}

// module returns a settings module of the app; empty if none is known.
func (f Facts) module() string {
	if len(f.Modules) == 0 {
		return ""
	}
	return f.Modules[0]
}

// probeModule finds a Python {module} that is not installed, and the {distribution} that has it: a database driver,
// one of the app's own, pkg_resources or another. {build} and {served} are the settings of the build and of the
// container, if they differ.
func probeModule(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		if name := t.match(f.known.NoDriver, "ImproperlyConfigured"); name != "" {
			return "driver", f.notInstalled(name)
		}
	}
	last := ""
	for _, t := range slices.Backward(f.traces) {
		name := t.match(f.known.NoModule, "ModuleNotFoundError")
		root, _, _ := strings.Cut(name, ".")
		if name != "" && f.isApp(t, root) {
			return "app", Vars{"module": name}
		}
		if last == "" {
			last = root
		}
	}
	switch last {
	case "":
		return "", nil
	case "pkg_resources":
		return last, nil
	}
	return "missing", f.notInstalled(last)
}

// notInstalled returns the variables of a module that has to be installed.
func (f *failure) notInstalled(module string) Vars {
	return Vars{"module": module, "distribution": f.known.distribution(module), "build": f.Build, "served": f.Served}
}

// isApp reports whether a package of this name is the app's: it is on the way to the exception, or has the settings.
func (f Facts) isApp(t trace, pkg string) bool {
	dir := f.Root + "/" + pkg + "/"
	return slices.ContainsFunc(t.frames, func(at frame) bool { return strings.HasPrefix(at.file, dir) }) ||
		slices.ContainsFunc(f.Modules, func(name string) bool { return strings.HasPrefix(name, pkg+".") })
}

// probeSyntax finds a {file} that is not valid Python, the {error} and its {place}, and the {package} that has the
// file.
func probeSyntax(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		if !slices.Contains([]string{"SyntaxError", "IndentationError", "TabError"}, t.exception) ||
			len(t.frames) == 0 {
			continue
		}
		at, is := t.frames[len(t.frames)-1], "package"
		if file, ours := strings.CutPrefix(at.file, f.Root+"/"); ours {
			at.file, is = file, "app"
		}
		if f.known.Python2.MatchString(t.message) {
			is += "-python2"
		}
		return is, Vars{"file": at.file, "error": t.String(), "place": at.String(), "package": f.packageOf(t)}
	}
	return "", nil
}
