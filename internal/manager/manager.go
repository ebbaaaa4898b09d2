// Package manager is the tables of package managers: by which files one is recognised, what an installation by it depends on,
// which commands install, and what its failures mean. One file for each manager. It runs nothing and decides nothing.
package manager

import "slices"

// Lock is what a lock file says beside the names of packages.
type Lock struct {
	Local  []string // files and folders of the app that are packages themselves, relative to the lock
	Linked []string // those of them into which the installation writes
}

// Node is a package manager of Node.js. The commands install devDependencies too: the build needs them, whatever NODE_ENV says.
type Node struct {
	Name     string                          // as packageManager in package.json has it
	Locks    []string                        // its lock files
	ReadLock func(text string) (Lock, error) // the error is the parser's
	Relock   string                          // the command that makes the lock anew, for errors
	Locked   []string                        // installs exactly what the lock says
	Unlocked []string                        // installs without a lock
	Quiet    []string                        // more arguments for both, that change nothing about the result
	Failures Failures
}

// Nodes are those of Node.js that are understood.
func Nodes() []Node { return []Node{npm()} }

// NodeLock finds the manager of a lock file.
func NodeLock(file string) (Node, bool) {
	all := Nodes()
	i := slices.IndexFunc(all, func(n Node) bool { return slices.Contains(n.Locks, file) })
	if i < 0 {
		return Node{}, false
	}
	return all[i], true
}
