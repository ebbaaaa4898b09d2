package build

import "regexp"

// built is uv's line for a package without a wheel: it was made here from its sources.
var built = regexp.MustCompile(`(?m)^\s*Built (\S+)`)

// compiledByUV finds the packages in uv's output.
func compiledByUV(output string) (names []string) {
	for _, m := range built.FindAllStringSubmatch(output, -1) {
		names = append(names, m[1])
	}
	return names
}
