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

// ParseEnv reads NAME=value strings, as os.Environ gives them.
func ParseEnv(environ []string) Env {
	env := Env{}
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			env[name] = value
		}
	}
	return env
}

// With is env with vars set; later maps win.
func (env Env) With(vars ...map[string]string) Env {
	out := Env{}
	maps.Copy(out, env)
	for _, v := range vars {
		maps.Copy(out, v)
	}
	return out
}

// WithDefaults is env with those of vars that it does not have.
func (env Env) WithDefaults(vars map[string]string) Env { return Env(vars).With(env) }

// Without is env less every variable for which drop says so.
func (env Env) Without(drop func(name string) bool) Env {
	out := Env{}
	for name, value := range env {
		if !drop(name) {
			out[name] = value
		}
	}
	return out
}

// Names gives the names of the variables, sorted.
func (env Env) Names() []string { return slices.Sorted(maps.Keys(env)) }

// List gives NAME=value strings sorted by name, as exec.Cmd wants them.
func (env Env) List() []string {
	list := make([]string, 0, len(env))
	for _, name := range env.Names() {
		list = append(list, name+"="+env[name])
	}
	return list
}

// posixDirs are the folders of a layer that the lifecycle puts into variables, and which.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#layer-paths
var posixDirs = []struct{ dir, name string }{
	{"bin", "PATH"}, {"lib", "LD_LIBRARY_PATH"}, {"lib", "LIBRARY_PATH"},
	{"include", "CPATH"}, {"pkgconfig", "PKG_CONFIG_PATH"},
}

// WithLayer is env as a later buildpack's build would see it when the layer in dir has build = true
// and the variables vars: first the layer's folders, then its files in name order.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#environment
func (env Env) WithLayer(dir string, vars libcnb.Environment) Env {
	out := env.With()
	for _, p := range posixDirs {
		path := filepath.Join(dir, p.dir)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			out[p.name] = join(path, string(os.PathListSeparator), out[p.name])
		}
	}
	return out.WithVars(vars)
}

// WithVars applies a layer's variables (NAME, NAME.prepend, NAME.delim, …) in name order.
func (env Env) WithVars(vars libcnb.Environment) Env {
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

func join(first, delim, second string) string {
	if first == "" || second == "" {
		return first + second
	}
	return first + delim + second
}
