package manager

import (
	"cmp"
	"path"
	"slices"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// NodeManager is a package manager of Node.js, or those versions of one that work alike. A new one is a file like npm's
// and an entry in Nodes.
type NodeManager interface {
	Data() NodeData
	// Owns reports whether the text of a lockfile that has one of the names in Locks is this manager's.
	Owns(lock string) bool
	// ReadLock reads a lockfile. The error is the parser's.
	ReadLock(text string) (Lock, error)
	// Count returns how many packages a lockfile lists for an architecture and Linux. It is 0 if that is not known.
	Count(lock, arch string) int
	// ReadSettings reads the files next to package.json that only this manager understands. The error is the parser's.
	ReadSettings(read Reader) (Settings, error)
	// Env returns the variables of an installation.
	Env(u Use) map[string]string
	// Prune returns the command that removes devDependencies from an installation. It is empty if there is none.
	Prune(t Tree) []string
}

// NodeData describes a package manager of Node.js.
type NodeData struct {
	ID        ID
	Name      string   // its command, and what packageManager in package.json calls it
	Programs  []string // all commands that it provides
	Majors    []int    // first and last major version; the last may be 0 for "and all later ones"
	Package   string   // its name in the registry
	Program   Program
	Locks     []string          // its lockfiles
	Binary    string            // an older lockfile that only the program reads; "" if there is none
	Files     []string          // next to package.json, that decide what is installed or may have credentials
	Rest      []string          // other files and directories that do
	Runs      []string          // outputs of an installation that Run needs, without node_modules
	Lifecycle []string          // the app's own scripts that it runs when it installs
	Prefixes  []string          // of the variables that are its settings
	Dev       Variable          // with which it installs devDependencies although NODE_ENV is production
	Vars      map[string]string // what all commands get that can call it, unless set
	Commands  NodeCommands
	// Reinstalls reports whether Prune installs again, into an empty node_modules.
	Reinstalls bool
	Failures   string // the rule set of package diagnose that explains them
}

// Variable is the name of a variable with its value. The zero Variable is none.
type Variable struct{ Name, Value string }

// NodeCommands are the commands of a manager. Those that install also install devDependencies, which the build needs
// whatever NODE_ENV says.
type NodeCommands struct {
	Relock   string     // creates the lockfile again, for errors
	Add      string     // adds a package to devDependencies and to the lockfile, for errors
	Remove   string     // removes a package, for errors
	Rehash   string     // renews the checksums in the lockfile, for errors
	Locked   []string   // installs exactly what the lockfile lists
	Unlocked []string   // installs without a lockfile
	Update   [][]string // turn the packages of another lockfile into those that Locked installs; nil if there are none
	Quiet    []string   // more arguments for all of them, which do not change the result
	Run      []string   // runs a script of package.json, whose name follows
}

// Lock has what a lockfile says in addition to the names of packages.
type Lock struct {
	Format string            // its version, as Formats of a Release has it
	Local  []string          // files and directories of the app that are packages, relative to the lockfile
	Linked []string          // those of Local into which the installation writes
	Remote map[string]string // packages with a URL of their own, which are not from a registry
	// Programs are the names of the programs of packages, as far as the lockfile lists them.
	Programs map[string][]string
	// Engines are the versions of Node.js that packages in node_modules itself require, as far as the lockfile lists
	// them.
	Engines map[string]string
	// Incomplete are the packages that lack a part for Linux, sorted by name.
	Incomplete []Incomplete
}

// Program says where the package manager comes from.
type Program struct {
	Bundled bool   // Node.js includes one
	Hashed  string // the file that the hash in packageManager is about; "" is the whole package
	// Parts are the packages that replace Package, by architecture. File is the program of all commands in them.
	// Without Parts, the package.json of Package names the programs.
	Parts map[string]string
	File  string
}

// Settings are what the settings files of one manager say.
type Settings struct {
	Workspaces []string // patterns of directories, as workspaces in package.json has them
	Program    string   // the manager itself, committed with the app
	Inputs     []string // more files and directories that decide what is installed
	Outputs    []string // what the installation creates in addition to node_modules
	PnP        bool     // packages are found by a hook in Node.js, without a node_modules
	Notes      []string // settings that are ignored
}

// Use is one installation.
type Use struct {
	Version  string            // of the manager
	Cache    string            // directory for downloads
	Proxies  map[string]string // "http" and "https": URL of the proxy, if there is one
	Settings Settings
	Brought  []string // outputs of an installation that are committed with the app
}

// Tree is the result of an installation.
type Tree struct {
	Version string // of the manager
	Locked  bool   // by a lockfile
}

// described is a manager without rules of its own. Managers embed it.
type described struct{ data NodeData }

func (d described) Data() NodeData                      { return d.data }
func (described) Owns(string) bool                      { return true }
func (described) ReadLock(string) (Lock, error)         { return Lock{}, nil }
func (described) Count(string, string) int              { return 0 }
func (described) ReadSettings(Reader) (Settings, error) { return Settings{}, nil }
func (described) Env(Use) map[string]string             { return nil }
func (described) Prune(Tree) []string                   { return nil }

// Nodes returns the managers of Node.js.
func Nodes() []NodeManager {
	return []NodeManager{newNPM(), newYarn(), newBerry(), newPNPM(), newBun()}
}

// Node returns the manager with an id. Without one, the result has no data and no commands.
func Node(id ID) NodeManager {
	if m, ok := findNode(func(m NodeManager) bool { return m.Data().ID == id }); ok {
		return m
	}
	return described{}
}

// NodeLock returns the manager of a lockfile. file may be a path.
func NodeLock(file, text string) (NodeManager, bool) {
	return findNode(func(m NodeManager) bool {
		return slices.Contains(m.Data().Locks, path.Base(file)) && m.Owns(text)
	})
}

// NodeNamed returns the manager of a name and a version. "" and a range that does not begin with a number mean the
// latest one.
func NodeNamed(name, version string) (NodeManager, bool) {
	major, known := versions.Major(version)
	found, ok := findNode(func(m NodeManager) bool { return m.Data().Name == name && known && m.Data().has(major) })
	for _, m := range slices.Backward(Nodes()) {
		if !ok && m.Data().Name == name {
			return m, true
		}
	}
	return found, ok
}

// findNode returns the first manager that fits. ok is false if none does; the manager then has no data and no commands.
func findNode(fits func(NodeManager) bool) (NodeManager, bool) {
	for _, m := range Nodes() {
		if fits(m) {
			return m, true
		}
	}
	return described{}, false
}

// PackageFor returns the name of the package in the registry that has the program for an architecture.
func (d NodeData) PackageFor(arch string) string { return cmp.Or(d.Program.Parts[arch], d.Package) }

// has reports whether a major version of the program is this manager's.
func (d NodeData) has(major int) bool {
	return major >= d.Majors[0] && (d.Majors[1] == 0 || major <= d.Majors[1])
}
