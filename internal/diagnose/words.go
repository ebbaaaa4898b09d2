package diagnose

import "github.com/tandem-cnb/tandem/internal/manager"

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
