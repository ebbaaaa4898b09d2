package manager

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// pyproject has the fields of pyproject.toml that the managers need.
// https://packaging.python.org/en/latest/specifications/pyproject-toml/
type pyproject struct {
	Project struct {
		Name         string
		Optional     map[string]any `toml:"optional-dependencies"`
		Dependencies []string
		Dynamic      []string
	}
	Build  buildSystem    `toml:"build-system"`
	Groups map[string]any `toml:"dependency-groups"`
	Tool   struct {
		UV           map[string]any
		Poetry       *poetryProject
		Setuptools   struct{ Dynamic map[string]any }
		PDM          pdmProject
		Versioningit map[string]any
	}
}

// buildSystem names the program that builds the project as a package. A project without it is not a package to uv.
// https://docs.astral.sh/uv/concepts/projects/config/#build-systems
type buildSystem struct {
	Backend  string `toml:"build-backend"`
	Requires []string
}

func (b buildSystem) exists() bool { return b.Backend != "" || b.Requires != nil }

// readPyproject returns an empty one if there is none, or if it cannot be read: package app reports that.
func readPyproject(src Source) pyproject { return pyprojectIn(src, ".") }

// pyprojectIn is like readPyproject, for the directory dir, relative to the manager's.
func pyprojectIn(src Source, dir string) (p pyproject) {
	text, _ := src.Text(path.Join(dir, "pyproject.toml"))
	if _, err := limits.DecodeTOML(text, &p); err != nil {
		return pyproject{}
	}
	return p
}

// extras returns the names of the optional dependencies, sorted.
func (p pyproject) extras() []string { return slices.Sorted(maps.Keys(p.Project.Optional)) }

// groups returns the names of the dependency groups and of more, sorted, each once.
// https://packaging.python.org/en/latest/specifications/dependency-groups/
func (p pyproject) groups(more []string) []string {
	all := append(slices.Collect(maps.Keys(p.Groups)), more...)
	slices.Sort(all)
	return slices.Compact(all)
}

// PackagesBy are the normal names of the packages that pyproject.toml lists: those of each installation, and by the
// names of extras and groups.
type PackagesBy struct {
	Main           []string
	Extras, Groups map[string][]string
}

// packagesBy returns what the tables of the project list. more has groups of a manager's own.
func (p pyproject) packagesBy(more map[string]any) PackagesBy {
	all := PackagesBy{Extras: map[string][]string{}, Groups: map[string][]string{}}
	for _, line := range p.Project.Dependencies {
		if found, _, _ := requirement(line, Machine{}); found.Name != "" {
			all.Main = append(all.Main, found.Name)
		}
	}
	for _, part := range []struct {
		from map[string]any
		into map[string][]string
	}{{p.Project.Optional, all.Extras}, {p.Groups, all.Groups}, {more, all.Groups}} {
		for name, list := range part.from {
			part.into[name] = append(part.into[name], listedNames(list)...)
		}
	}
	return all
}

// listedNames returns the packages of a list of requirements, or of a table of Poetry that has them as keys.
func listedNames(list any) (names []string) {
	lines, _ := list.([]any)
	for _, line := range lines {
		text, _ := line.(string) // a group may include another one by a table
		if found, _, _ := requirement(text, Machine{}); found.Name != "" {
			names = append(names, found.Name)
		}
	}
	table, _ := list.(map[string]any)
	packages, _ := table["dependencies"].(map[string]any)
	for name := range packages {
		names = append(names, Normal(name))
	}
	slices.Sort(names)
	return names
}

// separators matches what a normal name has one dash for.
var separators = regexp.MustCompile(`[-_.]+`)

// Normal returns a name in the form in which packages, extras and groups are compared.
// https://packaging.python.org/en/latest/specifications/name-normalization/
func Normal(name string) string { return strings.ToLower(separators.ReplaceAllString(name, "-")) }

// Legal reports whether name is one of the names.
func Legal(name string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return Normal(n) == Normal(name) })
}
