package versions

import (
	"slices"
	"strconv"
	"strings"

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

// IsNumber reports whether text is a decimal number without a sign.
func IsNumber(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// Major returns the lowest major version that a range allows, as far as its beginning tells. ok is false if the range
// does not begin with a number, as one that only excludes versions.
func Major(want string) (major int, ok bool) {
	want = strings.TrimLeft(want, "^~>=v \t\r\n\f")
	end := strings.IndexFunc(want+".", func(r rune) bool { return r < '0' || r > '9' })
	major, err := strconv.Atoi(want[:end])
	return major, err == nil
}
