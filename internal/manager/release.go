package manager

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Release is the one of the table that reads a lock of that format and is in the range; either may be "".
func (n Node) Release(format, versions string) (Release, bool) {
	for _, r := range n.Releases {
		if (format == "" || slices.Contains(r.Formats, format)) && Fits(r.Version, versions) {
			return r, true
		}
	}
	return Release{}, false
}

// Fits tells whether a version is in a range of npm's; "" is every version.
func Fits(version, versions string) bool {
	if versions == "" || versions == "latest" {
		return true
	}
	v, err := semver.NewVersion(version)
	if err != nil || limits.Version(versions) != nil {
		return false
	}
	c, err := semver.NewConstraint(versions)
	return err == nil && c.Check(v)
}

// number is the first one of a version or a range that does not only say what is excluded.
var number = regexp.MustCompile(`^[\s^~>=v]*(\d+)`)

// major is the lowest major version that a range allows, as far as its beginning says so.
func major(versions string) (int, bool) {
	m := number.FindStringSubmatch(versions)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}
