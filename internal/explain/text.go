package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Write writes the explanation as people read it.
func (e Explanation) Write(out io.Writer) {
	problems := writer{most: mostProblems}
	problems.section(e.problems())
	rest := writer{most: mostText - problems.text.Len() - 2*len("… (1234567 KB more)\n")}
	e.sections(&rest)
	// If standard output is closed, there is no way to report it.
	_, _ = io.WriteString(out, rest.String()+problems.String())
}

// sections writes everything except the problems.
func (e Explanation) sections(w *writer) {
	if !e.TakesPart {
		w.line("", "Tandem takes no part: "+e.Reason)
		return
	}
	w.section("Decisions", e.lines())
	title := "In this order"
	if slices.ContainsFunc(e.Order, func(s Step) bool { return s.Side == string(plan.NodeLane) }) {
		title += ", [python] and [node] at the same time"
	}
	w.section(title, e.steps())
	w.section("Processes", e.types())
	if len(e.Problems) == 0 {
		w.section("The image has", append(e.Image.Has, show.Notes(prefixed("not ", e.Image.HasNot))...))
	}
	w.section("Warnings", e.Warnings)
	w.section("Good to know", e.Advice)
}

func (e Explanation) problems() (title string, texts []string) {
	for _, p := range e.Problems {
		texts = append(texts, p.text())
	}
	if e.More > 0 {
		texts = append(texts, fmt.Sprintf("and %d more\n", e.More))
	}
	title = "One problem ends the build"
	if n := len(e.Problems) + e.More; n > 1 {
		title = fmt.Sprintf("%d problems end the build", n)
	}
	return title, texts
}

// lines are the decisions: what the log of a build begins with.
func (e Explanation) lines() []string {
	lines := e.Decisions
	for _, p := range e.Packages {
		line := fmt.Sprintf("%s: by %s", p.Name, strings.TrimSpace(p.Manager+" "+versionText(p.Version)))
		if p.Why != "" {
			line += " (" + p.Why + ")"
		}
		lines = append(lines, line+", from "+show.Series(p.Files))
	}
	return lines
}

// steps has the two sides that work at the same time one after the other, as in the log.
func (e Explanation) steps() (lines []string) {
	for _, s := range e.Order {
		line := s.Name
		if s.Dir != "." {
			line = "in " + show.Name(s.Dir) + ": " + line
		}
		if s.Side != "" {
			line = "[" + s.Side + "] " + line
		}
		lines = append(lines, conditional(line, s.If))
	}
	return lines
}

func (e Explanation) types() (lines []string) {
	for _, p := range e.Processes {
		name := p.Type
		if p.Default {
			name += " (the default)"
		}
		lines = append(lines, conditional(name+": "+show.Value(p.Command), p.If))
	}
	return lines
}

// versionText returns a version as it is printed, or "".
func versionText(version string) string {
	if version == "" {
		return ""
	}
	return show.Value(version)
}

func conditional(line, condition string) string {
	if condition == "" {
		return line
	}
	return line + "\n    if " + condition
}

func (p Problem) text() string {
	var parts []string
	for _, part := range []string{p.What, p.Why, p.Fix} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if p.ID != "" {
		parts = append(parts, "("+p.ID+")")
	}
	return strings.Join(parts, "\n") + "\n"
}

func prefixed(prefix string, names []string) (all []string) {
	for _, name := range names {
		all = append(all, prefix+show.Name(name))
	}
	return all
}

// Limits of the printed text, in bytes. The problems come last and matter most, so the sections leave room for them.
const (
	mostText     = 64 << 10
	mostProblems = 40 << 10
	mostLine     = 4 << 10
)

// writer collects sections of a text that is at most most bytes long.
type writer struct {
	text strings.Builder
	most int
	more int // bytes that are left out
}

// section is nothing where there is nothing in it.
func (w *writer) section(title string, texts []string) {
	if len(texts) == 0 {
		return
	}
	w.line("", title)
	for _, text := range texts {
		for line := range strings.SplitSeq(text, "\n") {
			w.line("  ", line)
		}
	}
	w.line("", "")
}

func (w *writer) line(indent, text string) {
	if len(text) > mostLine {
		text = strings.ToValidUTF8(text[:mostLine], "") + "…"
	}
	line := strings.TrimRight(show.Clean(indent+text), " ") + "\n"
	if w.more > 0 || w.text.Len()+len(line) > w.most {
		w.more += len(line)
		return
	}
	w.text.WriteString(line)
}

func (w *writer) String() string {
	if w.more == 0 {
		return w.text.String()
	}
	return w.text.String() + fmt.Sprintf("… (%d KB more)\n", w.more>>10+1)
}
