package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// places are the rules that exist in one place only, by the string literals that show them. Literals elsewhere are
// exceptions. limits.toml has their number.
var places = []struct {
	rule    string
	texts   func(source) []literal
	pattern string
	in      string // file or directory
}{
	{"names of BP_ variables outside of config", literals, `\bBP_[A-Z]`, "internal/config"},
	{"pack build outside of fail", literals, `\bpack build\b`, "internal/fail"},
	{"Debian packages outside of diagnose", literals, `\b(lib|zlib|unixodbc|default-lib|python3)[a-z0-9.+-]*-dev\b`,
		"internal/diagnose"},
	{"series outside of versions", literals, `^(3\.\d+|[12]\d)$`, "internal/versions"},
	{"uv venv outside of manager", rows, `^uv venv\b`, "internal/manager"},
	{"directories to leave out, outside of app/dirs.go", literals, `^(__pycache__|node_modules)$`,
		"internal/app/dirs.go"},
	{"shell quoting outside of shell", literals, `'\\''|'"'"'`, "internal/shell"},
}

func TestEachRuleHasOnePlace(t *testing.T) {
	all := product(t)
	for _, p := range places {
		t.Run(p.rule, func(t *testing.T) {
			pattern := regexp.MustCompile(p.pattern)
			var found []string
			for _, s := range all {
				if s.name == p.in || strings.HasPrefix(s.name, p.in+"/") {
					continue
				}
				for _, l := range p.texts(s) {
					if pattern.MatchString(l.text) {
						found = append(found, fmt.Sprintf("%s: %.60q", s.at(l.node), l.text))
					}
				}
			}
			atMost(t, p.rule, len(found), found...)
		})
	}
}

// literal is the text of a string literal, or of several that are neighbors.
type literal struct {
	node ast.Node
	text string
}

// literals returns the string literals of a file. Names of imports and tags of fields are not among them.
func literals(s source) (all []literal) {
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			ast.Inspect(n.Type, visit)
			return false
		case *ast.BasicLit:
			if text, ok := textOf(n); ok {
				all = append(all, literal{n, text})
			}
		}
		return true
	}
	ast.Inspect(s.ast, visit)
	return all
}

// rows returns the string literals that are neighbors in the arguments of calls and in lists, joined by spaces.
func rows(s source) (all []literal) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			all = append(all, joined(n.Args)...)
		case *ast.CompositeLit:
			all = append(all, joined(n.Elts)...)
		}
		return true
	})
	return all
}

// joined returns the texts of literals that are neighbors, if there are two or more.
func joined(all []ast.Expr) (texts []literal) {
	for i := 0; i < len(all); i++ {
		first := all[i]
		var words []string
		for ; i < len(all); i++ {
			text, ok := textOf(all[i])
			if !ok {
				break
			}
			words = append(words, text)
		}
		if len(words) > 1 {
			texts = append(texts, literal{first, strings.Join(words, " ")})
		}
	}
	return texts
}

// textOf returns the value of a string literal.
func textOf(e ast.Expr) (text string, ok bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func TestLiteralsAreFound(t *testing.T) {
	s, err := parse("testdata/places/places.go", "places")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ got, want []string }{
		"literals": {texts(literals(s)), []string{"a", "b", "c", "d"}},
		"rows":     {texts(rows(s)), []string{"b c"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %q, want %q", name, c.got, c.want)
		}
	}
}

func texts(all []literal) (texts []string) {
	for _, l := range all {
		texts = append(texts, l.text)
	}
	return texts
}
