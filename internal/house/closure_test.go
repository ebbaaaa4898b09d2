package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/tandem-cnb/tandem"

// goPackage is what go list says about a package.
type goPackage struct {
	ImportPath string
	Standard   bool
	Imports    []string // without those of tests
	Module     *struct{ Path string }
}

// closure returns the packages that a package of the product needs, and the package itself.
func closure(t *testing.T, name string) (all []goPackage) {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Module", module+"/"+name)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &errs)
	}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// A plan depends on the app and the settings alone: package plan can neither read a file nor a clock, and cannot start
// a program or ask a server.
func TestPlanIsPure(t *testing.T) {
	ours := strings.Fields("app config debian fail git installed limits manager note plan process pysource " +
		"recipe secret settings shell show similar static versions")
	others := []string{
		"github.com/BurntSushi/toml", "go.yaml.in/yaml/v3", "gopkg.in/ini.v1", "github.com/bmatcuk/doublestar/v4",
		"mvdan.cc/sh/v3", "github.com/Masterminds/semver/v3",
		"github.com/sabhiram/go-gitignore", "github.com/aquasecurity/go-pep440-version", "github.com/aquasecurity/go-version", "golang.org/x/xerrors",
	}
	all := closure(t, "internal/plan")
	for _, p := range all {
		name, isOurs := strings.CutPrefix(p.ImportPath, module+"/internal/")
		switch {
		case p.Standard:
			if slices.Contains([]string{"net", "net/http", "os/exec", "os/user", "plugin"}, p.ImportPath) {
				t.Errorf("%s is in the closure of plan", p.ImportPath)
			}
		case isOurs:
			if !slices.Contains(ours, name) {
				t.Errorf("internal/%s is in the closure of plan", name)
			}
			checkImports(t, p)
		case p.Module == nil || !slices.Contains(others, p.Module.Path):
			t.Errorf("%s is in the closure of plan", p.ImportPath)
		}
	}
	if len(all) < 50 {
		t.Errorf("go list names %d packages only", len(all))
	}
}

// checkImports reports what a pure package cannot import.
func checkImports(t *testing.T, p goPackage) {
	t.Helper()
	for _, name := range []string{"os", "time", "math/rand", "math/rand/v2", "crypto/rand"} {
		if slices.Contains(p.Imports, name) {
			t.Errorf("%s imports %s", p.ImportPath, name)
		}
	}
}

// Developers run tandem explain on their own machines.
func TestTandemBuildsForOtherSystems(t *testing.T) {
	for _, system := range []string{"windows", "darwin"} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("go", "build", "-o", os.DevNull, module+"/cmd/tandem") // it compiles, and does not link
			cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
