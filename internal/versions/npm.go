package versions

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/Masterminds/semver/v3"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// InRange reports whether the version of a Node package manager is in a range of npm's. An empty range has every
// version.
func InRange(version, want string) bool {
	if want == "" || want == "latest" {
		return true
	}
	v, err := semver.NewVersion(version)
	if err != nil || limits.Version(want) != nil {
		return false
	}
	ranges, err := npmRange(want)
	return err == nil && slices.ContainsFunc(ranges, func(r *semver.Constraints) bool { return r.Check(v) })
}

// number matches the first number of a version or a range that does not only exclude versions.
var number = regexp.MustCompile(`^[\s^~>=v]*(\d+)`)

// Major returns the lowest major version that a range allows, as far as its beginning tells.
func Major(want string) (major int, ok bool) {
	m := number.FindStringSubmatch(want)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}
