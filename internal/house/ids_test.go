package house

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	idHead = regexp.MustCompile("(?m)^## (\\S+)\n\n`(\\S+)`$")
	idRule = regexp.MustCompile(`(?m)^id\s*=\s*"([^"]+)"`)
	idSum  = regexp.MustCompile(`^[a-z]+/\[a-z-\]\+[a-z-]*$`)
)

// Each id that an error may have has one heading in docs/errors, and each heading is of such an id.
func TestErrorIDsAreDocumented(t *testing.T) {
	headings := documentedIDs(t)
	all := append(product(t), sources(t, "integration/devenv")...)
	written, composed, ruled := writtenIDs(t, all, headings), composedIDs(t), ruleIDs(t)
	var twice []string
	for _, id := range slices.Sorted(maps.Keys(headings)) {
		if headings[id] > 1 {
			t.Errorf("docs/errors has %d headings of %s", headings[id], id)
		}
		fits := func(sum *regexp.Regexp) bool { return sum.MatchString(id) }
		if len(written[id]) == 0 && !slices.ContainsFunc(composed, fits) {
			t.Errorf("docs/errors has a heading of %s, which no error has", id)
		}
		if len(written[id]) > 1 {
			twice = append(twice, fmt.Sprintf("%s: %s", id, strings.Join(written[id], ", ")))
		}
	}
	for _, s := range all {
		for _, l := range errorIDs(s) {
			if headings[l.text] == 0 {
				t.Errorf("%s: docs/errors has no heading of %s", s.at(l.node), l.text)
			}
			if ruled[l.text] != nil {
				t.Errorf("%s: %s is in the rules of package diagnose too", s.at(l.node), l.text)
			}
		}
	}
	for id := range ruled {
		if headings[id] == 0 {
			t.Errorf("docs/errors has no heading of %s, which a rule of package diagnose has", id)
		}
	}
	atMost(t, "error ids that are written more than once", len(twice), twice...)
}

// documentedIDs returns how many headings of docs/errors each id has. The page has the first part of an id as its name,
// the heading has the second one, and the id is below the heading.
func documentedIDs(t *testing.T) map[string]int {
	t.Helper()
	headings := map[string]int{}
	for _, name := range documents(t) {
		if filepath.Dir(name) != "docs/errors" {
			continue
		}
		group := strings.TrimSuffix(filepath.Base(name), ".md")
		found := idHead.FindAllStringSubmatch(readDocument(t, name), -1)
		if all := strings.Count(readDocument(t, name), "\n## "); len(found) != all {
			t.Errorf("%s has %d headings, and %d have an id below them", name, all, len(found))
		}
		for _, m := range found {
			if id := group + "/" + m[1]; m[2] != id {
				t.Errorf("%s: the id below %s is %s, want %s", name, m[1], m[2], id)
			}
			headings[m[2]]++
		}
	}
	if len(headings) < 100 {
		t.Fatalf("docs/errors has only %d ids", len(headings))
	}
	return headings
}

// writtenIDs returns the places of the ids in Go and in the rules of package diagnose.
func writtenIDs(t *testing.T, all []source, ids map[string]int) map[string][]string {
	t.Helper()
	places := ruleIDs(t)
	for _, s := range all {
		for _, l := range literals(s) {
			if ids[l.text] > 0 {
				places[l.text] = append(places[l.text], s.at(l.node))
			}
		}
	}
	return places
}

// ruleIDs returns the ids of the rules. They are one place: several rules may have an id.
func ruleIDs(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "internal/diagnose/rules/*.toml"))
	if err != nil {
		t.Fatal(err)
	}
	places := map[string][]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range idRule.FindAllStringSubmatch(string(text), -1) {
			places[id[1]] = []string{"internal/diagnose/rules"}
		}
	}
	return places
}

// errorIDs returns the ids of the errors that a file makes. An error has a field What beside its ID.
func errorIDs(s source) (ids []literal) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		list, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := fieldsOf(list)
		if text, ok := textOf(fields["ID"]); ok && fields["What"] != nil {
			ids = append(ids, literal{fields["ID"], text})
		}
		return true
	})
	return ids
}

// fieldsOf returns the fields of a composite literal by their names.
func fieldsOf(list *ast.CompositeLit) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	for _, e := range list.Elts {
		if field, ok := e.(*ast.KeyValueExpr); ok {
			if name, ok := field.Key.(*ast.Ident); ok {
				fields[name.Name] = field.Value
			}
		}
	}
	return fields
}

// composedIDs returns patterns of the ids that are sums, as "step/" + kind is.
func composedIDs(t *testing.T) (patterns []*regexp.Regexp) {
	t.Helper()
	for _, s := range product(t) {
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if sum, ok := n.(*ast.BinaryExpr); ok {
				if p := sumPattern(sum); idSum.MatchString(p) {
					patterns = append(patterns, regexp.MustCompile("^"+p+"$"))
				}
				return false
			}
			return true
		})
	}
	return patterns
}

// sumPattern returns a pattern of the texts that a sum of strings may have.
func sumPattern(e ast.Expr) string {
	if sum, ok := e.(*ast.BinaryExpr); ok {
		return sumPattern(sum.X) + sumPattern(sum.Y)
	}
	if text, ok := textOf(e); ok {
		return regexp.QuoteMeta(text)
	}
	return "[a-z-]+"
}
