package manager

import (
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Failure is one way in which a tool fails: how its output shows it, and what to say about it.
type Failure struct {
	ID, What, Fix string
	Marks         []string // one of them stands in the output, white space folded
	Why           string   // "": the sentence of the output that begins at one of Evidence
	Evidence      []string
}

// Failures are looked through in their order; the first that fits explains.
type Failures []Failure

// Explain fills in e, which says only that the tool has failed, from the end of the tool's output.
func (all Failures) Explain(e fail.Error, output string) *fail.Error {
	folded := strings.Join(strings.Fields(output), " ")
	for _, f := range all {
		for _, mark := range f.Marks {
			if !strings.Contains(folded, mark) {
				continue
			}
			e.ID, e.What, e.Why, e.Fix = f.ID, f.What, f.Why, f.Fix
			if e.Why == "" {
				e.Why = sentence(output, f.Evidence)
			}
			return &e
		}
	}
	return &e
}

// sentence is the part of the output that begins at one of the marks, at most four lines of it.
func sentence(output string, marks []string) string {
	for _, mark := range marks {
		if i := strings.Index(output, mark); i >= 0 {
			lines := strings.SplitN(output[i:], "\n", 5)
			return strings.TrimSpace(strings.Join(slices.DeleteFunc(lines[:min(4, len(lines))], idle), "\n"))
		}
	}
	return "What the tool says is above."
}

// idle tells whether a line only says where to read on, which may be a file that ends with the build.
func idle(line string) bool {
	return strings.Contains(line, "A complete log of this run") || strings.HasPrefix(line, "info Visit ")
}
