package plan

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/debian"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// withKnown returns d with what the packages of the app are known to need, if the images do not have it.
func (d Debian) withKnown(s System) Debian {
	d.Vars = map[string]string{}
	for _, k := range debian.Libraries() {
		before := len(d.Build) + len(d.Run) + len(d.Dev)
		compiled, loads := cmp.Or(compiledBy(k, s), s.node.compiles(k)), loadedBy(k, s)
		d.Find = d.Find || k.Find && loads != "" && !k.IsIn(s.Run)
		if compiled != "" {
			d.Build = merged(d.Build, lacking(strings.Fields(k.Build), s.Build))
		}
		if s.node.loads(k) {
			d.Build = merged(d.Build, lacking(strings.Fields(k.Image), s.Build))
			compiled = nodeName
		}
		if loads = cmp.Or(loads, s.node.inImage(k)); loads != "" {
			d.Run = merged(d.Run, lacking(strings.Fields(k.Image), s.Run))
			if k.Dev != "" && !k.IsIn(s.Run) {
				d.Dev = merged(d.Dev, []string{k.Dev})
			}
		}
		if len(d.Build)+len(d.Run)+len(d.Dev) > before {
			maps.Copy(d.Vars, k.Vars)
			d.Why = merged(d.Why, strings.Fields(compiled+" "+loads))
		}
	}
	return d
}

// merged returns the names of both lists, sorted, each once.
func merged(all, more []string) []string {
	all = slices.Concat(all, more)
	slices.Sort(all)
	return slices.Compact(all)
}

// compiledBy returns the first package of the app that is compiled against a library; empty if there is none.
func compiledBy(k debian.Known, s System) string {
	for _, p := range s.Listed.Packages {
		if k.Compiles(p.Name) && p.Wheels != manager.FittingWheel {
			return p.Name
		}
	}
	return ""
}

// loadedBy returns the first package of the app that loads a library when it runs; empty if there is none. Another
// package may include the library.
func loadedBy(k debian.Known, s System) string {
	for _, p := range s.Listed.Packages {
		includes := func(name string) bool {
			_, listed := s.Listed.Find(name)
			extra, ok := strings.CutPrefix(name, p.Name+"-")
			return listed || ok && slices.Contains(strings.Fields(strings.ReplaceAll(p.Extras, ",", " ")), extra)
		}
		if slices.Contains(k.User, p.Name) && !slices.ContainsFunc(k.Unless, includes) {
			return p.Name
		}
	}
	if k.Geo && s.Geo {
		return "GeoDjango"
	}
	return ""
}

// LibrariesMissing returns a warning for each shared library that a package of Python or Node.js needs and the run
// image may not have.
func LibrariesMissing(all []debian.Library) []note.Note {
	ofNode, ofPython := []string{}, []string{}
	for _, l := range all {
		if l.Run {
			continue
		}
		text := fmt.Sprintf("%s needs %s, which neither image has", show.Name(module(l.User)), l.Name)
		if l.Build {
			text = fmt.Sprintf("%s needs %s, which the run image may not have", show.Name(module(l.User)), l.Name)
		}
		if l.Package != "" {
			text += fmt.Sprintf(". To add it: %s=%s", config.AptPackages, show.Name(l.Package))
		}
		if isInModules(l.User) {
			ofNode = append(ofNode, text)
		} else {
			ofPython = append(ofPython, text)
		}
	}
	var said note.List
	said.Warnings("python/library-missing", show.Notes(ofPython)...)
	said.Warnings("node/library-missing", show.Notes(ofNode)...)
	return said
}

// modules is the directory of Node.js packages.
const modules = "node_modules/"

// isInModules reports whether a file is in a package of Node.js.
func isInModules(file string) bool { return strings.Contains("/"+file, "/"+modules) }

// module returns the name of the Node.js package, the Python module, or the program, to which a file belongs.
func module(file string) string {
	if isInModules(file) {
		i := strings.LastIndex(file, modules)
		scope, rest, _ := strings.Cut(file[i+len(modules):], "/")
		if strings.HasPrefix(scope, "@") {
			name, _, _ := strings.Cut(rest, "/")
			return scope + "/" + name
		}
		return scope
	}
	_, name, ok := strings.Cut(file, "/site-packages/")
	if !ok {
		name = path.Base(file)
	}
	name, _, _ = strings.Cut(name, "/")
	name, _, _ = strings.Cut(name, ".")
	return name
}
