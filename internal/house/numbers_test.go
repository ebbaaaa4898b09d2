package house

import (
	"bufio"
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	width     = 120 // columns, with tabs of 4
	short     = 40  // lines of a function
	long      = 60
	shortFile = 200
)

// comment is a line for readers: no directive, which begins without a space.
var comment = regexp.MustCompile(`^//( |$)`)

// TestNumbers compares what can be counted with limits.toml. go test -v -run TestNumbers ./internal/house prints all.
func TestNumbers(t *testing.T) {
	all := product(t)
	t.Run("variables", func(t *testing.T) { countVariables(t, all) })
	t.Run("lines", func(t *testing.T) { countLines(t, all) })
	t.Run("functions", func(t *testing.T) { countFunctions(t, all) })
	t.Run("structs", func(t *testing.T) { countFields(t, all) })
	t.Run("files", func(t *testing.T) { countFiles(t, all) })
	t.Run("requirements", countRequirements)
	t.Run("development", countDevelopment)
	t.Run("tests", countTests)
	l := readLimits(t)
	for _, part := range []map[string]int{l.AtMost, l.AtLeast} {
		for _, name := range slices.Sorted(maps.Keys(part)) {
			t.Logf("%-60s %6d", name, part[name])
		}
	}
}

func countVariables(t *testing.T, all []source) {
	var variables, patterns int
	for _, s := range all {
		variables += len(variablesOf(s))
		for _, d := range s.ast.Decls { // those in functions are compiled when they are needed
			ast.Inspect(d, func(n ast.Node) bool {
				_, function := n.(*ast.FuncDecl)
				if call, ok := n.(*ast.CallExpr); ok && strings.HasPrefix(nameOf(call.Fun), "regexp.MustCompile") {
					patterns++
				}
				return !function
			})
		}
	}
	atMost(t, "package variables", variables)
	atMost(t, "compiled patterns of package variables", patterns)
}

// nameOf returns "package.Function" for a call of another package, and "" for all else.
func nameOf(e ast.Expr) string {
	if f, ok := e.(*ast.SelectorExpr); ok {
		if pkg, ok := f.X.(*ast.Ident); ok {
			return pkg.Name + "." + f.Sel.Name
		}
	}
	return ""
}

// countLines counts lines that are not empty. Comments are no part of the code: a rule that needs a reason is not to
// lose it for the sake of the number.
func countLines(t *testing.T, all []source) {
	var lines, comments, wide int
	for _, s := range all {
		for line := range strings.Lines(s.text) {
			if isWide(line) {
				wide++
			}
			if line = strings.TrimSpace(line); line != "" {
				lines++
			}
			if comment.MatchString(line) {
				comments++
			}
		}
	}
	atMost(t, "product lines over 120 columns", wide)
	atMost(t, "product lines of Go that are neither empty nor comments, in hundreds", (lines-comments+99)/100)
	atLeast(t, "comment lines of the product, in percent", comments*100/lines)
}

// isWide reports whether a line is wider than a screen shows.
func isWide(line string) bool {
	return utf8.RuneCountInString(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")) > width
}

// countTests counts the wide lines of tests in both modules. Tests are not linted for it.
func countTests(t *testing.T) {
	var where []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "dist" || d.Name() == ".git"):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		number := 0
		for line := range strings.Lines(string(text)) {
			if number++; isWide(line) {
				where = append(where, fmt.Sprintf("%s:%d", path, number))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	atMost(t, "test lines over 120 columns", len(where), where...)
}

func countFunctions(t *testing.T, all []source) {
	var overShort, overLong []string
	for _, s := range all {
		for _, d := range s.ast.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := s.files.Position(f.End()).Line - s.files.Position(f.Pos()).Line + 1
			where := fmt.Sprintf("%s: %s has %d lines", s.at(f), f.Name.Name, lines)
			if lines > short {
				overShort = append(overShort, where)
			}
			if lines > long {
				overLong = append(overLong, where)
			}
		}
	}
	atMost(t, "functions over 40 lines", len(overShort), overShort...)
	atMost(t, "functions over 60 lines", len(overLong), overLong...)
}

// countFields counts the fields of structs. A struct acts if one of its methods takes a context.
func countFields(t *testing.T, all []source) {
	act, fields := map[string]bool{}, map[string]int{}
	for _, s := range all {
		ast.Inspect(s.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if fieldsOf, ok := n.Type.(*ast.StructType); ok {
					fields[s.pkg+"."+n.Name.Name] = fieldsOf.Fields.NumFields()
				}
			case *ast.FuncDecl:
				if n.Recv != nil && takesContext(n) {
					act[s.pkg+"."+receiverOf(n)] = true
				}
				return false
			}
			return true
		})
	}
	var acting, data int
	var largestActing, largestData string
	for name, n := range fields {
		if act[name] && n > acting {
			acting, largestActing = n, name
		} else if !act[name] && n > data {
			data, largestData = n, name
		}
	}
	atMost(t, "fields of the largest struct that acts", acting, largestActing)
	atMost(t, "fields of the largest struct of data", data, largestData)
}

func takesContext(f *ast.FuncDecl) bool {
	isContext := func(p *ast.Field) bool { return nameOf(p.Type) == "context.Context" }
	return slices.ContainsFunc(f.Type.Params.List, isContext)
}

// receiverOf returns the name of the type of which f is a method.
func receiverOf(f *ast.FuncDecl) string {
	typ := f.Recv.List[0].Type
	if pointer, ok := typ.(*ast.StarExpr); ok {
		typ = pointer.X
	}
	if name, ok := typ.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

func countFiles(t *testing.T, all []source) {
	var over []string
	packages := map[string]int{}
	for _, s := range all {
		packages[s.pkg]++
		if lines := strings.Count(s.text, "\n"); lines > shortFile {
			over = append(over, fmt.Sprintf("%s has %d lines", s.name, lines))
		}
	}
	var most int
	var largest string
	for pkg, n := range packages {
		if n > most {
			most, largest = n, pkg
		}
	}
	atMost(t, "files over 200 lines", len(over), over...)
	atMost(t, "files of the largest package", most, largest)
}

// countRequirements counts the direct requirements and the tools of the product's go.mod.
func countRequirements(t *testing.T) {
	file, err := os.Open(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var requirements, tools int
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		line := scanner.Text()
		if strings.Contains(line, " v") && !strings.Contains(line, "// indirect") {
			requirements++
		}
		if strings.HasPrefix(line, "tool ") {
			tools++
		}
	}
	atMost(t, "direct requirements of go.mod", requirements)
	atMost(t, "tools of go.mod", tools)
}

// countDevelopment counts what is not a test in module integration: the development environment, the benchmark, and
// what makes releases and pictures. Neither demos nor tests need the last two.
func countDevelopment(t *testing.T) {
	var environment, benchmark, releases int
	for _, s := range sources(t, "integration") {
		switch s.pkg {
		case "integration/release", "integration/pictures":
			releases += strings.Count(s.text, "\n")
		case "integration/devenv/bench":
			benchmark += strings.Count(s.text, "\n")
		default:
			environment += strings.Count(s.text, "\n")
		}
	}
	atMost(t, "lines of the development environment, in hundreds", (environment+99)/100)
	atMost(t, "lines of the benchmark, in hundreds", (benchmark+99)/100)
	atMost(t, "lines for releases and pictures, in hundreds", (releases+99)/100)
}
