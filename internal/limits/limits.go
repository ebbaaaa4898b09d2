// Package limits bounds what is read and parsed of an app, so that time and memory are in proportion to what an app
// may have. It decides nothing.
package limits

import "path"

// Sizes of files, in bytes.
const (
	lock     = 16 << 20 // lockfiles, requirements files, translations and all other files
	settings = 1 << 20
	pkgJSON  = 4 << 20 // package.json, which may have the settings of many tools
	version  = 64 << 10

	// Script bounds what is read of a script.
	Script = 1 << 20

	// AllFiles bounds the files of one app together.
	AllFiles = 64 << 20
)

// Limits of an app.
const (
	Levels       = 64      // directories within each other
	Entries      = 200_000 // files and directories that are listed
	Packages     = 2000    // directories with a package.json
	ProcessTypes = 1000
	ProcfileLine = 16 << 10  // bytes
	Scripts      = 20        // that a hook names
	PythonFiles  = 2000      // that are searched for calls of Node.js
	PythonLevels = 10        // directories within each other that are searched for them
	PythonFile   = 512 << 10 // bytes of one of them
	Patterns     = 1000      // of project.toml
	Matches      = 2_000_000 // of names with such patterns, about a microsecond each
)

// Size returns how many bytes a file of that name may have. The name may be a path.
func Size(name string) int64 {
	switch base := path.Base(name); base {
	case "package.json":
		return pkgJSON
	case "pyproject.toml", "poetry.toml", "Pipfile", "uv.toml", "mise.toml", ".mise.toml", "project.toml",
		"pnpm-workspace.yaml", ".yarnrc.yml", ".yarnrc", ".npmrc", "pip.conf", "app.json", "scalingo.json",
		"heroku.yml", "pyvenv.cfg":
		return settings
	case "Procfile", "pre_compile", "pre-compile", "post_compile", "post-compile", "HEAD", "packed-refs":
		return Script
	case ".python-version", ".nvmrc", ".node-version", "runtime.txt", ".tool-versions", ".buildpacks":
		return version
	default:
		if path.Ext(base) == ".py" {
			return Script
		}
		return lock
	}
}
