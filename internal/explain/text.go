package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// Look is how the text of an explanation looks.
type Look struct {
	Color   bool
	Verbose bool // all steps, and the whole commands
}

// Write writes the explanation as people read it.
func (e Explanation) Write(out io.Writer, look Look) {
	findings := writer{most: mostFindings, color: look.Color}
	for _, f := range e.Findings {
		findings.finding(f)
	}
	if e.More > 0 {
		findings.line("", fmt.Sprintf("and %d more errors", e.More), ui.Plain)
	}
	if e.Verdict == Ready {
		findings.line("", "Build it:", ui.Bold)
		findings.line("  ", fail.BuildCommand(e.App), ui.Plain)
	}
	rest := writer{most: mostText - findings.text.Len() - 2*len("… (1234567 KB more)\n"), color: look.Color}
	e.table(&rest, look)
	// If standard output is closed, there is no way to report it.
	_, _ = io.WriteString(out, rest.String()+findings.String())
}

// verdict returns the result for the first line.
func (e Explanation) verdict() string {
	switch n := e.count(SeverityError); {
	case e.Verdict == DoesNotApply:
		return "does not apply"
	case n > 0 && e.builds:
		return show.Count(n, "error") + ", the container would not start"
	case n > 0:
		return show.Count(n, "error") + ", the build would fail"
	case e.doubt:
		return "ready to build, the container may not start"
	}
	return "ready to build"
}

// finding writes an error, a warning or a hint.
func (w *writer) finding(f Finding) {
	message, more, _ := strings.Cut(f.Message, "\n")
	if f.ID != "" {
		message += " [" + f.ID + "]"
	}
	first, rest, _ := strings.Cut(wrapTo(string(f.Severity)+": "+message, width-2, ""), "\n")
	w.line("", first, styleOf(f.Severity))
	w.below(rest)
	w.below(wrap(more))
	w.below(wrap(f.Evidence))
	if f.fix != "" {
		w.below(wrap("fix: " + f.fix))
	}
	if f.URL != "" {
		w.line("  ", f.URL, ui.Plain)
	}
}

// styleOf returns the color in which the name of a severity is printed.
func styleOf(s Severity) ui.Style {
	switch s {
	case SeverityError:
		return ui.Failed
	case SeverityWarning:
		return ui.Warning
	case SeverityHint:
	}
	return ui.Bold
}

// versionText returns a version as it is printed, or "".
func versionText(version string) string {
	if version == "" {
		return ""
	}
	return show.Value(version)
}

// prefixed returns the names, fit to print, each after prefix.
func prefixed(prefix string, names []string) (all []string) {
	for _, name := range names {
		all = append(all, prefix+show.Name(name))
	}
	return all
}
