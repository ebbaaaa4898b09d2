package plan

import (
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Shown returns a command as the log and explain show it: without the directories of layers, which no user has.
func Shown(argv []string) string {
	argv = slices.Clone(argv)
	for i, word := range argv {
		if path.IsAbs(word) && inLayer(word) {
			argv[i] = path.Base(word)
		}
	}
	return show.Command(argv)
}

// inLayer reports whether a path is in one of the layers that commands name.
func inLayer(name string) bool {
	return strings.HasSuffix(name, "/"+VenvLayer) || strings.HasSuffix(name, "/"+PythonLayer+"/bin/python3") ||
		strings.Contains(name, "/"+PrivateDir+"/")
}
