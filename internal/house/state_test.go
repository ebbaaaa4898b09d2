package house

import (
	"go/ast"
	"go/token"
	"path"
	"testing"
)

// A build is a value, so that two could run in one process. No function assigns to a package variable.
func TestNoFunctionWritesAPackageVariable(t *testing.T) {
	all := product(t)
	variables := packageVariables(all)
	for _, s := range all {
		for _, n := range assigned(s, variables) {
			t.Errorf("%s assigns to a package variable. Return the value, or keep it in a struct", s.at(n))
		}
	}
}

func TestAssignmentsAreFound(t *testing.T) {
	s, err := parse("testdata/state/state.go", "state")
	if err != nil {
		t.Fatal(err)
	}
	if found := assigned(s, packageVariables([]source{s})); len(found) != 7 {
		for _, n := range found {
			t.Log(s.at(n))
		}
		t.Errorf("%d assignments are found, want 7", len(found))
	}
}

// packageVariables returns the names of the package variables, by package.
func packageVariables(all []source) map[string]map[string]bool {
	names := map[string]map[string]bool{}
	for _, s := range all {
		if names[s.pkg] == nil {
			names[s.pkg] = map[string]bool{}
		}
		for _, name := range variablesOf(s) {
			names[s.pkg][name.Name] = true
		}
	}
	return names
}

// variablesOf returns the package variables that a file declares.
func variablesOf(s source) (names []*ast.Ident) {
	for _, d := range s.ast.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				if name.Name != "_" {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// assigned returns the places of a file that assign to package variables, or to a part of one.
func assigned(s source, variables map[string]map[string]bool) (found []ast.Node) {
	imports := map[string]string{} // package by name
	for _, i := range s.ast.Imports {
		name := i.Path.Value[1 : len(i.Path.Value)-1]
		imports[path.Base(name)] = name
	}
	check := func(targets ...ast.Expr) {
		for _, target := range targets {
			if pkg, name := variableOf(target, imports); name != nil {
				if pkg == "" && (name.Obj == nil || isPackageVariable(s, name)) && variables[s.pkg][name.Name] ||
					pkg != "" && variables[trimModule(pkg)][name.Name] {
					found = append(found, target)
				}
			}
		}
	}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				check(n.Lhs...)
			}
		case *ast.IncDecStmt:
			check(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				check(n.Key, n.Value)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && f.Obj == nil {
				check(n.Args[0])
			}
		}
		return true
	})
	return found
}

// isPackageVariable reports whether a name that its file declares is not one of a function.
func isPackageVariable(s source, name *ast.Ident) bool {
	for _, declared := range variablesOf(s) {
		if declared.Obj == name.Obj {
			return true
		}
	}
	return false
}

// variableOf returns the variable of which e is a part, and the package that e names. The name is nil if e is a part of
// something else.
func variableOf(e ast.Expr, imports map[string]string) (pkg string, name *ast.Ident) {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return "", x
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			if of, ok := x.X.(*ast.Ident); ok && of.Obj == nil && imports[of.Name] != "" {
				return imports[of.Name], x.Sel
			}
			e = x.X
		default:
			return "", nil
		}
	}
}
