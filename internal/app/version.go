package app

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// PythonVersions is what the files say about Python's version; empty when absent.
type PythonVersions struct {
	PythonVersion, RuntimeTxt, Pipfile         versions.Request
	RequiresPython, PoetryPython, UVLockPython versions.Request // what the project runs with
	ToolVersions, Mise                         versions.Request

	Unreadable []Unreadable // their files
}

// NodeVersions is the same for Node.
type NodeVersions struct {
	Engines, DevEngines                           versions.Request // what the project runs with
	Volta, Nvmrc, NodeVersion, ToolVersions, Mise versions.Request

	Unreadable []Unreadable // as in PythonVersions
}

// pythonVersions are those of the folder in which the packages are described, whose pyproject.toml is project. Files
// of a version alone that are not there count from the root folder.
func (r *reader) pythonVersions(dir string, project pyproject) PythonVersions {
	own := r.part() // a variable overrides all of these files
	file := path.Join(dir, "pyproject.toml")
	v := PythonVersions{
		Pipfile:        own.pipfileVersion(dir),
		RequiresPython: said(project.Project["requires-python"], "requires-python in "+show.Name(file)),
		PoetryPython:   poetryPython(project, file),
		UVLockPython:   own.uvLockPython(path.Join(dir, "uv.lock")),
	}
	for _, from := range slices.Compact([]string{dir, "."}) {
		v.PythonVersion = first(v.PythonVersion, own.versionFile(path.Join(from, ".python-version")))
		v.RuntimeTxt = first(v.RuntimeTxt, own.versionFile(path.Join(from, "runtime.txt")))
		v.ToolVersions = first(v.ToolVersions, own.toolVersions(from, "python"))
		v.Mise = first(v.Mise, own.mise(from, "python"))
	}
	v.Unreadable = own.unreadable
	return v
}

// nodeVersions are those of the package in dir. Files that are not there count from the root folder, whose versions
// are root.
func (r *reader) nodeVersions(dir string, pkg packageJSON, root NodeVersions) NodeVersions {
	v := root
	if dir != "." {
		v = r.nodeFiles(dir)
		v.Nvmrc, v.NodeVersion = first(v.Nvmrc, root.Nvmrc), first(v.NodeVersion, root.NodeVersion)
		v.ToolVersions, v.Mise = first(v.ToolVersions, root.ToolVersions), first(v.Mise, root.Mise)
		v.Unreadable = slices.Concat(v.Unreadable, root.Unreadable)
	}
	file := show.Name(path.Join(dir, "package.json"))
	v.Engines = said(field(pkg.Engines, "node"), "engines.node in "+file) // an array in packages of 2011
	v.DevEngines = said(runtime(field(pkg.DevEngines, "runtime")), "devEngines.runtime in "+file)
	v.Volta = said(field(pkg.Volta, "node"), "volta.node in "+file)
	return v
}

// nodeFiles are the versions that files of a folder beside package.json name.
func (r *reader) nodeFiles(dir string) NodeVersions {
	own := r.part()
	v := NodeVersions{
		Nvmrc:        own.versionFile(path.Join(dir, ".nvmrc")),
		NodeVersion:  own.versionFile(path.Join(dir, ".node-version")),
		ToolVersions: own.toolVersions(dir, "nodejs", "node"),
		Mise:         own.mise(dir, "node", "nodejs"),
	}
	v.Unreadable = own.unreadable
	return v
}

// said is the version that a file's field holds; none unless it is text.
func said(value any, source string) versions.Request {
	text, _ := value.(string)
	if text = strings.TrimSpace(text); text == "" {
		return versions.Request{}
	}
	return versions.Request{Want: strings.ToValidUTF8(text, "\uFFFD"), Source: source}
}

func field(object any, name string) any {
	fields, _ := object.(map[string]any)
	return fields[name]
}

// runtime is Node's version in devEngines.runtime, one object or several.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#devengines
func runtime(value any) any {
	several, ok := value.([]any)
	if !ok {
		several = []any{value}
	}
	for _, each := range several {
		if field(each, "name") == "node" {
			return field(each, "version")
		}
	}
	return nil
}

// versionFile reads the first line that is not a comment. pyenv takes further lines for versions that are there as
// well.
func (r *reader) versionFile(name string) versions.Request {
	if info, err := r.stat(path.Clean(name)); err == nil && info.Mode().IsRegular() && info.Size() > limits.Size(name) {
		r.problem(name, &fail.Error{
			ID: "version/malformed", What: name + " is not a version",
			Why: "It has more than " + show.Size(limits.Size(name)) + ".",
			Fix: fail.Fix{fail.Say{Text: "Write one version into it, such as 3.13 for Python or 24 for Node.js."}},
		})
		return versions.Request{}
	}
	text, _ := r.text(name)
	found := lines(text)
	switch len(found) {
	case 0:
		return versions.Request{}
	case 1:
		return said(found[0], show.Name(name))
	}
	return said(found[0], fmt.Sprintf("%s, the first of %d lines", show.Name(name), len(found)))
}

// bareVersion is a version without an operator: to Poetry exactly that one, so "3.12" is 3.12.0.
// https://python-poetry.org/docs/dependency-specification/#exact-requirements
var bareVersion = regexp.MustCompile(`^\d+(\.\d+)*$`)

func poetryPython(project pyproject, file string) versions.Request {
	value := field(project.Tool.Poetry["dependencies"], "python")
	if table := field(value, "version"); table != nil {
		value = table
	}
	v := said(value, "tool.poetry.dependencies.python in "+show.Name(file))
	if bareVersion.MatchString(v.Want) {
		v.Want = "==" + v.Want
	}
	return v
}

// uvLockPython reads the head of uv.lock: the tables after it may have megabytes, and uvLock reads them.
func (r *reader) uvLockPython(file string) versions.Request {
	head, _, _ := strings.Cut(r.read(file, limits.Size(file)).text, "\n[")
	var lock struct {
		RequiresPython string `toml:"requires-python"`
	}
	_, _ = limits.DecodeTOML(head, &lock) // uvLock reports what is wrong with it
	return said(lock.RequiresPython, "requires-python in "+show.Name(file))
}

// pipfileVersion is what Pipenv wants. Pipfile.lock repeats the Pipfile it was made from.
// https://pipenv.pypa.io/en/latest/pipfile.html
func (r *reader) pipfileVersion(dir string) versions.Request {
	file := path.Join(dir, "Pipfile")
	type requires struct {
		Full string `json:"python_full_version" toml:"python_full_version"`
		Line string `json:"python_version" toml:"python_version"`
	}
	version := func(r requires, name string) versions.Request {
		return first(said(r.Full, "python_full_version in "+show.Name(name)),
			said(r.Line, "python_version in "+show.Name(name)))
	}
	var lock struct {
		Meta struct{ Requires requires } `json:"_meta"`
	}
	if text, ok := r.text(file + ".lock"); ok {
		_ = json.Unmarshal([]byte(text), &lock) // what is wrong with it is said where the packages are read
	}
	var pipfile struct{ Requires requires }
	text, _ := r.text(file)
	_, err := limits.DecodeTOML(text, &pipfile)
	r.valid(file, "TOML", err)
	return first(version(lock.Meta.Requires, file+".lock"), version(pipfile.Requires, file))
}

func first(all ...versions.Request) versions.Request {
	i := slices.IndexFunc(all, func(v versions.Request) bool { return v.Want != "" })
	if i < 0 {
		return versions.Request{}
	}
	return all[i]
}

func (r *reader) valid(name, form string, err error) {
	if err != nil {
		err := &fail.Error{
			ID: "version/file-invalid", What: show.Name(name) + " is not valid " + form, Why: show.Reason(err), Err: err,
			Fix: fail.Fix{fail.Say{Text: "Correct it, or delete it if the app does not need it."}},
		}
		r.unreadable = append(r.unreadable, Unreadable{name, err, Version})
	}
}

// toolVersions is the first version of one of the tools in asdf's file.
// https://asdf-vm.com/manage/configuration.html#tool-versions
func (r *reader) toolVersions(dir string, tools ...string) versions.Request {
	name := path.Join(dir, ".tool-versions")
	text, _ := r.text(name)
	for _, line := range lines(text) {
		if words := strings.Fields(line); len(words) > 1 && slices.Contains(tools, words[0]) {
			return notSystem(said(words[1], words[0]+" in "+show.Name(name)))
		}
	}
	return versions.Request{}
}

// mise is the version of one of the tools in mise's file: a text, a table or several of either.
// https://mise.jdx.dev/configuration.html
func (r *reader) mise(dir string, tools ...string) versions.Request {
	for _, base := range []string{"mise.toml", ".mise.toml"} {
		name := path.Join(dir, base)
		text, ok := r.text(name)
		if !ok {
			continue
		}
		var content struct{ Tools map[string]any }
		_, err := limits.DecodeTOML(text, &content)
		r.valid(name, "TOML", err)
		for _, tool := range tools {
			value := content.Tools[tool]
			if several, ok := value.([]any); ok && len(several) > 0 {
				value = several[0]
			}
			if table := field(value, "version"); table != nil {
				value = table
			}
			if v := notSystem(said(value, tool+" in "+show.Name(name))); v.Want != "" {
				return v
			}
		}
	}
	return versions.Request{}
}

// notSystem drops "system", which is whatever the author's machine has.
func notSystem(v versions.Request) versions.Request {
	if v.Want == "system" {
		return versions.Request{}
	}
	return v
}
