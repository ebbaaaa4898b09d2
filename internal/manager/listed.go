package manager

import (
	"slices"
	"strings"
)

// Machine describes where packages are installed: a version of CPython, such as "3.13.16", on Linux.
type Machine struct {
	Python string
	Arch   string // "amd64" or "arm64"
}

// Listed are the Python packages that the files of an app list for one installation. An incomplete list has packages
// that are certainly installed. Other packages may be installed with them, so that the list never shows that one is
// missing. A lockfile of a format or a size that is not read gives an empty list, which is incomplete.
type Listed struct {
	Packages []ListedPackage // sorted by name, each once
	Complete bool            // nothing else is installed
}

// ListedPackage is a package in a lockfile or in requirements.
type ListedPackage struct {
	Name, Version string // the normal name; the version is empty if it is open
	File          string // that lists it, relative to the directory in which the manager works
	Wheels        Wheels
	Extras        string // as requirements write them, between brackets
}

// Wheels says which wheels a lockfile lists for a package. Requirements list none.
type Wheels int

// No wheel at all, only some for other machines, or one for the machine.
const (
	NoWheels Wheels = iota
	OtherWheels
	FittingWheel
)

// Find returns the package with a normal name. Ok is false if it is not listed.
func (l Listed) Find(name string) (p ListedPackage, ok bool) {
	i, ok := slices.BinarySearchFunc(l.Packages, name,
		func(p ListedPackage, name string) int { return strings.Compare(p.Name, name) })
	if !ok {
		return p, false
	}
	return l.Packages[i], true
}

// listedIn returns packages as a list: sorted, and each name once, with the first version that is known.
func listedIn(packages []ListedPackage, complete bool) Listed {
	slices.SortStableFunc(packages, func(a, b ListedPackage) int { return strings.Compare(a.Name, b.Name) })
	var once []ListedPackage
	for _, p := range packages {
		last := len(once) - 1
		switch {
		case last < 0 || once[last].Name != p.Name:
			once = append(once, p)
		case once[last].Version == "":
			once[last] = p
		}
	}
	return Listed{once, complete && len(once) > 0}
}

// maxListed is the size of the largest lockfile of which the packages are read, in bytes.
const maxListed = 4 << 20

// locked is a package of a lockfile, with the packages that it depends on.
type locked struct {
	ListedPackage
	needs  []need
	extras map[string][]need
}

// need is a dependency on a package. Version is empty if the lockfile has only one.
type need struct {
	Name, Version string
	Extra         []string
	Marker        string
}

// lockGraph has the packages of a lockfile.
type lockGraph struct {
	packages map[string][]locked // by their names
	machine  Machine
	unknown  bool // a marker or a package is not understood
}

// find returns the package for a need. Ok is false if there is none, or if it is one of several.
func (g *lockGraph) find(n need) (p locked, ok bool) {
	all := g.packages[Normal(n.Name)]
	if n.Version != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(p locked) bool { return p.Version != n.Version })
	}
	if len(all) != 1 {
		return p, false
	}
	return all[0], true
}

// reach returns the packages that roots and their dependencies need on the machine.
//
// A package is visited once for each of its extras, since each extra adds other dependencies, and dependencies may go
// in circles.
func (g *lockGraph) reach(roots []need) (found []ListedPackage) {
	seen, listed := map[string]bool{}, map[string]bool{}
	for queue := slices.Clone(roots); len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if applies, known := g.machine.marker(n.Marker); !applies {
			g.unknown = g.unknown || !known
			continue
		}
		p, ok := g.find(n)
		if !ok {
			g.unknown = true
			continue
		}
		for _, extra := range append([]string{""}, n.Extra...) {
			key := p.Name + " " + p.Version + " " + extra
			if seen[key] {
				continue
			}
			seen[key] = true
			if extra == "" {
				queue = append(queue, p.needs...)
			} else {
				queue = append(queue, p.extras[extra]...)
			}
		}
		if key := p.Name + " " + p.Version; !listed[key] && !p.virtual() {
			listed[key] = true
			found = append(found, p.ListedPackage)
		}
	}
	return found
}

// virtual reports whether a package is only a name for its dependencies.
func (p locked) virtual() bool { return p.File == "" }
