package manager

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/versions"
)

// Release returns the first release that reads a lockfile of that format and is in the range. An empty format or range
// allows all.
func (d NodeData) Release(format, want string) (versions.ManagerRelease, bool) {
	for _, r := range d.Releases {
		if (format == "" || slices.Contains(r.Formats, format)) && versions.InRange(r.Version, want) {
			return r, true
		}
	}
	return versions.ManagerRelease{}, false
}
