package plan

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// variablesUnset returns errors about variables that settings files of the installed packages use and that are not set.
// Some managers use the name as the value, and a registry answers that the package does not exist. node may be nil.
func variablesUnset(node *Node, isSet func(name string) bool) error {
	if node == nil {
		return nil
	}
	var errs []error
	said := map[string]bool{}
	for _, project := range node.Projects {
		for _, file := range project.Files {
			for _, v := range file.Variables {
				if project.Install == nil || isSet(v.Name) || said[v.Name] {
					continue
				}
				said[v.Name] = true
				errs = append(errs, &fail.Error{
					ID: "node/variable-unset", What: "The variable " + v.Name + " is not set",
					Why: v.Place + " requires it.",
					Fix: fail.Fix{
						fail.Say{Text: "Set it for the build, or remove the line:"},
						fail.Set{Name: v.Name},
						fail.Say{Text: "A secret, which only the installation may see, as a file of that name in a " +
							"binding of type npmrc."},
					},
				})
			}
		}
	}
	return fail.Join(errs...)
}

// Add returns the command that adds a development package to the project in dir, or to the first project if dir has
// none. node may be nil: the command is then npm's.
func (node *Node) Add(dir string) string {
	if node == nil || len(node.Projects) == 0 {
		return manager.Node(manager.NPM).Data().Commands.Add
	}
	at := max(0, slices.IndexFunc(node.Projects, func(p Project) bool { return p.Package.Dir == dir }))
	return node.Projects[at].Package.Command(node.Projects[at].ManagerData().Commands.Add)
}

// managerMissing returns the error about a package manager that the app's settings name and the app does not have.
func managerMissing(p Project) error {
	return &fail.Error{
		ID: "node/manager-missing", What: "The settings name a " + p.ManagerData().Name + " that is not there",
		Why: show.Name(p.Tool.File) + " does not exist. Perhaps .gitignore excludes it.",
		Fix: fail.Fix{
			fail.Say{Text: "Commit the file, or remove the line that names it from the settings:"},
			fail.Run{Command: "git add --force " + show.Path(p.Tool.File)},
		},
	}
}
