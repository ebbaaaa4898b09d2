package diagnose

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// manifests matches the messages about a file that a front end's build makes, by the exceptions that have them.
var manifests = []struct {
	exceptions []string
	message    *regexp.Regexp
}{
	{[]string{"OSError", "WebpackLoaderBadStatsError"},
		regexp.MustCompile(`^Error reading (\S+)\. Are you sure webpack`)},
	{[]string{"DjangoViteAssetNotFoundError", "DjangoViteManifestError", "RuntimeError"},
		regexp.MustCompile(`Vite manifest (?:file )?(?:for app \S+ )?at (\S+)`)},
	{[]string{"FileNotFoundError"}, regexp.MustCompile(
		`No such file or directory: '([^']*(?:manifest|stats|webpack|dist/|build/|bundles?/)` +
			`[^']*\.(?:json|css|js|mjs|html))'`)},
}

// probeManifest finds a {file} that a front end's build makes. {script} is the last that ran before. If none did,
// {manifest} has {scripts}, of which {script} is one; {bare}: there is no script at all.
func probeManifest(x Exit, f Facts) (string, Vars) {
	all := traces(x.Tail)
	for _, m := range manifests {
		for _, t := range slices.Backward(all) {
			file := f.inApp(t.match(m.message, m.exceptions...))
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

var (
	// processed matches the file that refers to another one, as Django and WhiteNoise name it.
	processed = regexp.MustCompile(`Post-processing '([^']+)' failed`)
	noFile    = regexp.MustCompile(`^The file '([^']+)' could not be found with <([\w.]+) object`)
)

// probeReference finds a static file {source} that refers to one that is {missing}, of which {map} is the name if it
// is a source map; the {error}; and the storage, {class} of {module}.
func probeReference(x Exit, f Facts) (string, Vars) {
	for _, t := range slices.Backward(traces(x.Tail)) {
		m := noFile.FindStringSubmatch(t.message)
		if m == nil || !slices.Contains([]string{"ValueError", "MissingFileError"}, t.exception) {
			continue
		}
		vars := Vars{"missing": m[1], "error": t.first()}
		if from := processed.FindStringSubmatch(x.Tail); from != nil {
			vars["source"] = from[1]
		}
		if path.Ext(m[1]) == ".map" {
			vars["map"] = path.Base(m[1])
		}
		vars["module"], vars["class"] = splitClass(m[2])
		return "missing", vars
	}
	return "", nil
}

// splitClass returns the module and the name of a class.
func splitClass(class string) (module, name string) {
	i := strings.LastIndex(class, ".")
	return class[:max(i, 0)], class[i+1:]
}
