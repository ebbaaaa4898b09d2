package manager

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// releases returns which releases are used if the app does not declare one, in order of preference. npm has none, since
// Node.js includes one.
func (d NodeData) releases(arch string) []versions.ManagerRelease {
	return versions.ManagerReleases(string(d.ID), arch)
}

// Release returns the first release for an architecture that reads a lockfile of that format and is in the range. An
// empty format or range allows all.
func (d NodeData) Release(arch, format, want string) (versions.ManagerRelease, bool) {
	for _, r := range d.releases(arch) {
		if (format == "" || slices.Contains(r.Formats, format)) && versions.InRange(r.Version, want) {
			return r, true
		}
	}
	return versions.ManagerRelease{}, false
}
