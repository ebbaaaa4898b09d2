package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// ResultsFile returns where a run of the benchmark with a size and a target writes its Results, relative to the
// repository's root. The charts and tables of the documentation are made from these files.
func ResultsFile(size, target string) string {
	name := "benchmark"
	if size != Same {
		name += "-" + size
	}
	if target != Engine {
		name += "-" + target
	}
	return "docs/pictures/" + name + ".json"
}

// Results are the medians of one run. An opponent without a measurement is missing.
type Results struct {
	App      string
	Date     string // "24 November 2026"
	Machine  string
	Versions []string
	Rounds   int
	Cases    []Case
	Images   map[string]float64 // MB, by opponent
}

// Case has the medians of a case.
type Case struct {
	Name    string
	Title   string
	Seconds map[string]float64 // by opponent
}

// Case returns the medians of the case of that name, nil if there are none.
func (r Results) Case(name string) map[string]float64 {
	for _, c := range r.Cases {
		if c.Name == name {
			return c.Seconds
		}
	}
	return nil
}

// GrowthTable returns a table in Markdown of how much longer the builds of a larger app take, by the Dockerfile and by
// Tandem. sizes has the results of each size.
func GrowthTable(sizes map[string]Results) string {
	cells := []string{"seconds"}
	for _, name := range []string{docker, tandem} {
		for _, size := range []string{Third, Same, More} {
			cells = append(cells, name+", "+size)
		}
	}
	text := row(cells) + "|---|" + strings.Repeat("--:|", len(cells)-1) + "\n"
	for _, c := range sizes[Same].Cases {
		cells := []string{c.Title}
		for _, name := range []string{docker, tandem} {
			for _, size := range []string{Third, Same, More} {
				cell := ""
				if value, measured := sizes[size].Case(c.Name)[name]; measured {
					cell = fmt.Sprintf("%.1f", value)
				}
				cells = append(cells, cell)
			}
		}
		text += row(cells)
	}
	return text
}

// ReadResults reads a file that a run has written.
func ReadResults(file string) (r Results, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("parse %s: %w", file, err)
	}
	return r, nil
}

// Write writes the results into a file.
func (r Results) Write(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
