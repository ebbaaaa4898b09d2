package manager

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Failure is one way in which a tool fails: how its output shows it, and what to say about it.
type Failure struct {
	ID, What, Fix string
	Marks         []string       // one of them stands in the output, white space folded
	Pattern       *regexp.Regexp // or this; $0, $1 … in What, Why and Fix are its groups
	Why           string         // "": the sentence of the output that begins at one of Evidence
	Evidence      []string
}

// Failures are looked through in their order; the first that fits explains.
type Failures []Failure

// Explain fills in e, which says only that the tool has failed, from the end of the tool's output. {package} is the package that
// could not be built.
func (all Failures) Explain(e fail.Error, output string) *fail.Error {
	folded := strings.Join(strings.Fields(output), " ")
	for _, f := range all {
		groups, fits := f.fits(folded)
		if !fits {
			continue
		}
		e.ID, e.What, e.Why = f.ID, f.What, f.Why
		fix := f.Fix
		if e.Why == "" {
			e.Why = sentence(output, f.Evidence)
		}
		name := "a package"
		if m := builtPackage.FindStringSubmatch(output); m != nil {
			name = m[1] + m[2]
		}
		e.What, e.Why = fillGroups(e.What, groups, show.Value), fillGroups(e.Why, groups, show.Printed)
		fix = fillGroups(fix, groups, show.Word)
		for _, text := range []*string{&e.What, &e.Why, &fix} {
			*text = strings.ReplaceAll(*text, "{package}", show.Name(name))
		}
		e.What, e.Fix = capital(e.What), fail.Text(fix)
		return &e
	}
	return &e
}

// fillGroups replaces the references to groups in a text with the groups of a match.
func fillGroups(text string, groups []string, shown func(string) string) string {
	for i, group := range groups {
		if group != "" {
			group = shown(group)
		}
		text = strings.ReplaceAll(text, fmt.Sprintf("$%d", i), group)
	}
	return text
}

func (f Failure) fits(folded string) (groups []string, ok bool) {
	for _, mark := range f.Marks {
		if strings.Contains(folded, mark) {
			return nil, true
		}
	}
	if f.Pattern != nil {
		groups = f.Pattern.FindStringSubmatch(folded)
	}
	return groups, groups != nil
}

// capital begins a sentence; the name of a package stays as it is.
func capital(text string) string {
	if rest, ok := strings.CutPrefix(text, "a package"); ok {
		return "A package" + rest
	}
	return text
}

// evidenceLines is how much of an output an error repeats: uv's two hashes of a file just fit.
const evidenceLines = 5

// sentence is the part of the output that begins at one of the marks, without empty lines.
func sentence(output string, marks []string) string {
	for _, mark := range marks {
		i := strings.Index(output, mark)
		if i < 0 {
			continue
		}
		var lines []string
		for line := range strings.Lines(output[i:]) {
			if line = strings.TrimRight(line, " \r\n"); strings.Trim(line, " |") != "" && !idle(line) && len(lines) < evidenceLines {
				lines = append(lines, show.Printed(line))
			}
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	return "What the tool says is above."
}

// frame matches a line of Node.js's stack traces.
var frame = regexp.MustCompile(`^(?:npm error )?\s*at .*:\d+:\d+\)?$`)

// idle tells whether a line says nothing, or only where to read on, which may be a file that ends with the build.
func idle(line string) bool {
	text := strings.TrimSpace(line)
	return text == "npm error" || strings.Contains(line, "A complete log of this run") || strings.HasPrefix(line, "info Visit ") ||
		strings.HasPrefix(text, "➤ YN0000") || frame.MatchString(text)
}
