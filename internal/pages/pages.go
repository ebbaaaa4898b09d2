// Package pages compares parts of the documentation with what a test computes from the code. Only tests use it.
package pages

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Check compares a generated part of a page with text. With update it writes text into the page. The part stands
// between the lines "<!-- generated: PART -->" and "<!-- end -->".
func Check(t testing.TB, file, part, text string, update bool) {
	t.Helper()
	page := Read(t, file)
	begin := "<!-- generated: " + part + " -->\n"
	before, rest, found := strings.Cut(page, begin)
	got, after, ended := strings.Cut(rest, "<!-- end -->")
	if !found || !ended {
		t.Fatalf("%s has no lines %q and %q", file, begin, "<!-- end -->")
	}
	want := "\n" + strings.TrimSpace(text) + "\n\n"
	if update {
		if err := os.WriteFile(file, []byte(before+begin+want+"<!-- end -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the part %s of %s differs from the code. Run this test with -update (-code +page):\n%s",
			part, file, diff)
	}
}

// Read returns the text of a page.
func Read(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Table returns a table in Markdown.
func Table(head []string, rows [][]string) string {
	row := func(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }
	text := row(head) + strings.Repeat("|---", len(head)) + "|\n"
	for _, cells := range rows {
		text += row(cells)
	}
	return text
}

// List returns a numbered list in Markdown.
func List(items []string) string {
	var text strings.Builder
	for _, item := range items {
		text.WriteString("1. " + item + "\n")
	}
	return text.String()
}

// Code marks the part of a text that a user writes: all, or what comes before " in " or " of ".
func Code(text string) string {
	for _, word := range []string{" in ", " of "} {
		if name, rest, found := strings.Cut(text, word); found {
			return "`" + name + "`" + word + rest
		}
	}
	return "`" + text + "`"
}
