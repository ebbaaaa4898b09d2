// Package manager is the tables of package managers: by which files one is recognised, what an installation by it depends on,
// which commands install, and what its failures mean. One file for each manager. It runs nothing and decides nothing.
package manager

import (
	"path"
	"slices"
	"sync"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// Lock is what a lock file says beside the names of packages.
type Lock struct {
	Format string            // its version, as the manager's Releases have it
	Local  []string          // files and folders of the app that are packages themselves, relative to the lock, as far as it says so
	Linked []string          // those of them into which the installation writes
	Remote map[string]string // packages that come from an address of their own, not from a registry
}

// Node is a package manager of Node.js, or those versions of one that work alike. The commands install devDependencies too: the
// build needs them, whatever NODE_ENV says. Adding one is a file with a function like npm's and a line in Nodes.
type Node struct {
	ID        string                          // "npm", "yarn-classic"
	Name      string                          // its command, and what packageManager in package.json calls it
	Commands  []string                        // all commands that it brings
	Majors    []int                           // first and last major version; the last may be 0 for "and all later ones"
	Package   string                          // what the registry calls it
	Locks     []string                        // its lock files
	Owns      func(lock string) bool          // tells by the text whether a lock of that name is its own; nil: it is
	ReadLock  func(text string) (Lock, error) // the error is the parser's
	Files     []string                        // files beside package.json that decide what is installed, or may be credentials
	Rest      []string                        // other files and folders that do
	Read      func(read Reader) (Own, error)  // what its settings say; nil: nothing that matters here
	Releases  []Release                       // which one is used where the app does not say, the newest first
	Program   Program
	Relock    string                // the command that makes the lock anew, for errors
	Add       string                // the command that adds a package to devDependencies and to the lock, for errors
	Locked    []string              // installs exactly what the lock says
	Unlocked  []string              // installs without a lock
	Update    [][]string            // brings the packages of another lock to what this lock says, the same files as Locked makes; nil: it cannot
	Prune     func(t Tree) []string // takes devDependencies out of what is installed; no command: this version cannot
	Runs      []string              // of what an installation makes beside node_modules, what Run needs
	Quiet     []string              // more arguments for all, that change nothing about the result
	Run       []string              // runs a script of package.json, whose name follows
	Lifecycle []string              // the app's own scripts that it runs when it installs
	Prefixes  []string              // of the variables that are its settings
	Env       func(u Use) map[string]string
	Vars      map[string]string // what all commands see that can call it, unless set
	Failures  Failures
}

// Release is a version of a manager and the digest of its package, as the registry has it (npm view NAME@VERSION dist.integrity).
type Release struct {
	Version   string
	Integrity string
	Formats   []string // of locks that it neither refuses nor rewrites
}

// Program says how the manager is had.
type Program struct {
	Bundled bool   // Node.js brings one
	Hashed  string // the file that the hash in packageManager is about; "": the whole package
}

// Reader gives the text of a file beside package.json.
type Reader func(name string) (text string, ok bool)

// Own is what the settings files of one manager say.
type Own struct {
	Workspaces []string // patterns of folders, as workspaces in package.json has them
	Program    string   // the manager itself, committed with the app
	Inputs     []string // more files and folders that decide what is installed
	Makes      []string // what the installation makes beside node_modules
	PnP        bool     // packages are found by a hook in Node.js, there is no node_modules
	Notes      []string // settings that are not used
}

// Use is one installation.
type Use struct {
	Version string            // the manager's own
	Cache   string            // folder for downloads
	Proxies map[string]string // "http" and "https": address of the proxy, if there is one
	Own     Own
	Brought []string // of what an installation makes, what the app brings
}

// Tree is what an installation has made.
type Tree struct {
	Version string // the manager's own
	Locked  bool   // by a lock
}

// CommandsOfNode are those of the managers of Node.js, each once.
func CommandsOfNode() (all []string) {
	for _, m := range Nodes() {
		for _, command := range m.Commands {
			if !slices.Contains(all, command) {
				all = append(all, command)
			}
		}
	}
	return all
}

// Nodes are those of Node.js that are understood. They are made once, since their failures have many patterns to compile.
func Nodes() []Node { return slices.Clone(nodes()) }

var nodes = sync.OnceValue(func() []Node { return []Node{npm(), yarnClassic(), yarnBerry(), pnpm()} })

// NodeLock finds the manager of a lock file; file may be a path.
func NodeLock(file, text string) (Node, bool) {
	return find(func(n Node) bool { return slices.Contains(n.Locks, path.Base(file)) && (n.Owns == nil || n.Owns(text)) })
}

// NodeNamed finds the manager of a name and a version of it; "" and a range that begins with no number stand for the newest.
func NodeNamed(name, version string) (Node, bool) {
	major, known := versions.Major(version)
	found, ok := find(func(n Node) bool { return n.Name == name && known && n.has(major) })
	for _, n := range slices.Backward(Nodes()) {
		if !ok && n.Name == name {
			return n, true
		}
	}
	return found, ok
}

// NodeID finds a manager by its id.
func NodeID(id string) (Node, bool) { return find(func(n Node) bool { return n.ID == id }) }

func find(fits func(Node) bool) (Node, bool) {
	all := nodes()
	i := slices.IndexFunc(all, fits)
	if i < 0 {
		return Node{}, false
	}
	return all[i], true
}

func (n Node) has(major int) bool {
	return major >= n.Majors[0] && (n.Majors[1] == 0 || major <= n.Majors[1])
}
