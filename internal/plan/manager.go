package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// managerOf chooses a project's package manager: that of the lock, else the one that package.json names, else npm.
func managerOf(n *app.Node) (manager.ID, error) {
	kept, source := nodeLock(n)
	if err := only("Node.js", n.Locks, kept, source); err != nil {
		return "", err
	}
	if id := n.Lock.Manager; id != "" {
		return id, contradiction(n, manager.Node(id).Data())
	}
	if len(n.Locks) > 0 {
		return "", unknownManager(n, show.Name(n.Locks[0]))
	}
	for _, named := range n.Managers {
		if !named.Only {
			continue
		}
		if m, ok := manager.NodeNamed(named.Name, named.Version.Want); ok {
			return m.Data().ID, nil
		}
		return "", unknownManager(n, fmt.Sprintf("%s (%s)", show.Name(named.Name), named.Version.Source))
	}
	return manager.NPM, nil
}

// unknownManager returns the error for a package manager that Tandem does not know. what is its lockfile, or its name
// and where it is named.
func unknownManager(n *app.Node, what string) error {
	npm := manager.Node(manager.NPM).Data()
	command := npm.Commands.Relock
	for _, lock := range n.Locks {
		command += " && git rm " + show.Path(path.Base(lock))
	}
	for _, named := range n.Managers {
		if field, _, _ := strings.Cut(named.Version.Source, " in "); named.Only {
			command = "npm pkg delete " + field + " && " + command
			break
		}
	}
	return &fail.Error{
		ID: "node/manager-unknown", What: "Tandem does not know the package manager of " + what,
		Why: "Tandem installs packages with npm, Yarn and pnpm.",
		Fix: fail.Fix{
			fail.Say{Text: "Let npm install the packages, and commit its lockfile:"},
			fail.Run{Command: command + " && git add " + npm.Locks[0], In: n.Dir},
		},
	}
}

// contradiction returns an error if package.json names another package manager than the lockfile's.
func contradiction(n *app.Node, m manager.NodeData) error {
	agrees := map[string]bool{} // by the place: devEngines may name several
	var wrong []app.Manager
	for _, named := range n.Managers {
		other, ok := manager.NodeNamed(named.Name, named.Version.Want)
		same := other.Data().ID == m.ID || named.Hash == "" && !exact(named.Version.Want)
		if named.Only && named.Name == m.Name && same {
			agrees[named.Version.Source] = true
		} else if named.Only && (!ok || other.Data().ID != m.ID) {
			wrong = append(wrong, named)
		}
	}
	for _, named := range wrong {
		if agrees[named.Version.Source] {
			continue
		}
		return &fail.Error{
			ID: "node/manager-contradiction",
			What: fmt.Sprintf("%s does not belong to the package manager that package.json names",
				show.Name(n.Locks[0])),
			Why: fmt.Sprintf("%s is %s@%s; %s was made by %s.", named.Version.Source, show.Name(named.Name),
				show.Value(named.Version.Want), show.Name(n.Locks[0]), m.ID),
			Fix: fail.Fix{
				fail.Say{Text: "Keep the one your team uses: correct package.json, or delete the lock and make " +
					"that of the other one:"},
				fail.Run{Command: "git rm " + show.Path(n.Locks[0])},
			},
		}
	}
	return nil
}

// malformed returns an error if a version of a package manager is too long. The registry knows all others.
func malformed(v versions.Request, name string) error {
	err := limits.Version(v.Want)
	if err == nil {
		return nil
	}
	return versions.Malformed(show.Quoted(v.Want)+" is not a version of "+name,
		"It comes from "+v.Source+", and "+err.Error()+".", "Write one version, such as 10.9.2, or one range.", err)
}

// exact reports whether a version is a whole one and not a range.
func exact(version string) bool { return version != "" && version[0] >= '0' && version[0] <= '9' }

// toolOf defines the precedence of the sources of a manager's version, highest first.
func toolOf(n *app.Node, m manager.NodeData) Tool {
	if program := n.Settings[m.ID].Program; program != "" {
		return Tool{Version: versions.Request{Source: "the app's settings"}, File: n.Path(program)}
	}
	for _, named := range n.Managers {
		if named.Name != m.Name || named.Version.Want == "" {
			continue
		}
		if !exact(named.Version.Want) && !m.Program.Bundled {
			if r, ok := m.Release(n.Lock.Format, named.Version.Want); ok {
				return Tool{Version: versions.Request{Want: r.Version, Source: named.Version.Source},
					Integrity: r.Integrity}
			}
		}
		return Tool{Version: named.Version, Hash: named.Hash}
	}
	if m.Program.Bundled {
		return Tool{}
	}
	if r, ok := m.Release(n.Lock.Format, ""); ok {
		source := theDefault
		if n.Lock.Format != "" {
			source = "the format of " + show.Name(n.Locks[0])
		}
		return Tool{Version: versions.Request{Want: r.Version, Source: source}, Integrity: r.Integrity}
	}
	source := fmt.Sprintf("format %s of %s", show.Value(n.Lock.Format), show.Name(n.Locks[0]))
	return Tool{Version: versions.Request{Want: "latest", Source: source}}
}

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
