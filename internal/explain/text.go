package explain

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Write writes the explanation as people read it.
func (e Explanation) Write(out io.Writer) {
	w := writer{out}
	if !e.TakesPart {
		w.line("", "Tandem takes no part: "+e.Reason)
		return
	}
	w.section("Decisions", e.lines())
	title := "In this order"
	if slices.ContainsFunc(e.Order, func(s Step) bool { return s.Side == node }) {
		title += ", [python] and [node] at the same time"
	}
	w.section(title, e.steps())
	w.section("Processes", e.types())
	if len(e.Problems) == 0 {
		w.section("The image has", append(e.Image.Has, prefixed("not ", e.Image.HasNot)...))
	}
	w.section("Warnings", e.Warnings)
	w.section("Good to know", e.Advice)
	var texts []string
	for _, p := range e.Problems {
		texts = append(texts, p.text())
	}
	title = "One problem ends the build"
	if len(e.Problems) > 1 {
		title = fmt.Sprintf("%d problems end the build", len(e.Problems))
	}
	w.section(title, texts)
}

// lines are the decisions: what the log of a build begins with.
func (e Explanation) lines() []string {
	lines := e.Decisions
	for _, p := range e.Packages {
		line := fmt.Sprintf("%s: by %s", p.Name, strings.TrimSpace(p.Manager+" "+p.Version))
		if p.Why != "" {
			line += " (" + p.Why + ")"
		}
		lines = append(lines, line+", from "+strings.Join(p.Files, ", "))
	}
	return lines
}

// steps has the two sides that work at the same time one after the other, as in the log.
func (e Explanation) steps() (lines []string) {
	for _, s := range e.Order {
		line := s.Name
		if s.Dir != "." {
			line = "in " + s.Dir + ": " + line
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
		lines = append(lines, conditional(name+": "+p.Command, p.If))
	}
	return lines
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
		all = append(all, prefix+name)
	}
	return all
}

type writer struct{ out io.Writer }

// section is nothing where there is nothing in it.
func (w writer) section(title string, texts []string) {
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

func (w writer) line(indent, text string) {
	// A terminal that is gone has nobody to tell.
	_, _ = fmt.Fprintln(w.out, strings.TrimRight(indent+text, " "))
}
