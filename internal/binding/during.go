package binding

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/tree"
)

// During calls do with the variables by which the package managers of a language find their credentials. The files are
// in dir only meanwhile, which must be neither the app's nor a layer's; what the tools have written next to them is
// removed too.
func (a Access) During(dir string, do func(vars map[string]string) error) (err error) {
	if len(a.Types) == 0 {
		return do(nil)
	}
	defer func() { err = errors.Join(err, tree.Remove(dir)) }()
	vars, err := a.write(dir)
	if err != nil {
		return err
	}
	return do(vars)
}

// Note returns the line of the log that names the bindings that the installation of a language gets; "": none.
func (a Access) Note() string {
	if len(a.Types) == 0 {
		return ""
	}
	return "The installation gets the bindings of type " + strings.Join(a.Types, ", ")
}

// Warning returns a warning that all commands can read all bindings: one user runs them, and nothing confines them.
// "": there are no bindings with credentials.
func (all Credentials) Warning() string {
	types := map[string]bool{}
	for _, access := range all {
		for _, name := range access.Types {
			types[name] = true
		}
	}
	if len(types) == 0 {
		return ""
	}
	return "Every script of this build can read the bindings " + strings.Join(slices.Sorted(maps.Keys(types)), ", ") +
		": this version does not confine commands. See docs/security.md"
}
