package deps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/paketo-buildpacks/libpak/v2"
)

// Want is a version that somebody asked for.
type Want struct {
	ID      string // "node", "cpython" or "uv"
	Version string // exact, a line, a range; "" or "*" for the newest
	Source  string // where it was written, "engines.node in package.json"; "" for our own default
	Arch    string // "amd64" or "arm64"

	Within   []Bound  // what others say: the version must fit it too
	Prefer   []string // the lines to look in first when nothing ends the range
	Variable string   // what decides over all of them, for the text of an error
}

// Bound is a range and where it was written.
type Bound struct{ Version, Source string }

// candidate is an entry with its version parsed.
type candidate struct {
	Entry
	version *semver.Version
}

// Resolve finds the newest archive that fits. Errors of the user's are *fail.Error: version/malformed, version/unknown
// (with the nearest that exist), version/contradiction and version/architecture.
func (inv Inventory) Resolve(w Want) (libpak.BuildModuleDependency, error) {
	dependency, _, err := inv.Choose(w)
	return dependency, err
}

// Choose is Resolve, and says which line of w.Prefer has decided; "": none.
func (inv Inventory) Choose(w Want) (dependency libpak.BuildModuleDependency, line string, err error) {
	if _, ok := products[w.ID]; !ok {
		return dependency, "", fmt.Errorf("resolve %q: not a dependency that is known", w.ID)
	}
	known, err := inv.candidates(w.ID, w.Arch)
	if err != nil {
		return dependency, "", err
	}
	fit, open, err := inv.fitting(known, w)
	if err != nil {
		return dependency, "", err
	}
	chosen := fit[0]
	if open {
		if better, of, ok := preferred(fit, w); ok {
			chosen, line = better, of
		}
	}
	dependency, err = chosen.dependency()
	return dependency, line, err
}

// fitting are those that all accept, at least one, newest first; open when nobody ends the range.
func (inv Inventory) fitting(known []candidate, w Want) (fit []candidate, open bool, err error) {
	fit, open = known, true
	for _, each := range w.each() {
		within, err := constraint(w.ID, each.Version)
		if err != nil {
			return nil, false, each.malformed(err)
		}
		if len(known) == 0 {
			return nil, false, w.noArchive(inv)
		}
		accepted := func(c candidate) bool { return within.accepts(c.version) }
		if !slices.ContainsFunc(known, accepted) {
			return nil, false, each.absent(known)
		}
		if fit, open = filter(fit, accepted), open && within.open; len(fit) == 0 {
			return nil, false, w.contradiction()
		}
	}
	return fit, open, nil
}

// each is what every source wants by itself.
func (w Want) each() []Want {
	all := []Want{{ID: w.ID, Version: w.Version, Source: w.Source}}
	for _, bound := range w.Within {
		all = append(all, Want{ID: w.ID, Version: bound.Version, Source: bound.Source})
	}
	return all
}

// preferred is the newest of the first line of w.Prefer that has any.
func preferred(fit []candidate, w Want) (candidate, string, bool) {
	for _, line := range w.Prefer {
		within, err := constraint(w.ID, line)
		if err != nil {
			continue // the line of an earlier version's build: a wish, nothing that a user wrote
		}
		if i := slices.IndexFunc(fit, func(c candidate) bool { return within.accepts(c.version) }); i >= 0 {
			return fit[i], line, true
		}
	}
	return candidate{}, "", false
}

func filter(all []candidate, accepted func(candidate) bool) (some []candidate) {
	for _, c := range all {
		if accepted(c) {
			some = append(some, c)
		}
	}
	return some
}

// candidates are the entries of one dependency for one architecture, newest first, of each version the newest build.
func (inv Inventory) candidates(id, arch string) ([]candidate, error) {
	var known []candidate
	for _, e := range inv {
		if e.ID != id || e.Arch != arch {
			continue
		}
		version, err := parse(e.Version)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", e.ID, e.Version, err)
		}
		known = append(known, candidate{e, version})
	}
	slices.SortStableFunc(known, func(a, b candidate) int {
		return cmp.Or(b.version.Compare(a.version), strings.Compare(b.Build, a.Build))
	})
	known = slices.CompactFunc(known, func(a, b candidate) bool { return a.version.Equal(b.version) })
	return known, nil
}
