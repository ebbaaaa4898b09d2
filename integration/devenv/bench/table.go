package bench

import (
	"fmt"
	"strings"
)

// table is a Markdown table under way.
type table struct{ text *strings.Builder }

func newTable(header []string) table {
	t := table{&strings.Builder{}}
	t.add(header)
	fmt.Fprintf(t.text, "|---|%s\n", strings.Repeat("--:|", len(header)-1))
	return t
}

func (t table) add(row []string) { fmt.Fprintf(t.text, "| %s |\n", strings.Join(row, " | ")) }
