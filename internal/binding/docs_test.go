package binding

import (
	"flag"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var update = flag.Bool("update", false, "write what the code has into the documentation")

const page = "../../docs/reference/bindings.md"

// The page has each type of credentials with its files, and a section for every other type.
func TestBindingTypesAreDocumented(t *testing.T) {
	var rows [][]string
	for _, c := range credentials {
		var languages []string
		for _, l := range c.languages {
			languages = append(languages, map[Language]string{Node: "Node.js", Python: "Python"}[l])
		}
		rows = append(rows, []string{"`" + c.binding + "`", "`" + c.name + "`", strings.Join(languages, ", ")})
	}
	pages.Check(t, page, "credentials", pages.Table([]string{"type", "file", "for the packages of"}, rows), *update)
	text := pages.Read(t, page)
	overview, _, _ := strings.Cut(text, "\n## ")
	for _, c := range credentials {
		if !strings.Contains(overview, "`"+c.binding+"`") {
			t.Errorf("the overview has no type %s", c.binding)
		}
	}
	for _, name := range []string{caType, buildEnvType} {
		if !strings.Contains(text, "\n## "+name+"\n") || !strings.Contains(text, "\n| `"+name+"` |") {
			t.Errorf("%s has no row or no section of %s", page, name)
		}
	}
}
