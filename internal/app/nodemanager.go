package app

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
)

// foreign are the locks of managers that are not understood. https://bun.sh/docs/install/lockfile
var foreign = []string{"bun.lock", "bun.lockb"}

// readManager finds what is installed, by which manager, and what that depends on.
func (r *reader) readManager(n *Node, pkg packageJSON) {
	n.Managers = managersOf(pkg, show.Name(n.Path("package.json")))
	for _, name := range nodeLocks() {
		n.Locks = append(n.Locks, r.present(".", []string{n.Path(name)})...)
	}
	n.Inputs = append([]string{n.Path("package.json")}, n.Locks...)
	r.readLock(n)
	r.readOwn(n)
	r.readSettings(n)
	r.readWorkspaces(n, pkg)
	r.readSpecs(n, n.Dir, pkg)
}

func nodeLocks() (all []string) {
	for _, m := range manager.Nodes() {
		for _, lock := range m.Locks {
			if !slices.Contains(all, lock) {
				all = append(all, lock)
			}
		}
	}
	return append(all, foreign...)
}

// readLock reads the lock, if it is the only one: several are an error.
func (r *reader) readLock(n *Node) {
	if len(n.Locks) != 1 {
		return
	}
	file := n.Locks[0]
	text, _ := r.text(file)
	m, known := manager.NodeLock(file, text)
	if !known {
		return
	}
	lock, err := m.ReadLock(text)
	if err != nil {
		r.problem(&fail.Error{
			ID: "node/lock-invalid", What: show.Name(file) + " is not valid JSON", Why: jsonReason(text, err), Err: err,
			Fix: "Make it again and commit it:\n    " + n.Command(m.Relock),
		})
	}
	n.Lock = Lock{m.ID, lock.Format}
	for _, name := range lock.Local {
		n.Inputs = append(n.Inputs, n.Path(name))
	}
	for _, name := range lock.Linked {
		n.Linked = append(n.Linked, n.Path(name))
	}
	for name, address := range lock.Remote {
		n.Remote[name] = address
	}
}

// managers are those that may install n: that of the lock, all where there is none.
func (n *Node) managers() []manager.Node {
	if m, ok := manager.NodeID(n.Lock.Manager); ok {
		return []manager.Node{m}
	}
	return manager.Nodes()
}

// readOwn reads what only one manager understands.
func (r *reader) readOwn(n *Node) {
	for _, m := range n.managers() {
		if m.Read == nil {
			continue
		}
		own, err := m.Read(func(name string) (string, bool) { return r.text(n.Path(name)) })
		if err != nil {
			r.problem(settingsProblem(n, m, err))
		}
		there := func(name string) bool { return r.exists(n.Path(name)) || r.isDir(n.Path(name)) }
		found := Own{Own: own, Lacks: own.Program != "" && !there(own.Program)}
		found.Makes = nil
		for _, name := range own.Makes {
			if there(name) {
				found.Brought = append(found.Brought, name)
			} else {
				found.Makes = append(found.Makes, name)
			}
		}
		n.Own[m.ID] = found
	}
}

// settingsProblem is the user's error about the settings of a manager.
func settingsProblem(n *Node, m manager.Node, err error) error {
	return &fail.Error{
		ID: "node/settings-invalid", What: "The settings of " + m.Name + " in " + where(n.Dir) + " cannot be understood",
		Why: show.Reason(err), Err: err, Fix: "Correct the file:\n    " + show.Name(n.Path(m.Files[len(m.Files)-1])),
	}
}

func where(dir string) string {
	if dir == "." {
		return "the root folder"
	}
	return show.Name(dir)
}

func (n *Node) addInput(name string) {
	if !slices.Contains(n.Inputs, name) {
		n.Inputs = append(n.Inputs, name)
	}
}

// credential matches settings that let somebody in. https://docs.npmjs.com/cli/v11/configuring-npm/npmrc#auth-related-configuration
var credential = regexp.MustCompile(`(?i)_auth|npmAuth|_password|token|username|email|keyfile|certfile`)

// variable matches one that has no value of its own for the case that it is not set: ${NAME?} and ${NAME:-value} have.
var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// readSettings keeps lines of settings files that change what is installed; who may do so does not.
func (r *reader) readSettings(n *Node) {
	var files []string
	for _, m := range n.managers() {
		files = append(files, m.Files...)
	}
	slices.Sort(files)
	for _, name := range slices.Compact(files) {
		text, ok := r.text(n.Path(name))
		if !ok {
			continue
		}
		found, number := Settings{File: name}, 0
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' || line[0] == ';' {
				continue
			}
			for _, m := range variable.FindAllStringSubmatch(line, -1) {
				found.Variables = append(found.Variables, Variable{m[1], place(n.Path(name), number)})
			}
			if !credential.MatchString(line) {
				found.Lines = append(found.Lines, line)
			}
		}
		n.Settings = append(n.Settings, found)
	}
}

// managersOf reads packageManager (https://nodejs.org/api/packages.html#packagemanager), devEngines and engines.
func managersOf(pkg packageJSON, file string) (all []Manager) {
	if text, ok := pkg.PackageManager.(string); ok && text != "" {
		name, version, _ := strings.Cut(text, "@")
		version, hash, _ := strings.Cut(version, "+")
		all = append(all, Manager{name, Version{version, "packageManager in " + file}, hash, true})
	}
	all = append(all, devManagers(pkg.DevEngines, "devEngines.packageManager in "+file)...)
	engines := pkg.engines()
	for _, m := range manager.Nodes() {
		if want, ok := engines[m.Name]; ok {
			all = append(all, Manager{Name: m.Name, Version: Version{want, "engines." + m.Name + " in " + file}})
			delete(engines, m.Name) // Yarn stands there twice
		}
	}
	return all
}

// devManagers reads devEngines.packageManager, one or a list. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#devengines
func devManagers(devEngines any, source string) (all []Manager) {
	object, _ := devEngines.(map[string]any)
	entries, several := object["packageManager"].([]any)
	if !several {
		entries = []any{object["packageManager"]}
	}
	for _, entry := range entries {
		fields, _ := entry.(map[string]any)
		name, _ := fields["name"].(string)
		version, _ := fields["version"].(string)
		if name == "" {
			continue
		}
		version, hash, _ := strings.Cut(version, "+")
		tolerant := fields["onFail"] == "warn" || fields["onFail"] == "ignore"
		all = append(all, Manager{name, Version{version, source}, hash, !tolerant})
	}
	return all
}

// readSpecs notes the dependencies that are folders of the app or have an address of their own.
func (r *reader) readSpecs(n *Node, dir string, pkg packageJSON) {
	specs := pkg.specs()
	for _, name := range sortedKeys(specs) {
		if manager.IsRemote(specs[name]) {
			n.Remote[name] = specs[name]
		}
		if rel, ok := local(specs[name]); ok {
			if folder := path.Join(dir, rel); !slices.Contains(n.Workspaces, folder) && folder != n.Dir {
				n.addInput(folder)
			}
		}
	}
	if pkg.installs() { // they may read anything of the package
		n.addInput(dir)
	}
}
