package diagnose

import (
	"cmp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// mostQuoted is how many lines of an output an error repeats: uv's two hashes of a file just fit.
const mostQuoted = 5

// sentence returns the part of the output that begins at the first of the marks that is there, without empty lines.
func (k *knowledge) sentence(output string, marks []string) string {
	for _, mark := range marks {
		i := strings.Index(output, mark)
		if i < 0 {
			continue
		}
		var lines []string
		for line := range strings.Lines(output[i:]) {
			line = strings.TrimRight(line, " \r\n")
			if strings.Trim(line, " |") != "" && !k.isIdle(line) && len(lines) < mostQuoted {
				lines = append(lines, show.Printed(line))
			}
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	return "What the tool says is above."
}

// isIdle reports whether a line says nothing, or only where to read on, which may be a file that is gone after the
// build.
func (k *knowledge) isIdle(line string) bool {
	text := strings.TrimSpace(line)
	return text == "npm error" || strings.Contains(line, "A complete log of this run") ||
		strings.HasPrefix(line, "info Visit ") || strings.HasPrefix(text, "➤ YN0000") || k.NodeFrame.MatchString(text)
}

// unnamed replaces the name of a package that is not known.
const unnamed = "a package"

// builtPackage returns the package that could not be built, or unnamed.
func (k *knowledge) builtPackage(output string) string {
	return cmp.Or(firstGroup(k.Built, output), unnamed)
}
