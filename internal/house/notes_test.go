package house

import (
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// noteRow matches a row of the tables of docs/reference/notes.md.
var noteRow = regexp.MustCompile("(?m)^\\| `([a-z]+/[a-z-]+)` \\| .+ \\|$")

// noteForm is the form of an id, which no text of a log has.
var noteForm = regexp.MustCompile("^[a-z]+/[a-z-]+$")

// Each kind of warning and of note has an id of its own, which no error has, and a row in its table.
func TestNoteIDsAreDocumented(t *testing.T) {
	_, page, _ := strings.Cut(readDocument(t, "docs/reference/notes.md"), "\n## Warnings\n")
	warnings, hints, ok := strings.Cut(page, "\n## Notes\n")
	if !ok {
		t.Fatal("docs/reference/notes.md has not both tables")
	}
	written := map[bool]map[string]int{true: {}, false: {}}
	for _, s := range product(t) {
		for _, note := range noteIDs(s) {
			written[note.warning][note.text]++
		}
	}
	errors := documentedIDs(t)
	for warning, table := range map[bool]string{true: warnings, false: hints} {
		var rows []string
		for _, m := range noteRow.FindAllStringSubmatch(table, -1) {
			rows = append(rows, m[1])
		}
		ids := slices.Sorted(maps.Keys(written[warning]))
		if !slices.Equal(rows, ids) {
			t.Errorf(
				"docs/reference/notes.md, warnings %v: the rows are %q, the ids of the code, sorted, %q",
				warning,
				rows,
				ids,
			)
		}
		for id, n := range written[warning] {
			if n > 1 || errors[id] > 0 || warning && written[false][id] > 0 {
				t.Errorf("%s names more than one kind of note or error", id)
			}
		}
	}
	if len(written[true]) < 10 || len(written[false]) < 50 {
		t.Errorf("found only %d warnings and %d notes", len(written[true]), len(written[false]))
	}
}

// noteID is the id of a warning or a note.
type noteID struct {
	text    string
	warning bool
}

// noteIDs returns the ids of the notes that a file creates: by a method of note.List, or with a Text next to the ID.
func noteIDs(s source) (ids []noteID) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			method, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || len(n.Args) == 0 {
				return true
			}
			name := method.Sel.Name
			warns := slices.Contains([]string{"Warn", "Warnings", "LacksWeb"}, name)
			id, ok := textOf(n.Args[0])
			if ok && noteForm.MatchString(id) && (warns || name == "Hint" || name == "Hints") {
				ids = append(ids, noteID{id, warns})
			}
		case *ast.CompositeLit:
			fields := fieldsOf(n)
			if id, ok := textOf(fields["ID"]); ok && fields["Text"] != nil {
				ids = append(ids, noteID{id, fields["Severity"] != nil})
			}
		}
		return true
	})
	return ids
}
