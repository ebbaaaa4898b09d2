package manager

import (
	"github.com/tandem-cnb/tandem/internal/limits"
)

// uvPackages has the fields of a lockfile that list packages.
// https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile
type uvPackages struct {
	Package []struct {
		Name, Version string
		Source        struct{ Virtual, Editable, Directory string }
		Dependencies  []need
		Optional      map[string][]need `toml:"optional-dependencies"`
		Dev           map[string][]need `toml:"dev-dependencies"`
		Wheels        []struct{ URL, Filename, Path string }
	}
}

// Packages returns the packages that the project needs, with extras and groups that are wanted.
func (uvManager) Packages(src Source, w Wanted, on Machine) Listed {
	text, ok := src.Text("uv.lock")
	var lock uvPackages
	if !ok || len(text) > maxListed {
		return Listed{}
	}
	if _, err := limits.DecodeTOML(text, &lock); err != nil {
		return Listed{} // Read reports what is wrong with it
	}
	g := lockGraph{packages: map[string][]locked{}, machine: on}
	return listedIn(g.reach(lock.addTo(&g, w)), !g.unknown)
}

// addTo adds the packages of a lockfile to a graph, and returns what the project or the wanted member needs.
func (lock uvPackages) addTo(g *lockGraph, w Wanted) (roots []need) {
	for _, p := range lock.Package {
		name := Normal(p.Name)
		one := locked{ListedPackage{Name: name, Version: p.Version, File: "uv.lock"}, p.Dependencies, p.Optional}
		if p.Source.Virtual != "" {
			one.File = ""
		}
		var wheels []string
		for _, wheel := range p.Wheels {
			wheels = append(wheels, wheel.URL+wheel.Filename+wheel.Path)
		}
		one.Wheels = g.machine.wheels(wheels)
		g.packages[name] = append(g.packages[name], one)
		isRoot := w.Package != "" && name == Normal(w.Package) ||
			w.Package == "" && (p.Source.Virtual == "." || p.Source.Editable == "." || p.Source.Directory == ".")
		if isRoot {
			roots = append(roots, need{Name: name, Extra: w.Extras})
			for _, group := range w.Groups {
				roots = append(roots, p.Dev[group]...)
			}
		}
	}
	return roots
}
