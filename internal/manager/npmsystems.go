package manager

import (
	"cmp"
	"maps"
	"path"
	"slices"
)

// Incomplete is a package in a lockfile that has parts for systems, of which a part for Linux with glibc is missing.
// Next to a node_modules, npm adds only those of the system on which it runs: https://github.com/npm/cli/issues/4828
type Incomplete struct {
	Package string
	Parts   []Part
	Script  bool   // it has an install script, which may download the part
	Needed  []Need // the package itself and those that depend on it, the nearest first
}

// Part is an optional dependency for one system.
type Part struct {
	Name, OS, CPU string // as npm writes them: linux, x64
	Locked        bool   // the lockfile has it
}

// Need is a package through which another one is installed.
type Need struct {
	Package  string
	Programs []string
	Leads    int    // the index of the dependency that leads to the package; its own index if it is that
	Config   string // the configuration of a bundler that names it; "" if there is none
}

// npmGraph has the packages of a lockfile of npm by their names. Versions do not matter.
type npmGraph map[string]*npmNode

// npmNode has the entry of a package, and the names of the packages that depend on it.
type npmNode struct {
	locked, script bool
	os, cpu, libc  string
	optional       []string // its optional dependencies
	programs       []string
	dependents     []string
}

// add notes an entry and the packages that it depends on.
func (g npmGraph) add(name string, entry npmEntry) {
	if entry.Version == "" { // a link, or nothing that npm has written
		return
	}
	if node := g.node(name); !node.locked { // the first is the one in node_modules itself
		*node = npmNode{
			true, entry.HasInstallScript, entry.OS.single(), entry.CPU.single(), entry.Libc.single(),
			slices.Sorted(maps.Keys(entry.OptionalDependencies)), entry.programs(name), node.dependents,
		}
	}
	for _, dependency := range slices.Sorted(maps.Keys(entry.Dependencies)) {
		of := g.node(dependency)
		if !slices.Contains(of.dependents, name) {
			of.dependents = append(of.dependents, name)
		}
	}
}

// node returns the node of a name, which may have no entry.
func (g npmGraph) node(name string) *npmNode {
	if g[name] == nil {
		g[name] = &npmNode{}
	}
	return g[name]
}

// incomplete returns the packages that lack a part for Linux, sorted by name.
func (g npmGraph) incomplete() (all []Incomplete) {
	for _, name := range slices.Sorted(maps.Keys(g)) {
		node := g[name]
		found := Incomplete{Package: name, Script: node.script}
		for _, part := range node.optional {
			if p, ok := g.part(part); ok {
				found.Parts = append(found.Parts, p)
			}
		}
		if found.Lacks("amd64") != "" || found.Lacks("arm64") != "" {
			found.Needed = g.needed(name)
			all = append(all, found)
		}
	}
	return all
}

// part describes a package for one system, by its entry or by its name. ok is false if it is for musl, or for no system
// in particular. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#os
func (g npmGraph) part(name string) (p Part, ok bool) {
	p = Part{Name: name}
	shown := systemsOf(name)
	libc := shown.Libc.single()
	p.OS, p.CPU = shown.OS.single(), shown.CPU.single()
	if node := g[name]; node != nil && node.locked {
		p.Locked = true
		p.OS, p.CPU, libc = cmp.Or(p.OS, node.os), cmp.Or(p.CPU, node.cpu), cmp.Or(libc, node.libc)
	}
	return p, p.OS != "" && p.CPU != "" && libc != "musl"
}

// Lacks returns the part for Linux with glibc on an architecture, in Go's words, if the package has such parts, and
// none of them is locked. It is empty otherwise.
func (i Incomplete) Lacks(arch string) (name string) {
	for _, p := range i.Parts {
		switch {
		case p.OS != "linux" || p.CPU != npmMachine(arch):
		case p.Locked:
			return ""
		default:
			name = p.Name
		}
	}
	return name
}

// maxNeeds bounds the packages that are followed from one that lacks a part.
const maxNeeds = 500

// needed returns a package and those that depend on it.
func (g npmGraph) needed(name string) (all []Need) {
	seen := map[string]bool{name: true}
	all = []Need{{Package: name, Programs: g[name].programs}}
	for i := 0; i < len(all) && len(all) < maxNeeds; i++ {
		for _, by := range g[all[i].Package].dependents {
			if !seen[by] {
				seen[by] = true
				all = append(all, Need{Package: by, Programs: g[by].programs, Leads: i})
			}
		}
	}
	return all
}

// programs returns the names of the package's programs.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json#bin
func (e npmEntry) programs(name string) []string {
	switch bin := e.Bin.(type) {
	case string:
		return []string{path.Base(name)}
	case map[string]any:
		return slices.Sorted(maps.Keys(bin))
	}
	return nil
}
