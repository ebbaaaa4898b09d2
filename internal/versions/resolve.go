package versions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Chosen is the release that was chosen for an Ask.
type Chosen struct {
	Release        // only ID and Version if another buildpack installed it
	Series  string // "3.13" or "24"
	Why     string // the sources that decided, in words of the log
}

// String returns the log's line: "Node.js 24.21.0, from engines.node in package.json".
func (c Chosen) String() string {
	return fmt.Sprintf("%s %s, from %s", c.ID.Name(), c.Version, c.Why)
}

// Adopted returns the release of a runtime that another buildpack has installed.
func Adopted(id ID, version, buildpack string) Chosen {
	return Chosen{Release: Release{ID: id, Version: version}, Series: id.Series(version), Why: buildpack}
}

// candidate is a release with its version parsed.
type candidate struct {
	Release
	version *semver.Version
}

// Choose returns the latest release for arch that satisfies all requests. If none of them ends the range, the first
// preferred series with such a release wins. Errors of the user's are *fail.Error: version/malformed, version/unknown
// (with the nearest releases), version/too-old, version/contradiction and version/architecture.
func (inv Inventory) Choose(a Ask, arch string) (Chosen, error) {
	if _, ok := runtimes[a.ID]; !ok {
		return Chosen{}, fmt.Errorf("resolve %q: not a dependency that is known", a.ID)
	}
	known, err := inv.candidates(a.ID, arch)
	if err != nil {
		return Chosen{}, err
	}
	fit, open, err := a.fitting(known, func() error { return inv.noArchive(a.ID, arch) })
	if err != nil {
		return Chosen{}, err
	}
	chosen, decided := fit[0], ""
	if open {
		chosen, decided = a.preferred(fit)
	}
	return Chosen{chosen.Release, a.ID.Series(chosen.Version), a.why(decided)}, nil
}

// Latest returns the version of the latest release of the series of c, except prereleases. It is the version of c if
// there is none.
func (inv Inventory) Latest(c Chosen, arch string) string {
	known, err := inv.candidates(c.ID, arch)
	if err != nil {
		return c.Version // a wrong inventory ends the choice of a release
	}
	for _, each := range known {
		if c.ID.Series(each.Version) == c.Series && each.version.Prerelease() == "" {
			return each.Version
		}
	}
	return c.Version
}

// fitting returns those of known that satisfy all requests, at least one, latest first. open says that no request ends
// the range. If nothing is known the error is that of none: a request that is not valid comes first.
func (a Ask) fitting(known []candidate, none func() error) (fit []candidate, open bool, err error) {
	fit, open = known, true
	for _, each := range a.Requests() {
		within, err := parseConstraint(a.ID, each.Want)
		if err != nil {
			return nil, false, each.malformed(a.ID, err)
		}
		if len(known) == 0 {
			return nil, false, none()
		}
		accepted := func(c candidate) bool { return within.accepts(c.version) }
		if !slices.ContainsFunc(known, accepted) {
			return nil, false, a.absent(each, known)
		}
		if fit, open = filter(fit, accepted), open && within.open; len(fit) == 0 {
			return nil, false, a.contradiction(known)
		}
	}
	return fit, open, nil
}

// preferred returns the latest of the first preferred series that has a candidate, and that series; the latest of all
// and "" if no such series has any.
func (a Ask) preferred(fit []candidate) (chosen candidate, series string) {
	for _, series := range a.Prefer {
		within, err := parseConstraint(a.ID, series)
		if err != nil {
			continue // the series of an earlier version's build: a preference, nothing that a user wrote
		}
		if i := slices.IndexFunc(fit, func(c candidate) bool { return within.accepts(c.version) }); i >= 0 {
			return fit[i], series
		}
	}
	return fit[0], ""
}

// why lists the sources that decided. A range does not explain a version on its own, so it is shown next to its source.
func (a Ask) why(series string) string {
	text := a.First.Source
	if len(a.Within) > 0 || series != "" {
		text += " (" + show.Value(a.First.Want) + ")"
	}
	for _, also := range a.Within {
		text += fmt.Sprintf(" and %s (%s)", also.Source, show.Value(also.Want))
	}
	switch series {
	case "":
		return text
	case a.ID.DefaultSeries():
		return text + ", default series"
	}
	return text + ", the series of the last build"
}

// filter returns the accepted releases, in their order.
func filter(all []candidate, accepted func(candidate) bool) (some []candidate) {
	for _, c := range all {
		if accepted(c) {
			some = append(some, c)
		}
	}
	return some
}

// candidates returns the releases of one runtime for one architecture, latest first, of each version the latest build.
func (inv Inventory) candidates(id ID, arch string) ([]candidate, error) {
	var known []candidate
	for _, r := range inv {
		if r.ID != id || r.Arch != arch {
			continue
		}
		version, err := Parse(r.Version)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", r.ID, r.Version, err)
		}
		known = append(known, candidate{r, version})
	}
	slices.SortStableFunc(known, func(a, b candidate) int {
		return cmp.Or(b.version.Compare(a.version), strings.Compare(b.Build, a.Build))
	})
	known = slices.CompactFunc(known, func(a, b candidate) bool { return a.version.Equal(b.version) })
	return known, nil
}
