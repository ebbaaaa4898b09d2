package deps

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/Masterminds/semver/v3"
)

const listed = 5 // versions in an error

var numbers = regexp.MustCompile(`(\d+)(?:\.(\d+))?(?:\.(\d+))?`)

// nearest lists what exists around the wanted version, newest first: of the same minor version if there is any, else of
// the line (Node.js 22), else the newest of each line.
func nearest(known []candidate, w Want) []string {
	var wanted [3]uint64
	named := 0
	for i, text := range numbers.FindStringSubmatch(w.Version) {
		if i == 0 || text == "" {
			continue
		}
		if n, err := strconv.ParseUint(text, 10, 64); err == nil { // one that is too large stays 0: any list will do
			wanted[i-1], named = n, i //nolint:gosec // the pattern has three groups
		}
	}
	var choice []candidate
	line := products[w.ID].line
	for depth := min(named, 2); depth >= line && len(choice) == 0; depth-- {
		choice = sameLine(known, wanted, depth)
	}
	if len(choice) == 0 {
		choice = newestOfEach(known, line)
	}
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

func sameLine(known []candidate, wanted [3]uint64, depth int) []candidate {
	var same []candidate
	for _, c := range known {
		if c.version.Major() == wanted[0] && (depth == 1 || c.version.Minor() == wanted[1]) {
			same = append(same, c)
		}
	}
	return same
}

func newestOfEach(known []candidate, depth int) []candidate {
	var newest []candidate
	met := map[string]bool{}
	for _, c := range known {
		if line := lineOf(c.Version, depth); !met[line] && c.version.Prerelease() == "" {
			met[line] = true
			newest = append(newest, c)
		}
	}
	return newest
}
