// Package similar finds the names that a user may have meant. It does not know what they name.
package similar

import (
	"cmp"
	"slices"
	"strings"
)

// Distance returns how many characters must be inserted, deleted or replaced to turn a into b (Levenshtein).
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal, row[j+1] = row[j+1], min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Names returns at most three names that a user may have meant by a misspelled one, the most similar first. They differ
// in no more than two characters, or in a number only: libpoppler126 and libpoppler147.
func Names(name string, names []string) []string {
	near := map[string]int{}
	for _, other := range names {
		far := abs(len(name) - len(other))
		if stem(name) == stem(other) {
			near[other] = min(far, 2)
		}
		if d := limited(name, other, far); d <= min(2, len(name)/4) {
			near[other] = d
		}
	}
	var found []string
	for other := range near {
		found = append(found, other)
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Or(near[a]-near[b], strings.Compare(a, b)) })
	return found[:min(3, len(found))]
}

// limited returns the distance of two names, or how much their lengths differ, far, if that is more than two.
func limited(a, b string, far int) int {
	if far > 2 {
		return far
	}
	return Distance(a, b)
}

func abs(n int) int { return max(n, -n) }

// stem returns a name without its numbers and without the mark of Debian's change of time_t:
// https://wiki.debian.org/ReleaseGoals/64bit-time
func stem(name string) string {
	name = strings.TrimSuffix(name, "t64")
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || r == '.' {
			return -1
		}
		return r
	}, name)
}
