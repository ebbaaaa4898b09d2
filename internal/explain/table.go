package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// table writes everything except the findings.
func (e Explanation) table(w *writer, look Look) {
	title, verdict := fmt.Sprintf("Tandem %s · %s", e.Version, show.Name(e.App)), e.verdict()
	gap := max(width-utf8.RuneCountInString(title)-utf8.RuneCountInString(verdict), 2)
	w.line("", title+strings.Repeat(" ", gap)+verdict, ui.Bold)
	if e.Verdict == DoesNotApply {
		w.below(wrap(e.Reason))
		return
	}
	if len(e.unknown.runtimes) > 0 && e.unknown.runtimes[0] == "Python" { // the first row
		w.open("Python")
		e.unknown.runtimes = e.unknown.runtimes[1:]
	}
	for _, r := range e.Runtimes {
		w.value(r.Name, fmt.Sprintf("%-7s", r.Version), r.Why)
	}
	w.open(e.unknown.runtimes...)
	w.open(e.unknown.packages...)
	for i, p := range e.Packages {
		w.packages(p, i == 0 && len(e.unknown.packages) == 0)
	}
	if e.unknown.projects {
		w.value("", "      ?", "package.json, depends on the errors")
	}
	e.steps(w, look.Verbose)
	w.open(e.unknown.steps...)
	e.processes(w, look.Verbose)
	w.open(e.unknown.image...)
	if len(e.Image.Has) > 0 {
		has := wrapTo(strings.Join(e.Image.Has, ", "), width-len(rowIndent)-2, rowIndent)
		w.row("image", has, "", strings.Join(show.Notes(prefixed("no ", e.Image.HasNot)), ", "))
	}
	said := e.said
	if look.Verbose {
		said = e.Decisions
	}
	for _, decision := range said {
		w.below(wrap(decision))
	}
}

// packages writes the row of a set of packages. The first one has the label.
func (w *writer) packages(p Package, first bool) {
	label, count := "", "      -" // an unknown number
	if first {
		label = "packages"
	}
	if p.Data {
		w.value("data", fmt.Sprintf("%7d", p.Count), show.Name(p.File)+": "+p.Why)
		return
	}
	if p.Count > 0 {
		count = fmt.Sprintf("%7d", p.Count)
	}
	with := strings.TrimSpace(p.Manager + " " + versionText(p.Version))
	w.value(label, count, show.Name(p.File)+", with "+with)
}

// stepLabel returns a short name for a kind of steps.
func stepLabel(kind string) string {
	switch plan.Kind(kind) {
	case plan.Script:
		return "build"
	case plan.Collectstatic:
		return "static"
	case plan.Management:
		return "manage"
	case plan.HookScript:
		return "hook"
	case plan.Translate:
		return "locale"
	case plan.Prune:
		return "prune"
	default:
		return "step"
	}
}

// steps writes the app steps with numbers. If all is set, it writes the installations' steps too, by language, and
// whole commands.
func (e Explanation) steps(w *writer, all bool) {
	number := 0
	for _, s := range e.Order {
		label := s.Side
		if s.Side == "" {
			number++
			label = fmt.Sprint(number, " ", stepLabel(s.Kind))
		} else if !all {
			continue
		}
		text := s.Name
		if s.Kind == string(plan.Prune) && !all {
			text = plan.Typed(s.Command)
		} else if !all {
			text = process.Brief(text)
		}
		about := show.Clean(s.About)
		if s.Kind == string(plan.Script) && !all {
			about = short(about)
		}
		w.row(label, inDir(text, s.Dir), s.If, about)
	}
}

// short returns a text that fits into the third column.
func short(text string) string {
	const most = width - len(rowIndent) - mainWidth - 4
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// inDir returns a command with its directory, unless that is the app's root.
func inDir(command, dir string) string {
	if dir == "." || dir == "" {
		return command
	}
	return command + " (in " + show.Name(dir) + ")"
}

// processes writes the processes, with whole commands if all is set.
func (e Explanation) processes(w *writer, all bool) {
	for _, p := range e.Processes {
		command := p.Brief
		if all {
			command = p.Command
		}
		w.row(show.Name(p.Type), inDir(show.Value(command), p.Dir), p.If, p.From)
	}
}

// Columns of the table, as in:
//
//	Python    3.13.16   .python-version (3.13)
//	packages       61   uv.lock, with uv
//	web       gunicorn shop.wsgi:application     gunicorn 27.0.1, uv.lock
//
// A note that does not fit next to its command is below it, and so is each condition. Commands are never wrapped: they
// must be fit to be pasted.
const (
	rowIndent  = "          " // of the second column, without the indentation of all rows
	valueWidth = 7
	mainWidth  = 33
)

// value writes a row with a number or a version, and where it comes from.
func (w *writer) value(label, value, from string) {
	hang := rowIndent + strings.Repeat(" ", valueWidth+3)
	text := wrapTo(from, width-len(hang)-2, hang)
	w.below(fmt.Sprintf("%-9s %-*s   %s", label, valueWidth, value, text))
}

// row writes a row of the table: a command or what the image has, with a note. A condition is below it, and a note that
// does not fit too.
func (w *writer) row(label, main, condition, note string) {
	if main == "" {
		return
	}
	row := fmt.Sprintf("%-9s %s", label, main)
	if size := utf8.RuneCountInString(main); note != "" && size <= mainWidth &&
		len(rowIndent)+mainWidth+4+utf8.RuneCountInString(note) <= width {
		row, note = row+strings.Repeat(" ", mainWidth-size+2)+note, ""
	}
	w.below(row)
	if condition != "" {
		note = strings.TrimPrefix(note+"; if "+condition, "; ")
	}
	if note != "" {
		w.below(rowIndent + wrapTo(note, width-len(rowIndent)-2, rowIndent))
	}
}
