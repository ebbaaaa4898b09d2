package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/recipe"
	"github.com/tandem-cnb/tandem/internal/shell"
)

// nodePrograms are Node.js and what comes with it or with its package managers.
var nodePrograms = append([]string{"node"}, manager.CommandsOfNode()...)

// CallsNode returns the programs of Node.js that a command line certainly calls, in its order, each once. What other
// programs and scripts call in turn is ignored. It returns "node" for a program below node_modules/.bin.
func CallsNode(command string) (found []string) {
	for _, words := range shell.Commands(command) {
		name := path.Base(words[0])
		if !slices.Contains(nodePrograms, name) {
			if !strings.Contains(words[0], "node_modules/.bin/") {
				continue
			}
			name = "node"
		}
		if !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found
}

// dockerfiles returns the Dockerfiles in the app's root and in the directories of its projects.
func (r *reader) dockerfiles(a App) (files []string) {
	dirs := []string{"."}
	for _, n := range a.Node {
		dirs = append(dirs, n.Dir)
	}
	if a.Python != nil {
		dirs = append(dirs, a.Python.Dir)
	}
	for _, dir := range unique(dirs) {
		files = append(files, r.present(dir, []string{"Dockerfile"})...)
	}
	return files
}

// copies returns what the Dockerfiles of the app copy.
func (r *reader) copies(a App) (all []recipe.Copy) {
	for _, file := range r.dockerfiles(a) {
		text, _ := r.quiet(file)
		all = append(all, recipe.Copies(text)...)
	}
	return all
}

// recipes returns what the Dockerfiles and the pipelines of the app call of package managers, and of the programs of
// Node.js packages.
func (r *reader) recipes(a App) (all []recipe.Command) {
	files := r.dockerfiles(a)
	for _, pattern := range recipe.Pipelines() {
		files = append(files, r.listed(pattern)...)
	}
	for _, file := range files {
		for _, c := range recipe.Read(file, r.read(file, limits.Script).text) {
			if callsManager(c.Words) {
				all = append(all, c)
			}
		}
	}
	return all
}

// listed returns the files that a pattern of path.Match names, whose last element alone may be a pattern.
func (r *reader) listed(pattern string) (files []string) {
	dir, name := path.Split(pattern)
	if !strings.Contains(name, "*") {
		return r.present(".", []string{pattern})
	}
	for _, entry := range r.list(path.Clean(dir)) {
		if ok, _ := path.Match(name, entry.Name()); ok && entry.Type().IsRegular() { // the pattern is valid
			files = append(files, path.Join(dir, entry.Name()))
		}
	}
	return files
}

// callsManager reports whether a command calls a package manager or a program of Node.js packages.
func callsManager(words []string) bool {
	program := path.Base(words[0])
	return slices.Contains(nodePrograms, program) || slices.Contains(pythonInstallers(), program) ||
		strings.Contains(words[0], "node_modules/.bin/")
}
