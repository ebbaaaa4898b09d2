package steps

import (
	"bytes"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
)

// watcher keeps the lines of an output that may be about a missing program or file.
type watcher struct {
	lines []string
	rest  []byte // of a line that is not complete
}

// The numbers of lines, and of bytes of a line, that a watcher keeps.
const (
	mostWatched = 20
	longestLine = 2000
)

// Write implements io.Writer. It never fails.
func (w *watcher) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		w.rest = append(w.rest, line[:min(len(line), max(0, longestLine-len(w.rest)))]...)
		if line[len(line)-1] == '\n' {
			w.end()
		}
	}
	return len(p), nil
}

// end ends a line.
func (w *watcher) end() {
	line := strings.TrimSpace(string(w.rest))
	isAbout := func(word string) bool { return strings.Contains(line, word) }
	if len(w.lines) < mostWatched && slices.ContainsFunc([]string{"not found", "ENOENT"}, isAbout) {
		w.lines = append(w.lines, line)
	}
	w.rest = w.rest[:0]
}

// warnOverlooked warns of a missing program or file that a step has printed, and which did not fail the step.
func (r Runner) warnOverlooked(step plan.Step, w *watcher) {
	w.end()
	found := diagnose.FindOverlooked(w.lines, r.FactsOf(step))
	if found.Line == "" {
		return
	}
	text := step.Title + " has succeeded, but printed: " + show.Printed(found.Line)
	if found.Package != "" {
		add := r.failed(step).Words["add"]
		text += "\n  No package.json of the app has it. To add it:\n    " + add + " " + found.Package
	}
	r.Log.Warn("%s", text)
}
