package main

import (
	"fmt"
	"regexp"
	"strings"
)

// requirement matches a pinned requirement with its digests, as uv writes it. There is nothing else in such a file:
// no URL, no option and no requirement without a digest.
var requirement = regexp.MustCompile(`^([a-z0-9][a-z0-9._-]*)==[a-zA-Z0-9.!+]+(?: ; [^\\\n:]+)?` +
	`(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n`)

// checkRequirements returns an error if text is not a list of pinned requirements that has the tool.
func checkRequirements(command, tool, text string) error {
	found := false
	for rest := text; rest != ""; {
		m := requirement.FindStringSubmatch(rest)
		if m == nil {
			line, _, _ := strings.Cut(rest, "\n")
			return fmt.Errorf("%s: %q is not a requirement with its digests", command, line)
		}
		found, rest = found || m[1] == tool, rest[len(m[0]):]
	}
	if !found {
		return fmt.Errorf("%s: there is no %s", command, tool)
	}
	return nil
}
