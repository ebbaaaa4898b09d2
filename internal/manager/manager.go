// Package manager describes the package managers: their lockfiles, commands and environment, and what their settings
// mean. One file for each manager. It runs nothing and decides nothing.
package manager

import "slices"

// ID names a package manager, or a way to use one, in facts and plans.
type ID string

// Package managers of Node.js. Yarn 1 and the later ones have little in common but the name.
const (
	NPM         ID = "npm"
	YarnClassic ID = "yarn-classic"
	YarnBerry   ID = "yarn-berry"
	PNPM        ID = "pnpm"
	Bun         ID = "bun"
)

// Package managers of Python. Requirements is uv for requirements files, Pip is pip's own resolver for them. Project is
// uv for a pyproject.toml without a lockfile, PoetryAlone is Poetry without uv.
const (
	UV           ID = "uv"
	Project      ID = "project"
	Requirements ID = "requirements"
	Pip          ID = "pip"
	Poetry       ID = "poetry"
	PoetryAlone  ID = "poetry-alone"
	Pipenv       ID = "pipenv"
	PDM          ID = "pdm"
	Pylock       ID = "pylock"
)

// Reader returns the text of a file of the directory in which a manager works. ok is false if there is no such file.
type Reader func(name string) (text string, ok bool)

// CommandsOfNode returns the commands of the managers of Node.js, each once.
func CommandsOfNode() (all []string) {
	for _, m := range Nodes() {
		for _, command := range m.Data().Programs {
			if !slices.Contains(all, command) {
				all = append(all, command)
			}
		}
	}
	return all
}
