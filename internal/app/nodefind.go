package app

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// readNodes reads every package.json that may be a project's: the root's and those of the named directories. It also
// reads those at most three directories deep that are neither tests nor other people's code.
func (r *reader) readNodes(named []string) (all []*Node) {
	dirs := append([]string{"."}, r.packageFolders()...)
	if len(dirs) > limits.Packages && len(named) == 0 {
		r.problem(".", tooLarge(fmt.Sprintf("More than %d directories have a package.json.", limits.Packages)))
	}
	dirs = dirs[:min(len(dirs), limits.Packages)]
	// Directories that the user names are read wherever they are, beyond the limit too.
	for _, dir := range named {
		if !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	root := r.nodeFiles(".")
	for _, dir := range dirs {
		if n := r.readNode(dir, root); n != nil {
			all = append(all, n)
		}
	}
	for _, n := range all {
		n.inherit(all[0])
	}
	return all
}

// inherit takes over the versions of package managers that the root names, as for directories below it corepack and
// others do. They do not say which manager it is: the root's may be for its tools.
func (n *Node) inherit(root *Node) {
	if n.Dir == "." || root.Dir != "." {
		return
	}
	for _, named := range root.Managers {
		named.Only = false
		n.Managers = append(n.Managers, named)
	}
}

// OfStatic reports whether the package lies in a directory of static files itself. What lies deeper there belongs to
// other projects.
func (n *Node) OfStatic() bool { return path.Base(n.Dir) == "static" }

// packageFolders returns the directories below the root that have a package.json, in the order of the walk. One of them
// may be a directory of static files, but none lies below that: see OfStatic.
func (r *reader) packageFolders() (found []string) {
	r.walk(frontEndDepth, func(p string, d fs.DirEntry) bool {
		name := d.Name()
		if d.IsDir() {
			return path.Base(path.Dir(p)) != "static" && !Skipped(name, ForSource|ForProjects) && !r.isVenv(p)
		}
		if name == "package.json" && p != name {
			found = append(found, path.Dir(p))
		}
		return true
	})
	return found
}

// Depths of directories that may have a front end: those that are searched for one, and those that are only named.
const (
	frontEndDepth = 3
	deepDepth     = 6
)

// deepFrontEnd returns the first directory that is too deep to be a project and has a package.json with a build script.
// It is empty if there is none, or if a directory that is not too deep has one.
func (r *reader) deepFrontEnd(nodes []*Node) (found string) {
	if slices.ContainsFunc(nodes, func(n *Node) bool { return BuildScript(n.Scripts) != "" }) {
		return ""
	}
	left := limits.Scripts // they are parsed
	r.walk(deepDepth, func(p string, d fs.DirEntry) bool {
		dir := path.Dir(p)
		if d.Name() == "package.json" && found == "" && left > 0 && strings.Count(dir, "/") >= frontEndDepth {
			left--
			var pkg struct{ Scripts map[string]string }
			text, _ := r.quiet(p)
			if json.Unmarshal([]byte(text), &pkg) == nil && BuildScript(pkg.Scripts) != "" {
				found = dir
			}
		}
		return found == "" && !Skipped(d.Name(), ForSource|ForProjects) && !r.isVenv(p)
	})
	return found
}
