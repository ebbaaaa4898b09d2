package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// byName are the functions that follow a name wherever it leads, or take it for a pattern.
var byName = map[string][]string{
	"os": {
		"Chmod", "Chown", "Chtimes", "CopyFS", "Create", "CreateTemp", "DirFS", "Lchown", "Link", "Lstat", "Mkdir",
		"MkdirAll", "MkdirTemp", "Open",
		"OpenFile", "OpenInRoot", "ReadDir", "ReadFile", "Readlink", "Remove", "RemoveAll", "Rename", "Stat", "Symlink",
		"Truncate", "WriteFile",
	},
	"layer":    {"RemoveMatching"},
	"filepath": {"EvalSymlinks", "Glob", "Walk", "WalkDir"},
	"":         {"isDir", "isFile", "exists", "writeScript", "packageIn", "distributions"},
}

// ofApp reports whether an expression names something in the app's directory: by the root, or by a variable that was
// made of it.
func ofApp(e ast.Expr, known map[string]bool) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit: // its calls are looked at by themselves
			return false
		case *ast.SelectorExpr:
			found = found || n.Sel.Name == "Root" || n.Sel.Name == "ApplicationPath"
		case *ast.Ident:
			found = found || known[n.Name]
		}
		return true
	})
	return found
}

// lookedUp returns the arguments that a function looks up: a link's target and a script's text are written only.
func lookedUp(args []ast.Expr, function string) []ast.Expr {
	switch {
	case function == "Symlink" && len(args) == 2:
		return args[1:]
	case function == "writeScript":
		return args[:1]
	}
	return args
}

// namesOfApp returns the variables of a function that ofApp holds for. It is enough to go through the function a few
// times.
func namesOfApp(f *ast.FuncDecl) map[string]bool {
	known := map[string]bool{}
	for range 3 {
		ast.Inspect(f, func(n ast.Node) bool {
			assigned, ok := n.(*ast.AssignStmt)
			if !ok {
				return true
			}
			for i, value := range assigned.Rhs {
				name, isName := assigned.Lhs[i].(*ast.Ident)
				call, isCall := value.(*ast.CallExpr)
				joins := isCall && strings.HasPrefix(fmt.Sprint(call.Fun), "&{filepath ")
				if isName && ofApp(value, known) && (joins || !isCall) {
					known[name.Name] = true
				}
			}
			return true
		})
	}
	return known
}

// violations are the calls of a file that meet the app's directory otherwise than by its tree.
func violations(t *testing.T, name string, source any) (found []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		known := namesOfApp(f)
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			pkg, function := "", ""
			switch of := call.Fun.(type) {
			case *ast.Ident:
				function = of.Name
			case *ast.SelectorExpr:
				function = of.Sel.Name
				if x, ok := of.X.(*ast.Ident); ok {
					pkg = x.Name
				}
			}
			isOfApp := func(e ast.Expr) bool { return ofApp(e, known) }
			if slices.Contains(byName[pkg], function) && slices.ContainsFunc(lookedUp(call.Args, function), isOfApp) {
				found = append(found, fmt.Sprintf("%s: %s", files.Position(call.Pos()), function))
			}
			return true
		})
	}
	return found
}

// What the app's files say becomes names. Only package tree keeps these names below the app's directory.
func TestTheAppIsReadAndChangedThroughItsTreeAlone(t *testing.T) {
	for _, dir := range []string{"build", "internal/node", "internal/python", "internal/steps"} {
		names, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil || len(names) < 5 {
			t.Fatalf("%v, %v", names, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, found := range violations(t, name, nil) {
				t.Errorf("%s follows a name of the app wherever it leads. Use a method of steps.Dirs", found)
			}
		}
	}
}

func TestViolationsAreFound(t *testing.T) {
	for body, want := range map[string]int{
		`os.RemoveAll(filepath.Join(b.Root, name))`:                                1,
		`dir := filepath.Join(b.Root, name); os.WriteFile(dir+"/x", nil, 0)`:       1,
		`at := b.Root; file := filepath.Join(at, "x"); filepath.Glob(file)`:        1,
		`if x := filepath.Join(in.ApplicationPath, "x"); isFile(x) { return }`:     1,
		`os.RemoveAll(filepath.Join(b.Scratch, "x"))`:                              0,
		`sh := run.Shell{Dir: b.Root}; sh.Run(ctx); os.RemoveAll(b.Scratch)`:       0,
		`b.Tree.RemoveAll(p); b.HasFile("x"); p, err := b.Tree.Rel(b.Root); _ = p`: 0,
	} {
		if got := violations(t, "x.go", "package x\nfunc f() { "+body+" }"); len(got) != want {
			t.Errorf("%s: %v, want %d", body, got, want)
		}
	}
}
