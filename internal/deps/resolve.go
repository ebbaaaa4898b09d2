package deps

import (
	"cmp"
	"fmt"
	"regexp"
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
}

// candidate is an entry with its version parsed.
type candidate struct {
	Entry
	version *semver.Version
}

// Resolve finds the newest archive that fits. Errors of the user's are *fail.Error: version/malformed, version/unknown
// (with the nearest that exist) and version/architecture.
func (inv Inventory) Resolve(w Want) (libpak.BuildModuleDependency, error) {
	if _, ok := products[w.ID]; !ok {
		return libpak.BuildModuleDependency{}, fmt.Errorf("resolve %q: not a dependency that is known", w.ID)
	}
	accepts, err := constraint(w.ID, w.Version)
	if err != nil {
		return libpak.BuildModuleDependency{}, w.malformed(err)
	}
	known, err := inv.candidates(w.ID, w.Arch)
	if err != nil {
		return libpak.BuildModuleDependency{}, err
	}
	if len(known) == 0 {
		return libpak.BuildModuleDependency{}, w.noArchive(inv)
	}
	for _, c := range known {
		if accepts(c.version) {
			return c.dependency()
		}
	}
	if err := w.tooOld(known); err != nil {
		return libpak.BuildModuleDependency{}, err
	}
	return libpak.BuildModuleDependency{}, w.unknown(nearest(known, w))
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

// constraint says which versions of a dependency a wanted one accepts. This is the one place that knows how versions are
// written: what npm or Python (PEP 440) write in other ways, and aliases, belong here.
func constraint(id, want string) (func(*semver.Version) bool, error) {
	want = strings.TrimSpace(want)
	if id == "cpython" {
		want = strings.TrimPrefix(want, "python-") // runtime.txt: python-3.12.1
	}
	if exact, err := parse(strings.TrimPrefix(want, "v")); err == nil {
		return exact.Equal, nil
	}
	if want == "" {
		want = "*"
	}
	ranges, err := semver.NewConstraint(want)
	if err != nil {
		return nil, err
	}
	return func(v *semver.Version) bool { return v.Prerelease() == "" && ranges.Check(v) }, nil
}

// pythonPrerelease matches Python's way of writing one (PEP 440); semver wants a hyphen.
var pythonPrerelease = regexp.MustCompile(`^(\d+\.\d+\.\d+)(a|b|rc)(\d+)$`)

// parse reads a whole version, three numbers and perhaps a prerelease.
func parse(version string) (*semver.Version, error) {
	return semver.StrictNewVersion(pythonPrerelease.ReplaceAllString(version, "$1-$2.$3"))
}
