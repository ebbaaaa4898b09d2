package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// root is the directory of the repository.
const root = "../.."

// source is a Go file of the product.
type source struct {
	pkg, name string // directory and file, from the root of the repository
	text      string
	files     *token.FileSet
	ast       *ast.File
}

// at returns the place of a node, for a message.
func (s source) at(n ast.Node) string {
	p := s.files.Position(n.Pos())
	return p.String()
}

// product returns the Go files from which the programs of the buildpack are built, on any system.
func product(t *testing.T) []source {
	t.Helper()
	all, err := readProduct()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var readProduct = sync.OnceValues(func() (all []source, err error) {
	list := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,GoFiles,IgnoredGoFiles", "./cmd/...")
	list.Dir = root
	out, err := list.Output()
	if err != nil {
		return nil, err
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir         string
			GoFiles, IgnoredGoFiles []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		pkg, ours := strings.CutPrefix(p.ImportPath+"/", module+"/")
		for _, name := range append(p.GoFiles, p.IgnoredGoFiles...) {
			if !ours || strings.HasSuffix(name, "_test.go") {
				continue
			}
			s, err := parse(filepath.Join(p.Dir, name), strings.TrimSuffix(pkg, "/"))
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		}
	}
})

// parse reads a file of a package.
func parse(path, pkg string) (source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return source{}, err
	}
	s := source{pkg: pkg, name: filepath.Join(pkg, filepath.Base(path)), text: string(text), files: token.NewFileSet()}
	s.ast, err = parser.ParseFile(s.files, s.name, text, parser.ParseComments)
	return s, err
}

// sources returns the Go files below a directory that are not tests.
func sources(t *testing.T, dir string) (all []source) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		pkg, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		s, err := parse(path, pkg)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// trimModule returns the directory of a package of ours.
func trimModule(path string) string { return strings.TrimPrefix(path, module+"/") }
