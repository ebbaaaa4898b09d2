package deps

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/tandem-cnb/tandem/internal/fail"
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
			wanted[i-1], named = n, i
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
		if line := strings.Join(strings.Split(c.Version, ".")[:depth], "."); !met[line] && c.version.Prerelease() == "" {
			met[line] = true
			newest = append(newest, c)
		}
	}
	return newest
}

func (w Want) malformed(cause error) error {
	return &fail.Error{
		ID:   "version/malformed",
		What: fmt.Sprintf("%q is not a version of %s", w.Version, products[w.ID].name),
		Why:  w.source() + "These are understood: " + examples(w.ID),
		Fix:  "Write the version in one of these ways.",
		Err:  cause,
	}
}

func (w Want) unknown(nearest []string) error {
	line := "3.13"
	if w.ID == "node" {
		line = "24"
	}
	return &fail.Error{
		ID:   "version/unknown",
		What: fmt.Sprintf("No known version of %s is %q", products[w.ID].name, w.Version),
		Why:  w.source() + "The nearest that exist: " + strings.Join(nearest, ", "),
		Fix: "Ask for one of these, or for a line: " + line + " is the newest of " + line + ".\n" +
			"A version that is newer than this buildpack needs a newer buildpack.",
	}
}

func (w Want) noArchive(inv Inventory) error {
	found := map[string]bool{}
	for _, e := range inv {
		if e.ID == w.ID {
			found[e.Arch] = true
		}
	}
	return &fail.Error{
		ID:   "version/architecture",
		What: fmt.Sprintf("There is no %s for the architecture %q", products[w.ID].name, w.Arch),
		Why:  "The buildpack's inventory has it for: " + strings.Join(slices.Sorted(maps.Keys(found)), ", "),
		Fix:  "Build for another architecture: pack build --platform linux/amd64",
	}
}

func (w Want) source() string {
	if w.Source == "" {
		return ""
	}
	return "It comes from " + w.Source + ".\n"
}

func examples(id string) string {
	if id == "node" {
		return "22.14.0, 22, 22.x, ^22.1,\n>=20 <23, 20 || 22, and * for the newest."
	}
	return "3.12.1, 3.12, 3.12.x,\n>=3.11, <3.13, and * for the newest."
}
