package debian

import (
	"slices"
	"strconv"
	"strings"
)

// IsLaterSeries reports whether a version is of a later upstream release than another one. A later revision of Debian's
// has fixes, and no program requires it. https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
func IsLaterSeries(version, than string) bool {
	return slices.Compare(numbers(version), numbers(than)) > 0
}

// numbers returns the numbers of an upstream version: 2 and 36 for "1:2.36-9+deb12u13".
func numbers(version string) (out []int) {
	_, rest, ok := strings.Cut(version, ":")
	if !ok {
		rest = version
	}
	upstream, _, _ := strings.Cut(rest, "-")
	for part := range strings.SplitSeq(upstream, ".") {
		end := strings.IndexFunc(part+"x", func(r rune) bool { return r < '0' || '9' < r })
		n, _ := strconv.Atoi(part[:end]) // 0 is less than any release
		out = append(out, n)
	}
	return out
}
