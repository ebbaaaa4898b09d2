package diagnose

import (
	"cmp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// mostQuoted is how many lines of an output an error repeats: uv's two hashes of a file just fit.
const mostQuoted = 5

// mostLast is how many lines of a hook's output an error repeats.
const mostLast = 10

// sentence returns the part of the output that begins at the first of the marks that the output has. It is whole lines,
// without the tool's prefix and its advice.
func (k *knowledge) sentence(output string, marks []string) string {
	for _, mark := range marks {
		i := strings.Index(output, mark)
		if i < 0 {
			continue
		}
		var lines []string
		for line := range strings.Lines(output[i:]) {
			line = k.Prefix.ReplaceAllString(strings.TrimRight(line, " \r\n"), "")
			if len(lines) > 0 && k.Advice.MatchString(line) || len(lines) == mostQuoted {
				break
			}
			if strings.Trim(line, " |") != "" && !k.isIdle(line) {
				lines = append(lines, show.Printed(line))
			}
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	return "What the tool says is above."
}

// ending returns the last lines of an output that are not empty.
func ending(output string) string {
	var all []string
	for line := range strings.Lines(output) {
		if strings.TrimSpace(line) != "" {
			all = append(all, show.Printed(strings.TrimRight(line, " \r\n")))
		}
	}
	return strings.Join(all[max(0, len(all)-mostLast):], "\n")
}

// isIdle reports whether a line has no information, or only names a log file, which may not exist after the build.
func (k *knowledge) isIdle(line string) bool {
	text := strings.TrimSpace(line)
	return strings.Contains(line, "A complete log of this run") || strings.HasPrefix(line, "info Visit ") ||
		k.NodeFrame.MatchString(text)
}

// unnamed replaces the name of a package that is not known.
const unnamed = "a package"

// builtPackage returns the package that could not be built, or unnamed.
func (k *knowledge) builtPackage(output string) string {
	return cmp.Or(firstGroup(k.Built, output), unnamed)
}

// probeNotFound finds the {wanted} package of Node.js that a registry does not have. Its cases are named and unnamed.
func probeNotFound(f *failure) (string, Vars) {
	for _, pattern := range f.known.NotFound {
		if name := firstGroup(pattern, f.folded); name != "" {
			return "named", Vars{"wanted": name}
		}
	}
	return "unnamed", nil
}
