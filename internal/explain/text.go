package explain

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

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
		findings.line("  ", fail.BuildCommand(cmp.Or(e.App, "app")), ui.Plain)
	}
	rest := writer{most: mostText - findings.text.Len() - 2*len("… (1234567 KB more)\n"), color: look.Color}
	e.table(&rest, look)
	// If standard output is closed, there is no way to report it.
	_, _ = io.WriteString(out, rest.String()+findings.String())
}

// table writes everything except the findings.
func (e Explanation) table(w *writer, look Look) {
	title, verdict := fmt.Sprintf("Tandem %s · %s", e.Version, show.Name(e.App)), e.verdict()
	gap := max(width-utf8.RuneCountInString(title)-utf8.RuneCountInString(verdict), 2)
	w.line("", title+strings.Repeat(" ", gap)+verdict, ui.Bold)
	if e.Verdict == DoesNotApply {
		w.below(wrap(e.Reason, ""))
		return
	}
	for _, r := range e.Runtimes {
		w.row(r.Name, fmt.Sprintf("%-9s %s", r.Version, r.Why), "")
	}
	for i, p := range e.Packages {
		label := "packages"
		if i > 0 {
			label = ""
		}
		with := strings.TrimSpace(p.Manager + " " + versionText(p.Version))
		w.row(label, show.Series(p.Files)+", with "+with, "")
	}
	e.steps(w, look.Verbose)
	for _, p := range e.Processes {
		w.row(show.Name(p.Type), inDir(show.Value(p.Command), p.Dir), p.If)
	}
	if e.Verdict == Ready {
		w.row("image", wrap(strings.Join(e.Image.Has, "; "), rowIndent), "")
		w.row("", strings.Join(show.Notes(prefixed("no ", e.Image.HasNot)), ", "), "")
	}
	for _, decision := range e.Decisions {
		w.below(wrap(decision, ""))
	}
}

// verdict returns the result for the first line.
func (e Explanation) verdict() string {
	switch n := e.count(SeverityError); {
	case e.Verdict == DoesNotApply:
		return "does not apply"
	case n == 1:
		return "1 error, the build would fail"
	case n > 1:
		return fmt.Sprintf("%d errors, the build would fail", n)
	}
	return "ready to build"
}

// steps writes the app steps with numbers. If all is set, it writes the installations' steps too, by language.
func (e Explanation) steps(w *writer, all bool) {
	number := 0
	for _, s := range e.Order {
		label := s.Side
		if s.Side == "" {
			number++
			label = fmt.Sprint("step ", number)
		} else if !all {
			continue
		}
		w.row(label, inDir(s.Name, s.Dir), s.If)
	}
}

// inDir returns a command with its directory, unless that is the app's root.
func inDir(command, dir string) string {
	if dir == "." || dir == "" {
		return command
	}
	return command + " (in " + show.Name(dir) + ")"
}

// rowIndent is the indentation of the second column of the table.
const rowIndent = "          "

// row writes a row of the table. A condition that is too long for the row is below it.
func (w *writer) row(label, text, condition string) {
	if text == "" {
		return
	}
	row := fmt.Sprintf("%-9s %s", label, text)
	switch {
	case condition == "":
		w.below(row)
	case utf8.RuneCountInString(row)+len(condition)+8 <= width:
		w.line("  ", row+"  (if "+condition+")", ui.Plain)
	default:
		w.line("  ", row, ui.Plain)
		w.line("  "+rowIndent, "if "+condition, ui.Plain)
	}
}

// finding writes an error, a warning or a hint.
func (w *writer) finding(f Finding) {
	first, more, _ := strings.Cut(wrap(f.Message, ""), "\n")
	if f.ID != "" && f.Severity == SeverityError { // the text of a note does not end in the first line
		first += " [" + f.ID + "]"
	}
	w.line("", string(f.Severity)+": "+first, styleOf(f.Severity))
	w.below(more)
	w.below(wrap(f.Evidence, ""))
	if f.fix != "" {
		w.below(wrap("fix: "+f.fix, ""))
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
