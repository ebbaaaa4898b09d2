package diagnose

import (
	"path"
	"slices"
	"strings"
)

// probeManifest finds a {file} that a front end's build makes. {script} is the last that ran before. If none did,
// {manifest} has {scripts}, of which {script} is one; {bare}: there is no script at all.
func probeManifest(f *failure) (string, Vars) {
	for _, m := range f.known.Manifests {
		for _, t := range slices.Backward(f.traces) {
			file := f.inApp(t.match(m.Message, m.Exceptions...))
			if file == "" || t.through(collectstatic) || path.IsAbs(file) && strings.Contains(file, "/site-packages/") {
				continue
			}
			vars := Vars{"file": file, "base": path.Base(file)}
			f.script(vars)
			return "missing", vars
		}
	}
	return "", nil
}

// collectstatic is the part of a path that shows that a static file was being written.
const collectstatic = "/management/commands/collectstatic.py"

// script finds the script that may have made a file: {script}, or {manifest} with {scripts}, or {bare}.
func (f Facts) script(vars Vars) {
	if len(f.Ran) > 0 {
		vars["script"] = f.Ran[len(f.Ran)-1]
		return
	}
	for _, n := range f.Packages {
		if names := n.ScriptNames(); len(names) > 0 {
			vars["manifest"], vars["scripts"], vars["script"] = n.Path("package.json"), lines(names), names[0]
			return
		}
	}
	vars["bare"] = "yes"
}

// probeReference finds a static file {source} that refers to a {missing} one. {map} is the missing file's name if it is
// a source map. {error} is the exception, and {class} of {module} is the storage.
func probeReference(f *failure) (string, Vars) {
	for _, t := range slices.Backward(f.traces) {
		m := f.known.NoStaticFile.FindStringSubmatch(t.message)
		if m == nil || !slices.Contains([]string{"ValueError", "MissingFileError"}, t.exception) {
			continue
		}
		vars := Vars{"missing": m[1], "error": t.first(), "source": firstGroup(f.known.Processed, f.Tail)}
		if path.Ext(m[1]) == ".map" {
			vars["map"] = path.Base(m[1])
		}
		vars["module"], vars["class"] = splitClass(m[2])
		vars["project"], _, _ = strings.Cut(f.module(), ".")
		return "missing", vars
	}
	return "", nil
}

// splitClass returns the module and the name of a class.
func splitClass(class string) (module, name string) {
	i := strings.LastIndex(class, ".")
	return class[:max(i, 0)], class[i+1:]
}
