package explain

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// Limits of the printed text, in bytes. The findings come last and matter most, so the sections leave room for them.
const (
	mostText     = 64 << 10
	mostFindings = 40 << 10
	mostLine     = 4 << 10
)

// writer collects sections of a text that is at most most bytes long.
type writer struct {
	text  strings.Builder
	most  int
	more  int // omitted bytes
	color bool
}

// line writes one line in a style.
func (w *writer) line(indent, text string, style ui.Style) {
	if len(text) > mostLine {
		text = strings.ToValidUTF8(text[:mostLine], "") + "…"
	}
	line := strings.TrimRight(indent+ui.Paint(w.color, style, show.Clean(text)), " ") + "\n"
	if w.more > 0 || w.text.Len()+len(line) > w.most {
		w.more += len(line)
		return
	}
	w.text.WriteString(line)
}

// String returns the text. If lines did not fit, a last line says how many kilobytes are missing.
func (w *writer) String() string {
	if w.more == 0 {
		return w.text.String()
	}
	return w.text.String() + fmt.Sprintf("… (%d KB more)\n", w.more>>10+1)
}

// below writes the lines of a text, indented.
func (w *writer) below(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" {
			w.line("  ", line, ui.Plain)
		}
	}
}

// width is the number of columns in which sentences are wrapped. Commands, paths and URLs may be longer.
const width = 80

// wrap returns a text in lines that end before width, with space for an indentation.
func wrap(text string) string { return wrapTo(text, width-4, "") }

// wrapTo returns a text in lines of so many columns, with hang before all lines but the first. A line of the text that
// is indented is a command, and stays as it is.
func wrapTo(text string, columns int, hang string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, " ") {
			lines = append(lines, line)
			continue
		}
		lines = append(lines, wrapLine(line, columns)...)
	}
	return strings.Join(lines, "\n"+hang)
}

// wrapLine divides a line between words. A word that is longer than a line, such as a URL, is alone on its line.
func wrapLine(line string, most int) (lines []string) {
	var row strings.Builder
	columns := 0
	for _, word := range strings.Fields(line) {
		size := utf8.RuneCountInString(word)
		if columns > 0 && columns+1+size > most {
			lines, columns = append(lines, row.String()), 0
			row.Reset()
		}
		if columns > 0 {
			row.WriteByte(' ')
			columns++
		}
		row.WriteString(word)
		columns += size
	}
	return append(lines, row.String())
}
