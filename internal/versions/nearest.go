package versions

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/Masterminds/semver/v3"
)

const listed = 5 // versions in an error

// numbers matches the first one to three numbers of a version or a range.
var numbers = regexp.MustCompile(`(\d+)(?:\.(\d+))?(?:\.(\d+))?`)

// nearest lists the releases around the wanted version, latest first. They are of the same minor version if there is
// any. Otherwise they are of the same major version if a series is one (Node.js 22), and else the latest of each
// series.
func nearest(id ID, known []candidate, want string) []string {
	wanted, named := numbersOf(want)
	var choice []candidate
	digits := runtimes[id].digits
	for depth := min(named, 2); depth >= digits && len(choice) == 0; depth-- {
		choice = sameSeries(known, wanted, depth)
	}
	if len(choice) == 0 {
		choice = latestOfEach(id, known)
	}
	// The releases before and after the wanted version are shown, as many as there are.
	target := semver.New(wanted[0], wanted[1], wanted[2], "", "")
	below := slices.IndexFunc(choice, func(c candidate) bool { return c.version.LessThan(target) })
	if below < 0 || named == 0 {
		below = len(choice) * min(named, 1)
	}
	start := max(0, min(below-listed/2, len(choice)-listed))
	var names []string
	for _, c := range choice[start:min(start+listed, len(choice))] {
		names = append(names, c.Version)
	}
	return names
}

// numbersOf returns the first numbers in want, and how many of the three want has.
func numbersOf(want string) (wanted [3]uint64, named int) {
	for i, text := range numbers.FindStringSubmatch(want) {
		if i == 0 || text == "" {
			continue
		}
		if n, err := strconv.ParseUint(text, 10, 64); err == nil { // one that is too large stays 0: any list will do
			wanted[i-1], named = n, i //nolint:gosec // the pattern has three groups
		}
	}
	return wanted, named
}

// sameSeries returns the releases with the wanted major version and, at depth 2, the minor version.
func sameSeries(known []candidate, wanted [3]uint64, depth int) []candidate {
	return filter(known, func(c candidate) bool {
		return c.version.Major() == wanted[0] && (depth == 1 || c.version.Minor() == wanted[1])
	})
}

// latestOfEach returns the latest release of each series, without prereleases.
func latestOfEach(id ID, known []candidate) []candidate {
	met := map[string]bool{}
	return filter(known, func(c candidate) bool {
		series := id.Series(c.Version)
		if met[series] || c.version.Prerelease() != "" {
			return false
		}
		met[series] = true
		return true
	})
}
