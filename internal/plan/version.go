package plan

import (
	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

// The lines that are taken when nothing says otherwise. Node 26 needs libatomic, which slim run images do not have.
const (
	defaultPython = "3.13"
	defaultNode   = "24"

	theDefault = "the default"
)

// pythonVersion is the one place where the precedence of Python versions stands, read top-down.
func pythonVersion(py *app.Python, c config.Config) app.Version {
	return first(
		app.Version{Want: c.PythonVersion, Source: config.PythonVersion},
		py.PythonVersion,
		py.RuntimeTxt,
		app.Version{Want: defaultPython, Source: theDefault},
	)
}

// nodeVersion is the same for Node.
func nodeVersion(n *app.Node, c config.Config) app.Version {
	return first(
		app.Version{Want: c.NodeVersion, Source: config.NodeVersion},
		n.Engines,
		n.Nvmrc,
		n.NodeVersion,
		app.Version{Want: defaultNode, Source: theDefault},
	)
}

func first(versions ...app.Version) app.Version {
	for _, v := range versions {
		if v.Want != "" {
			return v
		}
	}
	return app.Version{}
}
