package run

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"
)

// Env is a set of environment variables. It is a value: nothing changes one in place.
type Env map[string]string

// ParseEnv parses NAME=value strings, as os.Environ returns them. Of several values of a name the last is used. Strings
// without a name or a "=" are skipped.
func ParseEnv(environ []string) Env {
	env := Env{}
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			env[name] = value
		}
	}
	return env
}

// With returns env with vars set; later maps win.
func (env Env) With(vars ...map[string]string) Env {
	out := Env{}
	maps.Copy(out, env)
	for _, v := range vars {
		maps.Copy(out, v)
	}
	return out
}

// WithDefaults returns env with the variables of vars that env does not have. A variable that is set to "" is there.
func (env Env) WithDefaults(vars map[string]string) Env { return Env(vars).With(env) }

// Without returns env less every variable for which drop returns true.
func (env Env) Without(drop func(name string) bool) Env {
	out := Env{}
	for name, value := range env {
		if !drop(name) {
			out[name] = value
		}
	}
	return out
}

// Names returns the names of the variables, sorted.
func (env Env) Names() []string { return slices.Sorted(maps.Keys(env)) }

// List returns NAME=value strings sorted by name, for exec.Cmd.
func (env Env) List() []string {
	list := make([]string, 0, len(env))
	for _, name := range env.Names() {
		list = append(list, name+"="+env[name])
	}
	return list
}

// Part is a layer as commands see it.
type Part struct {
	Dir  string             // absolute
	Dirs []string           // bin, lib, include and pkgconfig, if they exist
	Vars libcnb.Environment // its variables, as the specification names their files; nil: none
}

// ListSeparator separates the directories in a value of PATH or PYTHONPATH.
const ListSeparator = string(filepath.ListSeparator)

// posixDirs lists the directories of a layer that the lifecycle adds to variables.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-paths
var posixDirs = []struct{ dir, name string }{
	{"bin", "PATH"}, {"lib", "LD_LIBRARY_PATH"}, {"lib", "LIBRARY_PATH"},
	{"include", "CPATH"}, {"pkgconfig", "PKG_CONFIG_PATH"},
}

// DirsOf returns the Dirs of a part that exist in dir, in the order of the specification, each once. A link to a
// directory is one too.
func DirsOf(dir string) (dirs []string) {
	for _, p := range posixDirs {
		info, err := os.Stat(filepath.Join(dir, p.dir))
		if err == nil && info.IsDir() && !slices.Contains(dirs, p.dir) {
			dirs = append(dirs, p.dir)
		}
	}
	return dirs
}

// WithPart returns env as the build of a later buildpack would see it if p was a layer with build = true. First the
// layer's directories are added. Then its variables are applied in the order of their names. It reads no disk.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#environment
func (env Env) WithPart(p Part) Env {
	out := env.With()
	for _, known := range posixDirs {
		if slices.Contains(p.Dirs, known.dir) {
			path := filepath.Join(p.Dir, known.dir)
			out[known.name] = join(path, ListSeparator, out[known.name])
		}
	}
	return out.withVars(p.Vars)
}

// withVars applies a layer's variables (NAME, NAME.prepend, NAME.delim, …) in name order. A name without a suffix is an
// override. https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules
func (env Env) withVars(vars libcnb.Environment) Env {
	out := env.With()
	for _, file := range slices.Sorted(maps.Keys(vars)) {
		name, action, _ := strings.Cut(file, ".")
		value, delim := vars[file], vars[name+".delim"]
		switch action {
		case "", "override":
			out[name] = value
		case "default":
			if out[name] == "" {
				out[name] = value
			}
		case "prepend":
			out[name] = join(value, delim, out[name])
		case "append":
			out[name] = join(out[name], delim, value)
		}
	}
	return out
}

// join joins two values of a variable. The delimiter is only between values that are not empty: an empty entry of PATH
// means the current directory.
func join(first, delim, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + delim + second
}
