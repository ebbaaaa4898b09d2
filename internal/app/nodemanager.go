package app

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// readManager finds what is installed, by which manager, and what that depends on.
func (r *reader) readManager(n *Node, pkg packageJSON) {
	n.Managers = managersOf(pkg, show.Name(n.Path("package.json")))
	n.Locks = r.nodeLocks(n)
	n.Inputs = append([]string{n.Path("package.json")}, n.Locks...)
	r.readLock(n)
	r.readSettings(n)
	r.readSettingsFiles(n)
	r.readWorkspaces(n, pkg)
	r.readSpecs(n, n.Dir, pkg)
	n.Inputs = unique(n.Inputs)
}

// nodeLocks returns the lockfiles of n, each once, in the order of the managers. A binary lockfile is omitted if its
// manager has another one.
func (r *reader) nodeLocks(n *Node) (all []string) {
	for _, m := range manager.Nodes() {
		found := false
		for _, name := range append(m.Data().Locks, m.Data().Binary) {
			if name == "" || found && name == m.Data().Binary {
				continue
			}
			present := r.present(".", []string{n.Path(name)})
			all, found = append(all, present...), found || len(present) > 0
		}
	}
	return unique(all)
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
	if err != nil && !r.cannotRead(file) {
		r.problem(file, &fail.Error{
			ID: "node/lock-invalid", What: show.Name(file) + " is not valid JSON", Why: jsonReason(text, err), Err: err,
			Fix: fail.Fix{
				fail.Say{Text: "Make it again and commit it:"},
				fail.Run{Command: m.Data().Commands.Relock, In: n.Dir},
			},
		})
	}
	n.Lock = Lock{m.Data().ID, lock.Format, ofDependencies(n, lock.Engines), ofDependencies(n, lock.Programs)}
	n.Incomplete = r.withConfigs(n.Dir, lock.Incomplete)
	if len(lock.Local) > limits.Packages {
		r.problem(file, tooLarge(fmt.Sprintf("%s lists more than %d directories as packages.", show.Name(file),
			limits.Packages)))
		return
	}
	for _, name := range lock.Local { // the manager reports paths outside of the app
		n.Inputs = append(n.Inputs, input(n.Dir, name)...)
	}
	for _, name := range lock.Linked {
		if p, err := In(n.Dir, name); err == nil {
			n.Linked = append(n.Linked, p)
		}
	}
	for name, address := range lock.Remote {
		n.Remote[name] = address
	}
}

// ofDependencies returns the entries of the dependencies of n; nil if all is nil.
func ofDependencies[T any](n *Node, all map[string]T) (own map[string]T) {
	if all == nil {
		return nil
	}
	own = map[string]T{}
	for _, name := range slices.Concat(n.Dependencies, n.DevDependencies) {
		if entry, ok := all[name]; ok {
			own[name] = entry
		}
	}
	return own
}

// managers returns those that may install n: the one of the lockfile, or all if there is no lockfile.
func (n *Node) managers() []manager.NodeManager {
	if n.Lock.Manager == "" {
		return manager.Nodes()
	}
	return []manager.NodeManager{manager.Node(n.Lock.Manager)}
}

// input returns a list with the path of a file that name, relative to dir, leads to. It is empty if the path is outside
// of the app.
func input(dir, name string) []string {
	if joined := path.Join(dir, name); joined == "." && !path.IsAbs(name) {
		return []string{joined}
	}
	p, err := In(dir, name)
	if err != nil {
		return nil
	}
	return []string{string(p)}
}

// unique returns the names without duplicates, in their order.
func unique(names []string) (all []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
		}
	}
	return all
}

// managersOf reads packageManager (https://nodejs.org/api/packages.html#packagemanager), devEngines and engines.
func managersOf(pkg packageJSON, file string) (all []Manager) {
	if text, ok := pkg.PackageManager.(string); ok && text != "" {
		name, version, _ := strings.Cut(text, "@")
		version, hash, _ := strings.Cut(version, "+")
		request := versions.Request{Want: version, Source: "packageManager in " + file}
		all = append(all, Manager{name, request, hash, true})
	}
	all = append(all, devManagers(pkg.DevEngines, "devEngines.packageManager in "+file)...)
	engines := pkg.engines()
	for _, m := range manager.Nodes() {
		name := m.Data().Name
		if want, ok := engines[name]; ok {
			request := versions.Request{Want: want, Source: "engines." + name + " in " + file}
			all = append(all, Manager{Name: name, Version: request})
			delete(engines, name) // Yarn is two managers
		}
	}
	return all
}

// devManagers reads devEngines.packageManager, one or a list.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#devengines
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
		all = append(all, Manager{name, versions.Request{Want: version, Source: source}, hash, !tolerant})
	}
	return all
}

// readSpecs notes the dependencies that are directories of the app or have a URL of their own.
func (r *reader) readSpecs(n *Node, dir string, pkg packageJSON) {
	specs, members := pkg.specs(), setOf(n.Workspaces)
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		if manager.IsRemote(specs[name]) {
			n.Remote[name] = specs[name]
		}
		if rel, ok := local(specs[name]); ok {
			for _, folder := range input(dir, rel) {
				if !members[folder] && folder != n.Dir {
					n.Inputs = append(n.Inputs, folder)
				}
			}
		}
	}
	if pkg.installs() { // they may read anything of the package
		n.Inputs = append(n.Inputs, dir)
	}
}
