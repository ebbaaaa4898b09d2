package house

import (
	"os/exec"
	"strings"
	"testing"
)

// The programs of the buildpack are built from the product alone: nothing of the development environment, and nothing
// that only tests use. go-cmp is missing in the list: libpak imports it.
func TestProgramsContainTheProductAlone(t *testing.T) {
	const ours = "github.com/tandem-cnb/tandem/"
	forbidden := []string{
		ours + "integration", ours + "internal/examples", ours + "internal/hostile", ours + "internal/house",
		ours + "internal/pages",
		"github.com/sclevine/spec", "golang.org/x/tools", "testing",
	}
	list := exec.Command("go", "list", "-deps", "./cmd/...")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 100 {
		t.Fatalf("go list names only %d packages", len(packages))
	}
	for _, path := range packages {
		for _, prefix := range forbidden {
			if path == prefix || strings.HasPrefix(path, prefix+"/") {
				t.Errorf("a program imports %s", path)
			}
		}
	}
}
