package pictures

import (
	"fmt"
	"slices"
	"strings"
)

// timeline is what a build writes to BP_TIMELINE_FILE. Times are in seconds since its beginning.
type timeline struct {
	Total float64
	Steps []step
}

type step struct {
	ID, Branch, Name string
	Start, Took      float64
}

// lanes are the colors of the steps of the two installations, and of all others.
var lanes = map[string]string{"python": "#88c0d0", "node": "#a3be8c", "": "#ebcb8b"}

// shortest is the duration in seconds below which a step has no bar. Steps whose name is their ID are parts of others.
const shortest = 0.1

// draw draws a bar for each step, from its beginning to its end, in the order of their beginnings.
func (t timeline) draw() string {
	const row, margin, names, seconds = 22, 14, 250, 520.0
	steps := slices.DeleteFunc(slices.Clone(t.Steps), func(s step) bool { return s.Took < shortest || s.Name == s.ID })
	slices.SortStableFunc(steps, func(a, z step) int { return int(1000 * (a.Start - z.Start)) })
	var out strings.Builder
	out.WriteString("<g font-family=\"Arial, Helvetica, sans-serif\" font-size=\"13\">\n")
	for i, s := range steps {
		y := margin + i*row
		x, width := margin+names+s.Start*seconds/t.Total, max(1, s.Took*seconds/t.Total)
		fmt.Fprintf(&out, "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", margin, y+14, colors[""], escaped(s.Name))
		fmt.Fprintf(&out, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\" fill=\"%s\"/>\n",
			x, y+3, width, lanes[s.Branch])
		fmt.Fprintf(&out, "<text x=\"%.1f\" y=\"%d\" fill=\"%s\">%.1f s</text>\n", x+width+6, y+14, colors["2"], s.Took)
	}
	out.WriteString("</g>\n")
	return svg(fmt.Sprintf("The timeline of a build of %.1f seconds", t.Total), names+int(seconds)+4*margin+30,
		len(steps)*row+2*margin, out.String())
}
