package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// PythonVersions are Python's versions in the app's files, each empty if the file is absent.
//
// Pipfile is the version of Pipfile.lock if the app has one.
type PythonVersions struct {
	Files                                      []VersionFiles // of the project's directory, then of those above it
	Pipfile                                    versions.Request
	RequiresPython, PoetryPython, UVLockPython versions.Request // what the project runs with
	PylockPython                               versions.Request // the same
	Compiled                                   versions.Request // for which a tool has pinned the requirements

	Unreadable []Unreadable // their files
}

// VersionFiles are the versions of Python in the version files of one directory. PythonVersion is pyenv's file,
// RuntimeTxt Heroku's, and ToolVersions asdf's. https://devcenter.heroku.com/articles/python-runtimes
type VersionFiles struct{ PythonVersion, RuntimeTxt, ToolVersions, Mise versions.Request }

// NodeVersions is the same for Node.
// Nvmrc is nvm's file, and NodeVersion that of nodenv and others.
type NodeVersions struct {
	Engines, DevEngines                           versions.Request // what the project runs with
	Volta, Nvmrc, NodeVersion, ToolVersions, Mise versions.Request

	Unreadable []Unreadable // as in PythonVersions
}

// nodeVersions returns the versions that the package in dir requests. root has the versions of the root directory,
// which apply if dir has no file for them.
func (r *reader) nodeVersions(dir string, pkg packageJSON, root NodeVersions) NodeVersions {
	v := root
	if dir != "." {
		v = r.nodeFiles(dir)
		v.Nvmrc, v.NodeVersion = versions.First(v.Nvmrc, root.Nvmrc), versions.First(v.NodeVersion, root.NodeVersion)
		v.ToolVersions, v.Mise = versions.First(v.ToolVersions, root.ToolVersions), versions.First(v.Mise, root.Mise)
		v.Unreadable = slices.Concat(v.Unreadable, root.Unreadable)
	}
	file := show.Name(path.Join(dir, "package.json"))
	v.Engines = said(field(pkg.Engines, "node"), "engines.node in "+file) // an array in packages of 2011
	v.DevEngines = said(runtime(field(pkg.DevEngines, "runtime")), "devEngines.runtime in "+file)
	v.Volta = said(field(pkg.Volta, "node"), "volta.node in "+file)
	return v
}

// nodeFiles returns the versions in the files of a directory next to package.json.
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

// said returns the version in a file's field. It is empty unless the field is text.
func said(value any, source string) versions.Request {
	text, _ := value.(string)
	if text = strings.TrimSpace(text); text == "" {
		return versions.Request{}
	}
	return versions.Request{Want: strings.ToValidUTF8(text, "\uFFFD"), Source: source}
}

// field returns a field of a decoded object. It is nil if there is none, or if object is something else.
func field(object any, name string) any {
	fields, _ := object.(map[string]any)
	return fields[name]
}

// runtime returns the version of Node.js in devEngines.runtime, which is an object or a list of objects.
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
