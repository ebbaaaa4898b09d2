package integration

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pictures of logs are drawn from the recorded ones next to them, so that they show what a build has printed. To
// record one, run make image APP=examples/vite IMAGE=x PACK_FLAGS="--force-color --clear-cache", and shorten the output
// of the app.
func TestPicturesShowTheRecordedLogs(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"build"} {
		log, err := os.ReadFile("../docs/pictures/" + name + ".log")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "../docs/pictures/"+name+".svg", drawn(string(log)))
	}
}

// Each text of a log is in its picture, and the picture is XML.
func TestAPictureHasEachText(t *testing.T) {
	t.Parallel()
	picture := drawn("\x1b[1mBuild <b>\x1b[0m\n  \x1b[36m$ npm ci\x1b[0m & more\n")
	var text strings.Builder
	for decoder := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if data, ok := token.(xml.CharData); ok {
			text.Write(data)
		}
	}
	want := "\nThe log of a build\n\n\nBuild <b>\n  $ npm ci & more\n\n\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// colors are those of the styles of package ui, on a dark ground.
var colors = map[string]string{
	"": "#d8dee9", "1": "#ffffff", "2": "#7b8494", "36": "#88c0d0", "1;33": "#ebcb8b", "1;31": "#ff6b6b",
}

// sgr matches a change of the style. ECMA-48, 8.3.117.
var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// drawn returns a log with colors as SVG. Each character is as wide as the others, and the viewer chooses the font.
func drawn(log string) string {
	const line, column, margin = 18, 7.8, 14
	lines := strings.Split(strings.TrimRight(log, "\n"), "\n")
	columns := 0
	var rows strings.Builder
	for i, text := range lines {
		columns = max(columns, len([]rune(sgr.ReplaceAllString(text, ""))))
		fmt.Fprintf(&rows, "<text x=\"%d\" y=\"%d\">%s</text>\n", margin, margin+line*(i+1)-5, spans(text))
	}
	width, height := int(column*float64(columns))+2*margin, line*len(lines)+2*margin
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%[1]d\" height=\"%[2]d\" "+
		"viewBox=\"0 0 %[1]d %[2]d\" role=\"img\">\n<title>The log of a build</title>\n"+
		"<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#1e222a\"/>\n"+
		"<g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"13\" xml:space=\"preserve\">\n"+
		"%[3]s</g>\n</svg>\n",
		width, height, rows.String())
}

// spans returns a line in pieces of one style each.
func spans(text string) string {
	var out strings.Builder
	style := ""
	piece := func(text string) {
		if text != "" {
			out.WriteString("<tspan fill=\"" + colors[style] + "\">")
			_ = xml.EscapeText(&out, []byte(text))
			out.WriteString("</tspan>")
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
