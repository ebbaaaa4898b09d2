package app

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Output describes the directory into which a build script writes.
type Output struct {
	Dir       string // relative to the app's root; "" if it is not known, or outside of the app
	Known     bool   // a file names Dir; otherwise it has a usual name
	Committed bool   // the source has built files there, and no .gitignore excludes them
	InPackage bool   // the directory is in a Python package
}

// readOutput finds the output of the build script of a package below the root. The configuration of a bundler or the
// script may name it as a literal. Otherwise it is dist or build.
func (r *reader) readOutput(n *Node) (o Output) {
	script, has := n.Scripts[BuildScript(n.Scripts)]
	if !has || n.Dir == "." {
		return o
	}
	names := []string{"dist", "build", "dist"} // the first that exists, otherwise the last
	name, isSet := r.configuredOutput(n.Dir)
	if !isSet {
		name = outputOption(script)
	}
	if isSet || name != "" {
		names = []string{name}
	}
	for i, name := range names {
		dir, err := In(n.Dir, name)
		if err != nil || string(dir) == n.Dir || i+1 < len(names) && !r.isDir(string(dir)) {
			continue
		}
		o.Dir, o.Known, o.InPackage = string(dir), len(names) == 1 && isOneCommand(script), r.inPackage(string(dir))
		built := r.builtFile(o.Dir)
		o.Committed = built != "" && !r.ignored(built)
		return o
	}
	return o
}

// isOneCommand reports whether a script is a single command, after which no other one moves files.
func isOneCommand(script string) bool { return !strings.ContainsAny(script, "&|;\n") }

// inPackage reports whether a directory of the app, or one around it, is a Python package. The root is not.
func (r *reader) inPackage(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if r.isDir(dir) && r.exists(path.Join(dir, "__init__.py")) {
			return true
		}
	}
	return false
}

// outputOptions returns the options of bundlers that name the output.
func outputOptions() []string {
	return []string{"--outdir", "--outDir", "--out-dir", "--output-path", "--dist-dir", "--outfile", "-o"}
}

// outputOption returns the directory that an option of a script names. It is empty if there is none.
func outputOption(script string) string {
	words := strings.Fields(script)
	for i, word := range words {
		option, value, has := strings.Cut(word, "=")
		if !slices.Contains(outputOptions(), option) {
			continue
		}
		if !has && i+1 < len(words) {
			value = words[i+1]
		}
		value = strings.Trim(value, `"'`)
		if path.Ext(value) != "" { // a file
			value = path.Dir(value)
		}
		if value != "" && !strings.ContainsAny(value, "$`\"'") && !strings.HasPrefix(value, "-") {
			return value
		}
	}
	return ""
}

// manifests returns the files in which bundlers list what they have written.
func manifests() []string {
	return []string{"manifest.json", "webpack-stats.json", "asset-manifest.json", "rev-manifest.json"}
}

// builtFile returns a file below dir that a bundler has written: a manifest, or a script or a style sheet with a hash
// in its name. It is empty if there is none.
func (r *reader) builtFile(dir string) (found string) {
	r.walkIn(dir, 5, func(p string, d fs.DirEntry) bool {
		if found == "" && d.Type().IsRegular() && (slices.Contains(manifests(), d.Name()) || Hashed(d.Name())) {
			found = p
		}
		return found == "" && !Skipped(d.Name(), ForSource)
	})
	return found
}

// Hashed reports whether a part of the name of a script or a style sheet is a hash, as in main-Bf83kQ1a.js and
// main.3f2a91bc.js.
func Hashed(name string) bool {
	ext := path.Ext(name)
	if ext != ".js" && ext != ".css" {
		return false
	}
	parts := strings.FieldsFunc(strings.TrimSuffix(name, ext), func(r rune) bool { return r == '.' || r == '-' })
	return slices.ContainsFunc(parts[min(1, len(parts)):], func(part string) bool {
		digit := strings.ContainsAny(part, "0123456789")
		letter := strings.ContainsAny(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz")
		return len(part) >= 7 && len(part) <= 64 && digit && letter
	})
}

// InInfrastructure reports whether the package lies in a directory that by its name has the code of infrastructure.
func (n *Node) InInfrastructure() bool {
	return slices.ContainsFunc(strings.Split(n.Dir, "/"),
		func(name string) bool { return Skipped(name, ForFrontEnds) })
}
