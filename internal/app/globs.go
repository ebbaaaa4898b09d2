package app

import (
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxSteps bounds what the workspaces of a package cost: letters of patterns times letters of names. It is about a
// second.
const maxSteps = 256 << 20

// globs is a list of directory patterns.
type globs []glob

// glob is one pattern. A negative one excludes directories that patterns before it include.
type glob struct {
	pattern  string
	negative bool
}

// globsOf compiles patterns, except those that nothing can match.
func globsOf(patterns []string) (all globs) {
	for _, pattern := range patterns {
		pattern, negative := strings.CutPrefix(pattern, "!")
		pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
		if doublestar.ValidatePattern(pattern) {
			all = append(all, glob{pattern, negative})
		}
	}
	return all
}

// match reports whether the last pattern that matches a name is not a negative one.
func (all globs) match(name string) (in bool) {
	for _, g := range all {
		if in == g.negative && doublestar.MatchUnvalidated(g.pattern, name) {
			in = !g.negative
		}
	}
	return in
}

// letters returns the number of characters in all patterns. match takes at most that many steps for each character of a
// name.
func (all globs) letters() (n int) {
	for _, g := range all {
		n += len(g.pattern) + 1
	}
	return n
}
