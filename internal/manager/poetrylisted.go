package manager

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// poetryPackage has the fields of a package in poetry.lock that say whether it is installed. Poetry 1 wrote a category,
// Poetry 2 writes groups. https://python-poetry.org/docs/managing-dependencies/#dependency-groups
type poetryPackage struct {
	Name, Version, Category string
	Optional                bool
	Groups                  []string
	Markers                 any // a text, or one for each group
	Files                   []struct{ File string }
}

// Packages returns the packages of the groups that are wanted. Some versions of Poetry 1 wrote neither category nor
// groups, so nothing is known.
func (poetryManager) Packages(src Source, w Wanted, on Machine) Listed {
	text, ok := src.Text("poetry.lock")
	var lock struct{ Package []poetryPackage }
	if !ok || len(text) > maxListed {
		return Listed{}
	}
	if _, err := limits.DecodeTOML(text, &lock); err != nil {
		return Listed{} // Read reports what is wrong with it
	}
	groups := append([]string{"main"}, w.Groups...)
	var found []ListedPackage
	complete := true
	for _, p := range lock.Package {
		if len(p.Groups) == 0 && p.Category == "" {
			return Listed{}
		}
		isOther := func(group string) bool { return !slices.Contains(groups, group) }
		in := slices.DeleteFunc(append(p.Groups, p.Category), isOther)
		applies, known := poetryMarkers(p.Markers, in, on)
		complete = complete && known
		switch {
		case len(in) == 0 || !applies:
		case p.Optional: // which of the extras has it is not in the lockfile
			complete = complete && len(w.Extras) == 0
		default:
			found = append(found, p.listed(on))
		}
	}
	return listedIn(found, complete)
}

// listed returns the package as a list has it.
func (p poetryPackage) listed(on Machine) ListedPackage {
	var wheels []string
	for _, file := range p.Files {
		wheels = append(wheels, file.File)
	}
	return ListedPackage{Normal(p.Name), p.Version, "poetry.lock", on.wheels(wheels), ""}
}

// poetryMarkers reports whether the markers of a package apply to one of the groups.
func poetryMarkers(markers any, groups []string, on Machine) (applies, known bool) {
	table, perGroup := markers.(map[string]any)
	if !perGroup {
		text, _ := markers.(string)
		return on.marker(text)
	}
	known = true
	for _, group := range groups {
		text, _ := table[group].(string)
		met, understood := on.marker(text)
		applies, known = applies || met, known && understood
	}
	return applies, known
}
