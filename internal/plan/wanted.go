package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// want takes over which extras and groups are asked for, if there are such.
func (py *Python) want(c config.Config) error {
	var unknown []error
	main := py.ManagerData().Main
	isMain := func(name string) bool { return manager.Legal(name, main) }
	py.Wanted.Extras = c.PythonProject.Extras
	py.Wanted.Groups = slices.DeleteFunc(slices.Clone(c.PythonProject.Groups), isMain)
	for _, asked := range []struct {
		variable, what string
		names, legal   []string
	}{
		{config.PythonExtras, "extras", c.PythonProject.Extras, py.Sources.Extras},
		{config.PythonGroups, "groups", py.Wanted.Groups, slices.Concat(main, py.Sources.Groups)},
	} {
		for _, name := range asked.names {
			if manager.Legal(name, asked.legal) {
				continue
			}
			why := fmt.Sprintf("The project has these: %s.", show.Series(asked.legal))
			if len(asked.legal) == 0 {
				why = fmt.Sprintf("%s has no %s.", show.Name(py.Sources.Files[0]), asked.what)
			}
			unknown = append(unknown, unknownName(asked.variable, name, why, asked.legal))
		}
	}
	return fail.Join(unknown...)
}

// unknownName returns the error for a name that a variable requests and the project does not have. legal are names that
// it may have.
func unknownName(variable, name, why string, legal []string) error {
	fix := fail.Fix{fail.Say{Text: "Remove the variable."}}
	if len(legal) > 0 {
		fix = fail.Fix{
			fail.Say{Text: "Use some of these names, or remove the variable:"},
			fail.Set{Name: variable, Value: strings.Join(legal, ",")},
		}
	}
	return absent{&fail.Error{
		ID: "config/unknown-name", Why: why, Fix: fix,
		What: fmt.Sprintf("%s requests %s, which does not exist", variable, show.Quoted(name)),
	}, app.Unknown}
}
