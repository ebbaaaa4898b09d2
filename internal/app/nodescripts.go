package app

import (
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// BuildScripts are the scripts that build the front end. The first that exists runs: heroku-postbuild replaces build,
// as on Heroku classic. https://devcenter.heroku.com/articles/nodejs-support#customizing-the-build-process
var BuildScripts = []string{"heroku-postbuild", "heroku-build", "build"}

// BuildScript returns the name of the script that builds the front end. It is empty if there is none. An empty script
// is a script that does nothing.
func BuildScript(scripts map[string]string) string {
	for _, name := range BuildScripts {
		if _, ok := scripts[name]; ok {
			return name
		}
	}
	return ""
}

// Bundler is the configuration of a program that builds a front end.
type Bundler struct{ File, Program string }

// readBundlers finds the configurations next to a package.json whose program is a dependency, and no script calls it.
// Without the dependency, the file may be of another program: Vitest reads the configuration of Vite.
func (r *reader) readBundlers(n *Node) (idle []Bundler) {
	for _, entry := range r.list(n.Dir) {
		file := entry.Name()
		stem, _, _ := strings.Cut(strings.ToLower(file), ".")
		program := strings.TrimSuffix(stem, "file")
		switch {
		case slices.Contains([]string{"gulpfile", "gruntfile"}, stem):
		case slices.Contains([]string{"webpack", "vite", "rollup"}, stem) && strings.Contains(file, ".config."):
		default:
			continue
		}
		isDependency := slices.ContainsFunc(manager.Providers(program), func(name string) bool {
			return slices.Contains(n.DevDependencies, name) || slices.Contains(n.Dependencies, name)
		})
		calls := func(script string) bool { return slices.Contains(strings.Fields(script), program) }
		if isDependency && !slices.ContainsFunc(n.scriptTexts(), calls) {
			idle = append(idle, Bundler{n.Path(file), program})
		}
	}
	return idle
}

// Command returns a command prefixed so that it runs in the package's directory.
func (n *Node) Command(command string) string {
	return shell.In(n.Dir, command)
}

// ScriptNames returns the names of the package's scripts, sorted.
func (n *Node) ScriptNames() []string { return slices.Sorted(maps.Keys(n.Scripts)) }

// scriptTexts returns the commands of all scripts.
func (n *Node) scriptTexts() (texts []string) {
	for _, name := range n.ScriptNames() {
		texts = append(texts, n.Scripts[name])
	}
	return texts
}
