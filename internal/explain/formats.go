package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/tandem-cnb/tandem/internal/show"
)

// WriteGitHub writes the findings as annotations of a workflow run, and the verdict as the last line.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (e Explanation) WriteGitHub(out io.Writer) {
	escape := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range e.Findings {
		kind := string(f.Severity)
		if f.Severity == SeverityHint {
			kind = "notice"
		}
		text := f.Message
		for _, more := range []string{f.Evidence, f.fix, f.URL} {
			if more != "" {
				text += "\n" + more
			}
		}
		title := f.ID
		if title == "" {
			title = "Tandem"
		}
		place := ""
		if f.File != "" {
			place = "file=" + property.Replace(show.Clean(f.File)) + ","
		}
		if f.Line > 0 {
			place += fmt.Sprintf("line=%d,", f.Line)
		}
		fmt.Fprintf(out, "::%s %stitle=%s::%s\n", kind, place, property.Replace(show.Clean(title)),
			escape.Replace(show.Clean(text)))
	}
	fmt.Fprintln(out, "Tandem:", e.verdict())
}

// WriteMarkdown writes the explanation for a job's summary.
func (e Explanation) WriteMarkdown(out io.Writer) {
	var text strings.Builder
	fmt.Fprintf(&text, "## Tandem: %s\n", e.verdict())
	for _, f := range e.Findings {
		fmt.Fprintf(&text, "\n**%s** %s", f.Severity, cell(f.Message))
		switch {
		case f.URL != "":
			fmt.Fprintf(&text, " ([%s](%s))", f.ID, f.URL)
		case f.ID != "":
			fmt.Fprintf(&text, " (%s)", f.ID)
		}
		text.WriteString("\n")
		if more := strings.TrimSpace(f.Evidence + "\n" + f.fix); more != "" {
			text.WriteString("\n" + fence(more))
		}
	}
	if e.Verdict != DoesNotApply {
		fmt.Fprint(&text, "\n| | |\n|---|---|\n")
	}
	for _, r := range e.Runtimes {
		fmt.Fprintf(&text, "| %s %s | %s |\n", r.Name, r.Version, cell(r.Why))
	}
	for _, p := range e.Packages {
		fmt.Fprintf(&text, "| %s | %s, with %s |\n", cell(p.Name), cell(show.Series(p.Files)), p.Manager)
	}
	for _, s := range e.Order {
		if s.Side == "" {
			fmt.Fprintf(&text, "| step | `%s` |\n", cell(strings.ReplaceAll(s.Name, "`", "'")))
		}
	}
	for _, p := range e.Processes {
		fmt.Fprintf(&text, "| %s | `%s` |\n", cell(p.Type), cell(strings.ReplaceAll(p.Command, "`", "'")))
	}
	fmt.Fprint(out, show.Clean(text.String()))
}

// cell returns a text for a cell of a table: one line, in which nothing is a separator or a tag.
func cell(text string) string {
	return strings.NewReplacer("\n", " ", "|", "\\|", "<", "&lt;").Replace(text)
}

// fence returns a text as a block of code that it cannot end.
func fence(text string) string {
	mark := "```"
	for strings.Contains(text, mark) {
		mark += "`"
	}
	return mark + "text\n" + text + "\n" + mark + "\n"
}
