package app

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
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
