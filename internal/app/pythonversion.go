package app

import (
	"encoding/json"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// pythonVersions returns the versions in the directory whose files declare the packages. project is the pyproject.toml
// there. Version files, such as .python-version, are read in all directories from there up to the root.
func (r *reader) pythonVersions(dir string, project pyproject) PythonVersions {
	own := r.part() // a variable overrides all of these files
	file := path.Join(dir, "pyproject.toml")
	v := PythonVersions{
		Pipfile:        own.pipfileVersion(dir),
		RequiresPython: said(project.Project["requires-python"], "requires-python in "+show.Name(file)),
		PoetryPython:   poetryPython(project, file),
		UVLockPython:   own.lockPython(path.Join(dir, "uv.lock")),
		PylockPython:   own.lockPython(path.Join(dir, "pylock.toml")),
	}
	for from := dir; ; from = path.Dir(from) {
		v.Files = append(v.Files, VersionFiles{
			PythonVersion: own.versionFile(path.Join(from, ".python-version")),
			RuntimeTxt:    own.versionFile(path.Join(from, "runtime.txt")),
			ToolVersions:  own.toolVersions(from, "python"),
			Mise:          own.mise(from, "python"),
		})
		if from == "." {
			break
		}
	}
	v.Unreadable = own.unreadable
	return v
}

// isBareVersion reports whether a version has no operator. To Poetry it is exactly that one, so "3.12" is 3.12.0.
// https://python-poetry.org/docs/dependency-specification/#exact-requirements
func isBareVersion(version string) bool {
	for number := range strings.SplitSeq(version, ".") {
		if !versions.IsNumber(number) {
			return false
		}
	}
	return true
}

// poetryPython returns the version of Python among Poetry's dependencies: a text, or a table that has it.
// https://python-poetry.org/docs/dependency-specification/
func poetryPython(project pyproject, file string) versions.Request {
	value := field(project.Tool.Poetry["dependencies"], "python")
	if table := field(value, "version"); table != nil {
		value = table
	}
	v := said(value, "tool.poetry.dependencies.python in "+show.Name(file))
	if isBareVersion(v.Want) {
		v.Want = "==" + v.Want
	}
	return v
}

// lockPython reads the head of uv.lock or pylock.toml: the tables after it may have megabytes, and the managers read
// them.
func (r *reader) lockPython(file string) versions.Request {
	head, _, _ := strings.Cut(r.read(file, limits.Size(file)).text, "\n[")
	var lock struct {
		RequiresPython string `toml:"requires-python"`
	}
	_, _ = limits.DecodeTOML(head, &lock) // the managers report what is wrong with it
	return said(lock.RequiresPython, "requires-python in "+show.Name(file))
}

// pipfileVersion returns the version that Pipenv requires. Pipfile.lock repeats the Pipfile it was made from.
// https://pipenv.pypa.io/en/latest/pipfile.html
func (r *reader) pipfileVersion(dir string) versions.Request {
	file := path.Join(dir, "Pipfile")
	type requires struct {
		Full string `json:"python_full_version" toml:"python_full_version"`
		Line string `json:"python_version" toml:"python_version"`
	}
	version := func(r requires, name string) versions.Request {
		return versions.First(said(r.Full, "python_full_version in "+show.Name(name)),
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
	return versions.First(version(lock.Meta.Requires, file+".lock"), version(pipfile.Requires, file))
}
