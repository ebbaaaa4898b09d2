package pictures

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
)

// colors are those of the styles of package ui, on a dark ground.
var colors = map[string]string{
	"": "#d8dee9", "1": "#ffffff", "2": "#7b8494", "36": "#88c0d0", "1;33": "#ebcb8b", "1;31": "#ff6b6b",
}

// sgr matches a change of the style. ECMA-48, 8.3.117.
var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// logPicture draws text with colors, such as the log of a build. Each character is as wide as the others, and the
// viewer chooses the font.
func logPicture(title, log string) string {
	const line, column, margin = 18, 7.8, 14
	lines := strings.Split(strings.TrimRight(log, "\n"), "\n")
	columns := 0
	var rows strings.Builder
	for i, text := range lines {
		columns = max(columns, len([]rune(sgr.ReplaceAllString(text, ""))))
		fmt.Fprintf(&rows, "<text x=\"%d\" y=\"%d\">%s</text>\n", margin, margin+line*(i+1)-5, spans(text))
	}
	width, height := int(column*float64(columns))+2*margin, line*len(lines)+2*margin
	return svg(title, width, height, "<g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"13\" "+
		"xml:space=\"preserve\">\n"+rows.String()+"</g>\n")
}

// spans returns a line in pieces of one style each.
func spans(text string) string {
	var out strings.Builder
	style := ""
	piece := func(text string) {
		if text != "" {
			out.WriteString("<tspan fill=\"" + colors[style] + "\">" + escaped(text) + "</tspan>")
		}
	}
	last := 0
	for _, m := range sgr.FindAllStringSubmatchIndex(text, -1) {
		piece(text[last:m[0]])
		if style = text[m[2]:m[3]]; style == "0" {
			style = ""
		}
		last = m[1]
	}
	piece(text[last:])
	return out.String()
}

// escaped returns text for XML.
func escaped(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a Builder returns no error
	return out.String()
}
