// Package entry looks for what processes serve in the files of an app, without importing it. It claims only what is
// certain, and decides nothing.
package entry

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/process"
)

// App is an app whose modules are looked for.
type App struct {
	Files   fs.FS    // the app's directory, as a build gets it
	Root    string   // where the image has it
	Modules []string // directories in PYTHONPATH, relative to Root
}

// Look returns what the import of an object would certainly find. It is process.Unknown for all that a package, a
// variable or a program may decide, and process.Elsewhere if the app has no module of that name.
func (a App) Look(s app.Served) process.Imported {
	dirs, known := a.path(s)
	if !known {
		return process.Imported{}
	}
	parts := strings.Split(s.Module, ".")
	for _, dir := range dirs {
		switch found, status := a.module(dir, parts[0]); status {
		case missing:
			continue
		case unknown:
			return process.Imported{}
		case there:
			return a.inside(found, parts, s.Object)
		}
	}
	if a.mayHave(parts[0]) {
		return process.Imported{}
	}
	return process.Imported{Status: process.Elsewhere, Name: parts[0]}
}

// path returns the directories of the app in which Python looks first, relative to its root. Known is false if there
// are others before them.
func (a App) path(s app.Served) (dirs []string, known bool) {
	dir, known := a.relative(".", s.Dir)
	all := slices.Concat(s.Path, []string{"."}, strings.Split(s.Vars["PYTHONPATH"], ":"))
	for _, entry := range all {
		if entry == "" {
			continue
		}
		entry, ok := a.relative(dir, entry)
		dirs, known = append(dirs, entry), known && ok
	}
	return append(dirs, a.Modules...), known
}

// relative returns a directory, relative to dir or absolute, as one relative to the app's root. Ok is false if it is
// not in the app.
func (a App) relative(dir, name string) (in string, ok bool) {
	if !path.IsAbs(name) {
		name = path.Join(a.Root, dir, name)
	}
	name = path.Clean(name)
	if name == a.Root {
		return ".", true
	}
	in, ok = strings.CutPrefix(name, a.Root+"/")
	return in, ok && fs.ValidPath(in)
}

// found is a module: a file, or the directory of a package.
type found struct {
	dir  string // of a package; empty for a module without submodules
	file string // with the source
}

// status is whether a directory has a module.
type status int

// A directory has no such module, has it, or has something else of that name. That may be a namespace package, of which
// another directory may have a part, or a file that is not source.
const (
	missing status = iota
	there
	unknown
)

// module looks for a module or a package in a directory, as Python does: a package comes first.
// https://docs.python.org/3/reference/import.html#the-path-based-finder
func (a App) module(dir, name string) (found, status) {
	entries, err := fs.ReadDir(a.Files, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found{}, missing
	case err != nil:
		return found{}, unknown
	}
	isNamed := func(e fs.DirEntry) bool { return e.Name() == name || strings.HasPrefix(e.Name(), name+".") }
	if !slices.ContainsFunc(entries, isNamed) {
		return found{}, missing
	}
	base := path.Join(dir, name)
	if a.isFile(base + "/__init__.py") {
		return found{base, base + "/__init__.py"}, there
	}
	if a.isFile(base + ".py") { // it comes before a directory without an __init__.py
		return found{"", base + ".py"}, there
	}
	return found{}, unknown
}

// isFile reports whether there is a regular file of that name.
func (a App) isFile(name string) bool {
	info, err := fs.Stat(a.Files, name)
	return err == nil && info.Mode().IsRegular()
}

// mostEntries bounds the directories that are searched for a module that may be installed.
const mostEntries = 1000

// mayHave reports whether a directory of the app has something with the name of a module, which an installation may
// make known to Python: the directory src, for example.
func (a App) mayHave(name string) bool {
	entries, err := fs.ReadDir(a.Files, ".")
	return err != nil || len(entries) > mostEntries || slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		if !e.IsDir() {
			return false
		}
		_, status := a.module(e.Name(), name)
		return status != missing
	})
}

// inside looks for the rest of the modules in a package, and for the object in the last one.
func (a App) inside(in found, parts []string, object string) process.Imported {
	for i, name := range parts[1:] {
		if text, ok := a.text(in.file); !ok || in.dir == "" || containsAny(text, "__path__", "sys.modules") {
			return process.Imported{}
		}
		sub, status := a.module(in.dir, name)
		switch status {
		case missing:
			return process.Imported{Status: process.NoModule, Name: strings.Join(parts[:i+2], ".")}
		case unknown:
			return process.Imported{}
		case there:
			in = sub
		}
	}
	return a.object(in, object)
}

// object looks for an object in a module.
func (a App) object(in found, name string) process.Imported {
	name, _, _ = strings.Cut(name, ".")
	text, ok := a.text(in.file)
	if !ok || name == "" || mayBind(text, name) {
		return process.Imported{}
	}
	if in.dir != "" { // an import of a submodule makes it an attribute of its package
		if _, status := a.module(in.dir, name); status != missing {
			return process.Imported{}
		}
	}
	return process.Imported{Status: process.NoObject, Name: name}
}

// text returns the source of a module. Ok is false if it cannot be read.
func (a App) text(file string) (text string, ok bool) {
	data, err := limits.Read(a.Files, file, limits.Size(file))
	return string(data), err == nil
}

// containsAny reports whether a text has one of the parts.
func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}
