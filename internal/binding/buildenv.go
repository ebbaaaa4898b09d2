package binding

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// buildEnvType is the type of the bindings with variables for app steps.
const buildEnvType = "tandem-build-env"

var (
	variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	// ours matches variables by which the build finds its tools, or that Tandem reads before it reads bindings.
	ours = regexp.MustCompile(`^(?:PATH|HOME|PYTHONPATH|PYTHONHOME|PYTHONDONTWRITEBYTECODE|VIRTUAL_ENV|` +
		`LD_LIBRARY_PATH|LD_PRELOAD|DISABLE_COLLECTSTATIC|DEBUG_COLLECTSTATIC|BP_.*|CNB_.*)$`)
)

// BuildEnv returns the variables that bindings of type tandem-build-env give to app steps: one for each file,
// by its name. The order of the bindings does not matter: two values for one name are an error of the user's.
func BuildEnv(bindings libcnb.Bindings) (map[string]string, error) {
	vars, from := map[string]string{}, map[string]string{}
	sorted := slices.SortedFunc(slices.Values(bindings),
		func(a, b libcnb.Binding) int { return cmp.Compare(a.Name, b.Name) })
	for _, b := range sorted {
		if !strings.EqualFold(b.Type, buildEnvType) {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(b.Secret)) {
			if err := checkName(b.Name, name); err != nil {
				return nil, err
			}
			if other, twice := from[name]; twice && vars[name] != b.Secret[name] {
				return nil, buildEnvError(b.Name,
					fmt.Sprintf("The binding %s has %s too, with another value.", show.Name(other), show.Name(name)),
					fail.Say{Text: "Remove it from one of them."})
			}
			vars[name], from[name] = b.Secret[name], b.Name
		}
	}
	return vars, nil
}

// checkName refuses names that no variable can have, and variables that the build itself sets or reads. The error is
// the user's.
func checkName(binding, name string) error {
	switch {
	case !variableName.MatchString(name):
		return buildEnvError(binding,
			fmt.Sprintf("It has a file %s, which cannot be the name of a variable.", show.Quoted(name)),
			fail.Say{Text: "Name each file as its variable is named:"},
			fail.Run{Command: "mv " + show.Path(name) + " DATABASE_URL"})
	case ours.MatchString(name):
		return buildEnvError(binding, fmt.Sprintf("It sets %s, which the build itself needs or reads.", name),
			fail.Say{Text: "Remove it. Tandem reads this variable from the build's environment:"},
			fail.Set{Name: name, Value: "value"})
	}
	return nil
}

// buildEnvError returns the error of a binding that cannot be used.
func buildEnvError(binding, why string, fix ...fail.Action) error {
	return &fail.Error{
		ID: "binding/build-env", Why: why, Fix: fix,
		What: "The binding " + show.Name(binding) + " of type " + buildEnvType + " cannot be used",
	}
}
