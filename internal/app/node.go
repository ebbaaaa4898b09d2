package app

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// Node has the facts of a package.json, its lockfile and its settings. Its paths are relative to the app's root
// directory.
type Node struct {
	Dir string // "." is the root directory
	// Scripts are commands by their names.
	Scripts         map[string]string
	Dependencies    []string // names, sorted; optional ones included
	DevDependencies []string
	Workspaces      []string // directories of the packages that are installed with this one
	Locks           []string // the lockfiles found, in a fixed order

	Managers []Manager                      // what requests a package manager, in the order of precedence
	Lock     Lock                           // the lockfile, if there is exactly one
	Settings map[manager.ID]ManagerSettings // what the settings of each manager say
	Remote   map[string]string              // packages with a URL of their own
	// Incomplete are the packages for which the lockfile lacks a part for Linux.
	Incomplete []manager.Incomplete

	Inputs []string // files and directories that every manager's result depends on
	// SettingsFiles are the existing settings files of all managers that may install the package.
	SettingsFiles []SettingsFile
	Linked        []Path // directories outside node_modules into which an install script of a "file:" dependency writes

	Output   Output
	Bundlers []Bundler // that no script calls
	Named    Call      // where a Python file names the directory or its output

	NodeVersions

	Unreadable []Unreadable // files of the package
}

// Lock is the lockfile of a project: the manager that has written it, and the version of its format. Both are empty if
// there is none or several, and the format also if the manager's lockfiles have no number. Engines are the versions of
// Node.js that dependencies require. Programs are their commands; it is nil if the lockfile lists those of no package.
type Lock struct {
	Manager  manager.ID
	Format   string
	Engines  map[string]string
	Programs map[string][]string
}

// ManagerSettings are the settings of one manager.
type ManagerSettings struct {
	manager.Settings
	Brought []string // outputs of an installation that are committed with the app
	Lacks   bool     // Program does not exist
	// Unreadable are files that only matter if this manager installs.
	Unreadable []Unreadable
}

// Manager is a place that names a package manager.
type Manager struct {
	// Name is the package manager's name in package.json. It may be unknown.
	Name    string
	Version versions.Request
	Hash    string // "sha512.…" of its package; "": none
	Only    bool   // no other manager is meant; false: should it be this one, then in this version
}

// SettingsFile is a file that package managers read.
type SettingsFile struct {
	// File is relative to the package's directory.
	File  string
	Lines []string // without comments and credentials
	// Variables are the variables without a default, in the order of the file. They include credentials.
	Variables []Variable
}

// Variable is a variable in a settings file. Place is the file and the line, for an error.
type Variable struct{ Name, Place string }

// packageJSON has the fields of a package.json that matter. Fields of which real packages have several forms are of any
// type: only the managers report a wrong one. https://docs.npmjs.com/cli/v11/configuring-npm/package-json
type packageJSON struct {
	Scripts              map[string]any
	Dependencies         map[string]any
	OptionalDependencies map[string]any
	DevDependencies      map[string]any
	Workspaces           any
	PackageManager       any
	DevEngines           any
	Engines              any
	Volta                any
}

// Path returns the path of a file of the package, relative to the app's root.
func (n *Node) Path(name string) string { return path.Join(n.Dir, name) }

// readNode reads the package in dir; root are the versions that the root directory's files name.
func (r *reader) readNode(dir string, root NodeVersions) *Node {
	own := r.part() // errors in a project that is not used do not matter
	n := &Node{
		Dir: dir, Scripts: map[string]string{}, Settings: map[manager.ID]ManagerSettings{}, Remote: map[string]string{},
	}
	pkg, ok := own.packageJSON(n.Path("package.json"))
	if !ok {
		return nil
	}
	for name, script := range pkg.Scripts {
		if s, ok := script.(string); ok {
			n.Scripts[name] = s
		}
	}
	n.Dependencies = append(names(pkg.Dependencies), names(pkg.OptionalDependencies)...)
	slices.Sort(n.Dependencies)
	n.DevDependencies = names(pkg.DevDependencies)
	n.NodeVersions = r.nodeVersions(dir, pkg, root)
	own.readManager(n, pkg)
	n.Output, n.Bundlers = own.readOutput(n), own.readBundlers(n)
	n.Unreadable = own.unreadable
	return n
}

// packageJSON reads a package.json. ok is false if there is none. One that cannot be read or is not valid is noted as a
// problem, and may have no fields.
func (r *reader) packageJSON(file string) (pkg packageJSON, ok bool) {
	text, ok := r.text(file)
	if !ok {
		return pkg, false
	}
	if r.cannotRead(file) {
		return pkg, true
	}
	if err := json.Unmarshal([]byte(text), &pkg); err != nil {
		parse := show.Word(`JSON.parse(require("fs").readFileSync(` + strconv.Quote(file) + "))")
		r.problem(file, invalidPackage(show.Name(file)+" is not valid JSON", jsonReason(text, err), err,
			fail.Say{Text: "Correct the file. This command names the place:"},
			fail.Run{Command: "node -e " + parse}))
	}
	return pkg, true
}

// invalidPackage returns the error for a package.json that cannot be used. cause may be nil.
func invalidPackage(what, why string, cause error, fix ...fail.Action) error {
	return &fail.Error{ID: "node/package-json-invalid", What: what, Why: why, Fix: fix, Err: cause}
}

// engines returns the versions that package.json requests, by the name of the engine. Packages of 2011 have an array.
func (p packageJSON) engines() map[string]string {
	out := map[string]string{}
	engines, _ := p.Engines.(map[string]any)
	for name, want := range engines {
		if s, ok := want.(string); ok {
			out[name] = s
		}
	}
	return out
}

// specs returns the version or the URL of each dependency, of all kinds, by its name.
func (p packageJSON) specs() map[string]string {
	out := map[string]string{}
	for _, kind := range []map[string]any{p.DevDependencies, p.OptionalDependencies, p.Dependencies} {
		for name, spec := range kind {
			if s, ok := spec.(string); ok {
				out[name] = s
			}
		}
	}
	return out
}

// installs reports whether a manager runs scripts of the package itself when it installs.
func (p packageJSON) installs() bool {
	return slices.ContainsFunc(manager.Lifecycle, func(name string) bool {
		script, _ := p.Scripts[name].(string)
		return script != ""
	})
}

// names returns the names of dependencies, sorted.
func names(dependencies map[string]any) []string { return slices.Sorted(maps.Keys(dependencies)) }

// local returns the path of a dependency in the app, a directory or an archive, relative to its package.json. It is
// false for all other specifications, such as ranges and absolute paths.
func local(spec string) (string, bool) {
	for _, prefix := range []string{"file:", "link:", "portal:"} {
		if rest, ok := strings.CutPrefix(spec, prefix); ok {
			return rest, !path.IsAbs(rest)
		}
	}
	return spec, strings.HasPrefix(spec, "./") || strings.HasPrefix(spec, "../")
}
