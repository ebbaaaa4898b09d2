package build

import (
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/tree"
)

// byName are the functions that follow a name wherever it leads, or take it for a pattern.
var byName = map[string][]string{
	"os": {
		"Chmod", "Chown", "Chtimes", "CopyFS", "Create", "CreateTemp", "DirFS", "Lchown", "Link", "Lstat", "Mkdir",
		"MkdirAll", "MkdirTemp", "Open",
		"OpenFile", "OpenInRoot", "ReadDir", "ReadFile", "Readlink", "Remove", "RemoveAll", "Rename", "Stat", "Symlink",
		"Truncate", "WriteFile",
	},
	"filepath": {"EvalSymlinks", "Glob", "Walk", "WalkDir"},
	"":         {"isDir", "isFile", "exists", "removeMatching", "writeScript", "packageIn", "distributions"},
}

// ofApp reports whether an expression names something in the app's directory: by the root, or by a variable that was
// made of it.
func ofApp(e ast.Expr, known map[string]bool) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit: // its calls are looked at by themselves
			return false
		case *ast.SelectorExpr:
			found = found || n.Sel.Name == "root" || n.Sel.Name == "ApplicationPath"
		case *ast.Ident:
			found = found || known[n.Name]
		}
		return true
	})
	return found
}

// places are the arguments that a function looks up: a link's target and a script's text are written only.
func places(args []ast.Expr, function string) []ast.Expr {
	switch {
	case function == "Symlink" && len(args) == 2:
		return args[1:]
	case function == "writeScript":
		return args[:1]
	}
	return args
}

// variables are those of a function that ofApp holds for. It is enough to go through the function a few times.
func variables(f *ast.FuncDecl) map[string]bool {
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
	files := gotoken.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		known := variables(f)
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
			if slices.Contains(byName[pkg], function) && slices.ContainsFunc(places(call.Args, function), isOfApp) {
				found = append(found, fmt.Sprintf("%s: %s", files.Position(call.Pos()), function))
			}
			return true
		})
	}
	return found
}

// What the app's files say becomes names. Only package tree keeps these names below the app's directory.
func TestTheAppIsReadAndChangedThroughItsTreeAlone(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil || len(names) < 20 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		for _, found := range violations(t, name, nil) {
			t.Errorf("%s follows a name of the app wherever it leads. Use b.tree, b.source, or one of appfiles.go", found)
		}
	}
}

func TestViolationsAreFound(t *testing.T) {
	for body, want := range map[string]int{
		`os.RemoveAll(filepath.Join(b.root, name))`:                             1,
		`dir := filepath.Join(b.root, name); os.WriteFile(dir+"/x", nil, 0)`:    1,
		`at := b.root; file := filepath.Join(at, "x"); filepath.Glob(file)`:     1,
		`if x := filepath.Join(in.ApplicationPath, "x"); isFile(x) { return }`:  1,
		`os.RemoveAll(filepath.Join(b.scratch, "x"))`:                           0,
		`sh := run.Shell{Dir: b.root}; sh.Run(ctx); os.RemoveAll(b.scratch)`:    0,
		`b.tree.RemoveAll(p); b.hasFile("x"); p, err := b.inApp(b.root); _ = p`: 0,
	} {
		if got := violations(t, "x.go", "package x\nfunc f() { "+body+" }"); len(got) != want {
			t.Errorf("%s: %v, want %d", body, got, want)
		}
	}
}

func testAppFiles(t *testing.T, when spec.G, it spec.S) {
	// Places that settings name may be anywhere: what is outside of the app is looked at by its kind alone.
	it("places that settings name", func() {
		b := newBench(t, map[string]string{"static/.hidden/x": "", "static/a": ""})
		b.must(os.MkdirAll(filepath.Join(b.dir, "outside/.hidden/x"), 0o755))
		b.must(os.Symlink(filepath.Join(b.dir, "outside"), filepath.Join(b.app, "link")))
		app, err := tree.Open(b.app)
		b.must(err)
		defer app.Close()
		build := &builder{root: b.app, tree: app, source: app.FS(), machine: os.DirFS("/")}
		for dir, want := range map[string]struct{ files, hidden bool }{
			filepath.Join(b.app, "static"):     {true, true},
			filepath.Join(b.dir, "outside"):    {true, false},
			filepath.Join(b.app, "link"):       {true, false}, // as Paketo's node_modules
			filepath.Join(b.app, "../outside"): {true, false},
			filepath.Join(b.app, "gone"):       {},
			"":                                 {},
			"/":                                {true, false},
			b.app + "/a\x00b":                  {},
		} {
			hidden := build.leftOut(dir, filepath.Join(b.dir, "collected"))
			if got := build.hasFiles(dir); got != want.files || (len(hidden) > 0) != want.hidden {
				t.Errorf("%q: has files %v, hidden %v, want %+v", dir, got, hidden, want)
			}
		}
		if entries, err := fs.ReadDir(build.source, "."); err != nil || len(entries) != 2 {
			t.Errorf("%v, %v", entries, err)
		}
	})

	// STATIC_ROOT may be anywhere. Files of the app lose their time before collectstatic, others nothing.
	it("a static root outside of the app is left alone", func() {
		for name, c := range map[string]struct {
			root  string
			older bool
		}{
			"in the app": {"static_root", true}, "a link in the app": {"inner", true}, "beside the app": {"../outside", false},
			"a link out of it": {"link", false},
			"the app itself":   {".", false}, "the machine": {"../../../../../../..", false},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{"manage.py": "", "requirements.txt": "django\n", "static_root/a.css": ""})
				outside := filepath.Join(b.dir, "outside", "a.css")
				b.must(os.MkdirAll(filepath.Dir(outside), 0o755))
				b.must(os.WriteFile(outside, nil, 0o644))
				b.must(os.Symlink(filepath.Dir(outside), filepath.Join(b.app, "link")))
				b.must(os.Symlink("static_root", filepath.Join(b.app, "inner")))
				b.replace("uv", settingsOf(`printf '{"StaticRoot": "%s", "Staticfiles": true, "LocalStatic": true}' "`+
					filepath.Join(b.app, c.root)+`"; exit`))
				if err := b.fenced(); err != nil {
					t.Fatalf("%v\n%s", err, &b.log)
				}
				for file, older := range map[string]bool{outside: false, filepath.Join(b.app, "static_root/a.css"): c.older} {
					if info, err := os.Stat(file); err != nil || (time.Since(info.ModTime()) > time.Hour) != older {
						t.Errorf("%s is of %v, %v", file, info.ModTime(), err)
					}
				}
			})
		}
	})

	// Hooks make links with absolute targets in the app, since they know where it is: these are files of the app.
	it("absolute links of a hook", func() {
		b := newBench(t, simple())
		b.write(map[string]string{
			"config/Procfile": "web: true\n", "config/requirements.txt": "django\n", "config/post": "#!/bin/sh\necho RAN\n",
			"bin/pre_compile": `rm -f requirements.txt Procfile
ln -s "$BUILD_DIR/config/requirements.txt" "$BUILD_DIR/config/Procfile" .
ln -s "$BUILD_DIR/config/post" bin/post_compile
`,
		})
		result, err := b.build()
		b.must(err)
		if len(result.Processes) == 0 || result.Processes[0].Type != "web" || !strings.Contains(b.log.String(), " RAN\n") {
			t.Errorf("%+v\n%s", result.Processes, &b.log)
		}
	})
}
