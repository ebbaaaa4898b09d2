package pictures

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"

	"github.com/tandem-cnb/tandem/integration/devenv/bench"
)

// bars are the names of the opponents in a chart, from below, and those in the results. An opponent without a
// measurement has no bar.
var bars = [][2]string{
	{"Paketo's buildpacks", "Paketo"}, {"Heroku's buildpacks", "Heroku"},
	{"Dockerfile with lists of inputs", "Dockerfile"}, {"Dockerfile that copies the app", "simple Dockerfile"},
	{"Tandem", "Tandem"},
}

// theme has the colors of a chart for pages with a light or a dark ground.
type theme struct{ text, bar, ours color.RGBA }

var themes = map[string]theme{
	"light": {rgb(0x24292f), rgb(0xafb8c1), rgb(0x0969da)},
	"dark":  {rgb(0xe6edf3), rgb(0x6e7681), rgb(0x4493f8)},
}

func rgb(value uint32) color.RGBA {
	return color.RGBA{R: uint8(value >> 16), G: uint8(value >> 8), B: uint8(value), A: 255}
}

// style sets the color and the font of a text.
func (t theme) style(s *text.Style, size float64) {
	s.Color, s.Font.Variant, s.Font.Size = t.text, "Sans", vg.Points(size)
}

// panel is one of the three parts of a chart: a title, and the values by the names of the results.
type panel struct {
	title  string
	values map[string]float64
}

// chart draws the cold build, the build after one changed line, and the size of the image as SVG.
func chart(r bench.Results, t theme) (string, error) {
	panels := []panel{
		{"first build, seconds", r.Case("cold")},
		{"one changed line, seconds", r.Case("view")},
		{"image, MB", r.Images},
	}
	plots := [][]*plot.Plot{nil}
	for i, p := range panels {
		drawn, err := p.draw(t, i == 0)
		if err != nil {
			return "", err
		}
		plots[0] = append(plots[0], drawn)
	}
	canvas := vgsvg.New(25*vg.Centimeter, 4.5*vg.Centimeter)
	tiles := draw.Tiles{Rows: 1, Cols: len(panels), PadX: vg.Millimeter * 5}
	for i, c := range plot.Align(plots, tiles, draw.New(canvas))[0] {
		plots[0][i].Draw(c)
	}
	var out strings.Builder
	if _, err := canvas.WriteTo(&out); err != nil {
		return "", fmt.Errorf("write a chart: %w", err)
	}
	return strings.ReplaceAll(out.String(), "Liberation Sans", "Liberation Sans,Arial,Helvetica,sans-serif"), nil
}

// draw returns the panel as a plot, with the names of the opponents in the first one.
func (p panel) draw(t theme, names bool) (*plot.Plot, error) {
	out := plot.New()
	out.BackgroundColor = nil
	out.Title.Text = p.title
	t.style(&out.Title.TextStyle, 11)
	out.HideX()
	var labels plotter.XYLabels
	for i, bar := range bars {
		value, measured := p.values[bar[1]]
		at := plotter.XY{X: 0, Y: float64(i)}
		label := "not measured"
		if measured {
			if err := addBar(out, value, i, t); err != nil {
				return nil, err
			}
			at.X, label = value, strconv.FormatFloat(value, 'f', -1, 64)
		}
		labels.XYs, labels.Labels = append(labels.XYs, at), append(labels.Labels, " "+label)
		out.X.Max = max(out.X.Max, value*1.2)
	}
	out.X.Min, out.Y.Min, out.Y.Max = 0, -0.5, float64(len(bars))-0.5
	if err := addLabels(out, labels, t); err != nil {
		return nil, err
	}
	axis(out, t, names)
	return out, nil
}

// addBar adds the bar of an opponent.
func addBar(out *plot.Plot, value float64, i int, t theme) error {
	bar, err := plotter.NewBarChart(plotter.Values{value}, vg.Points(13))
	if err != nil {
		return fmt.Errorf("draw a bar: %w", err)
	}
	bar.Horizontal, bar.XMin, bar.Color, bar.LineStyle.Width = true, float64(i), t.bar, 0
	if bars[i][1] == "Tandem" {
		bar.Color = t.ours
	}
	out.Add(bar)
	return nil
}

// addLabels writes the values next to the bars.
func addLabels(out *plot.Plot, labels plotter.XYLabels, t theme) error {
	values, err := plotter.NewLabels(labels)
	if err != nil {
		return fmt.Errorf("write values: %w", err)
	}
	for i := range values.TextStyle {
		t.style(&values.TextStyle[i], 10)
		values.TextStyle[i].YAlign = text.YCenter
	}
	out.Add(values)
	return nil
}

// axis writes the names of the opponents, or hides them where another panel has them.
func axis(out *plot.Plot, t theme, names bool) {
	if !names {
		out.HideY()
		return
	}
	var all []string
	for _, bar := range bars {
		all = append(all, bar[0])
	}
	out.NominalY(all...)
	t.style(&out.Y.Tick.Label, 10)
	out.Y.LineStyle.Width, out.Y.Tick.LineStyle.Width = 0, 0
}
