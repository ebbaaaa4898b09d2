package pictures

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv/bench"
	"github.com/tandem-cnb/tandem/internal/pages"
)

// columns are the titles of the opponents in tables, and their names in the results.
var columns = [][2]string{
	{"Tandem", "Tandem"}, {"Dockerfile: the app is copied", "simple Dockerfile"},
	{"Dockerfile: lists of inputs", "Dockerfile"},
}

// felt are the cases that users know, and their titles in tables.
var felt = [][2]string{
	{"cold", "first build"}, {"nothing", "nothing changed"}, {"view", "one line of a view"},
	{"css", "one line of CSS"}, {"python", "one Python package more"}, {"npm", "one npm package more"},
}

// Tables of the documentation have the numbers of the last run, as the charts do.
func TestTablesHaveTheNumbersOfTheLastRun(t *testing.T) {
	r, err := bench.ReadResults(filepath.Join(root, bench.ResultsFile(bench.Same, bench.Engine)))
	if err != nil {
		t.Fatal(err)
	}
	run := fmt.Sprintf("\nMedians of %d rounds, on a machine with %s, %s.", r.Rounds, strings.Split(r.Machine, ",")[0],
		r.Date)
	for page, cases := range map[string][][2]string{
		"README.md": {felt[0], felt[2]}, "docs/benchmarks.md": felt, "docs/compare.md": felt,
	} {
		pages.Check(t, filepath.Join(root, page), "medians", table(r, cases)+run, *update)
	}
}

// The tables of other runs are in the documentation as soon as these have been measured, and not before.
func TestTablesOfOtherRuns(t *testing.T) {
	page := filepath.Join(root, "docs/benchmarks.md")
	for part, runs := range map[string][][2]string{
		"published": {{bench.Same, bench.Registry}},
		"growth":    {{bench.Third, bench.Engine}, {bench.Same, bench.Engine}, {bench.More, bench.Engine}},
	} {
		sizes := map[string]bench.Results{}
		for _, run := range runs {
			r, err := bench.ReadResults(filepath.Join(root, bench.ResultsFile(run[0], run[1])))
			if err == nil {
				sizes[run[0]] = r
			} else if !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
		}
		switch {
		case len(sizes) < len(runs):
			if strings.Contains(pages.Read(t, page), "<!-- generated: "+part+" -->") {
				t.Errorf("the part %s has numbers that no run has measured", part)
			}
		case part == "published":
			pages.Check(t, page, part, table(sizes[bench.Same], felt[:3]), *update)
		default:
			pages.Check(t, page, part, bench.GrowthTable(sizes), *update)
		}
	}
}

// table returns the medians of cases in Markdown. Numbers are at the right of their columns.
func table(r bench.Results, cases [][2]string) string {
	head := []string{"seconds"}
	for _, c := range columns {
		head = append(head, c[0])
	}
	var rows [][]string
	for _, c := range cases {
		rows = append(rows, row(c[1], r.Case(c[0])))
	}
	text := pages.Table(head, append(rows, row("image, MB", r.Images)))
	return strings.Replace(
		text,
		strings.Repeat("|---", len(head))+"|",
		"|---"+strings.Repeat("|--:", len(columns))+"|",
		1,
	)
}

func row(title string, values map[string]float64) []string {
	cells := []string{title}
	for _, c := range columns {
		cell := ""
		if value, measured := values[c[1]]; measured && value < 10 {
			cell = fmt.Sprintf("%.1f", value)
		} else if measured {
			cell = fmt.Sprintf("%.0f", math.Round(value))
		}
		cells = append(cells, cell)
	}
	return cells
}
