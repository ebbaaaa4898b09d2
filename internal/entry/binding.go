package entry

import (
	"slices"

	"github.com/tandem-cnb/tandem/internal/pysource"
)

// indirect returns names with which code may bind a name that it does not write.
func indirect() []string {
	return []string{"globals", "locals", "vars", "exec", "eval", "setattr", "modules", "__getattr__", "__dict__"}
}

// mayBind reports whether the source of a module may bind a name, in any way. It is silent rather than wrong: a name
// that is only used is taken for a bound one, as is each name of a source that is not understood.
func mayBind(source, name string) bool {
	statements, complete := pysource.Read(source)
	return !complete || slices.ContainsFunc(statements, func(s pysource.Statement) bool { return binds(s, name) })
}

// binds is mayBind for a statement.
func binds(s pysource.Statement, name string) bool {
	if s.Mentions(indirect()...) {
		return true
	}
	if imports := s.Imports(); len(imports) > 0 {
		return slices.ContainsFunc(imports, func(i pysource.Import) bool { return i.As == name || i.Name == "*" })
	}
	for i, token := range s.Tokens {
		isAttribute := i > 0 && s.Tokens[i-1].Text == "."
		if token.Kind == pysource.Name && token.Text == name && !isAttribute {
			return true
		}
	}
	return false
}
