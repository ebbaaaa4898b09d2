package diagnose

import (
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// mostQuoted is how many lines of an output an error repeats: uv's two hashes of a file just fit.
const mostQuoted = 5

// sentence returns the part of the output that begins at the first of the marks that is there, without empty lines.
func sentence(output string, marks []string) string {
	for _, mark := range marks {
		i := strings.Index(output, mark)
		if i < 0 {
			continue
		}
		var lines []string
		for line := range strings.Lines(output[i:]) {
			line = strings.TrimRight(line, " \r\n")
			if strings.Trim(line, " |") != "" && !isIdle(line) && len(lines) < mostQuoted {
				lines = append(lines, show.Printed(line))
			}
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	return "What the tool says is above."
}

// nodeFrame matches a line of a stack trace of Node.js.
var nodeFrame = regexp.MustCompile(`^(?:npm error )?\s*at .*:\d+:\d+\)?$`)

// isIdle reports whether a line says nothing, or only where to read on, which may be a file that is gone after the
// build.
func isIdle(line string) bool {
	text := strings.TrimSpace(line)
	return text == "npm error" || strings.Contains(line, "A complete log of this run") ||
		strings.HasPrefix(line, "info Visit ") || strings.HasPrefix(text, "➤ YN0000") || nodeFrame.MatchString(text)
}

// built matches the package that a tool could not build: of uv, pip and Poetry, and of npm.
var built = regexp.MustCompile("(?:Failed to (?:build|download and build|download) [`']|Failed building wheel for |" +
	"Hash mismatch for `|one of the following issues with )([A-Za-z0-9._-]+)" +
	`|(?:npm error path|gyp ERR! cwd) \S*/node_modules/((?:@[^/\s]+/)?[^/\s]+)`)

// unnamed stands for the name of a package that is not known.
const unnamed = "a package"

func builtPackage(output string) string {
	if m := built.FindStringSubmatch(output); m != nil {
		return m[1] + m[2]
	}
	return unnamed
}
