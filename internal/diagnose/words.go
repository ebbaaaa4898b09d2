package diagnose

import (
	"maps"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// NodeWords returns what rules mention of a package manager of Node.js.
func NodeWords(m manager.NodeData) Words {
	return Words{
		"manager": m.Name, "package_of_manager": m.Package, "relock": m.Commands.Relock, "add": m.Commands.Add,
		"remove": m.Commands.Remove,
		"rehash": m.Commands.Rehash,
	}
}

// PythonWords returns what rules mention of an installer of Python packages.
func PythonWords(m manager.PythonData) Words {
	return Words{"relock": m.Relock, "rehash": m.Rehash, "requirements": m.Lists}
}

// ToolWords returns what rules mention of a package manager that npm installs in the version that tool requests.
func ToolWords(m manager.NodeData, tool versions.Request) Words {
	words := NodeWords(manager.Node(manager.NPM).Data())
	maps.Copy(words, Words{
		"manager": m.Name, "package_of_manager": m.Package, "version": tool.Want, "source": tool.Source,
		"spec": show.Word(m.Package + "@" + tool.Want),
	})
	return words
}
