package versions

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// shipped is read once; it is long.
var shipped = sync.OnceValues(func() (Inventory, error) { return Load("no-such-folder", os.ReadFile) })

func embeddedInventory(t testing.TB) Inventory {
	t.Helper()
	inv, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

func TestEveryEntryIsFoundByItsVersion(t *testing.T) {
	inv := embeddedInventory(t)
	lines := map[string]int{}
	for _, e := range inv {
		dep, err := inv.Choose(Ask{ID: e.ID, First: Request{Want: e.Version}}, e.Arch)
		if err != nil {
			t.Errorf("%s %s %s: %v", e.ID, e.Version, e.Arch, err)
			continue
		}
		if dep.Build > e.Build {
			continue // a later build of the same version
		}
		if dep.URI != e.URI || dep.Checksum() != "sha256:"+e.SHA256 || dep.Arch != e.Arch || dep.Strip != 1 {
			t.Errorf("%s %s %s resolves to another archive: %+v", e.ID, e.Version, e.Arch, dep)
		}
		if !strings.Contains(e.URI, e.Version) {
			t.Errorf("%s %s has the address %s", e.ID, e.Version, e.URI)
		}
		if (dep.EOL == "") != (e.ID == UV) {
			t.Errorf("%s %s ends on %v", e.ID, e.Version, dep.EOL)
		}
		lines[string(e.ID)+" "+regexp.MustCompile(`^3\.\d+|^\d+`).FindString(e.Version)+" "+e.Arch]++
	}
	for _, line := range strings.Fields("8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26") {
		if n, m := lines["node "+line+" amd64"], lines["node "+line+" arm64"]; n == 0 || n != m {
			t.Errorf("Node.js %s: %d and %d versions", line, n, m)
		}
	}
	for _, line := range strings.Fields("3.9 3.10 3.11 3.12 3.13 3.14") {
		if n, m := lines["cpython "+line+" amd64"], lines["cpython "+line+" arm64"]; n == 0 || n != m {
			t.Errorf("CPython %s: %d and %d versions", line, n, m)
		}
	}
	if _, err := inv.Choose(Ask{ID: "node", First: Request{Want: "26.8.0"}}, "amd64"); err == nil {
		t.Error("Node.js 26.8.0, whose --version is an alpha's, is offered")
	}
}

func TestADependencyHasWhatAnSBOMNeeds(t *testing.T) {
	inv := embeddedInventory(t)
	for id, want := range map[ID]string{
		"node":    "pkg:generic/node@24.21.0?arch=amd64&checksum=sha256:6e1db87ef58b8819e5d5402eff1536491b18edd8eb7bee5ef7897876e88dc5ff&download_url=https%3A%2F%2Fnodejs.org%2Fdist%2Fv24.21.0%2Fnode-v24.21.0-linux-x64.tar.gz",
		"cpython": "pkg:generic/python@3.13.16?arch=amd64&checksum=",
		"uv":      "pkg:github/astral-sh/uv@0.12.16?arch=amd64&checksum=",
	} {
		version := regexp.MustCompile(`@([^?]+)`).FindStringSubmatch(want)[1]
		dep, err := inv.Choose(Ask{ID: id, First: Request{Want: version}}, "amd64")
		if err != nil {
			t.Fatal(err)
		}
		if got := dep.PURL(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: package URL %s, want %s", id, got, want)
		}
		if name := map[ID]string{Python: "Python", Node: "Node.js", UV: "uv"}[id]; id.Name() != name {
			t.Errorf("%s: the log's name is %q", id, id.Name())
		}
		if !strings.Contains(dep.CPE(), ":"+version+":") || len(dep.Licenses()) == 0 || id.Project() == "" {
			t.Errorf("%s: CPE %s, licenses %v, name %q", id, dep.CPE(), dep.Licenses(), id.Project())
		}
	}
}

func TestInventoryJSONReplacesTheEmbeddedOne(t *testing.T) {
	dir := t.TempDir()
	text := `[{"id": "cpython", "version": "3.15.0rc1", "build": "20260801", "arch": "amd64", "strip": 1, "eol": "2031-10-31",
		"uri": "file:///archives/python.tar.gz", "sha256": "` + strings.Repeat("AB", 32) + `"}]`
	if err := os.WriteFile(filepath.Join(dir, "inventory.json"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	inv, err := Load(dir, os.ReadFile)
	if err != nil || len(inv) != 1 {
		t.Fatalf("got %v, %v", inv, err)
	}
	dep, err := inv.Choose(Ask{ID: "cpython", First: Request{Want: "3.15.0rc1"}}, "amd64")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dep.Checksum(), "sha256:"+strings.Repeat("ab", 32); got != want {
		t.Errorf("got checksum %s, want %s: libpak compares lower-case digits", got, want)
	}
	if want := "2031-10-31"; dep.EOL != want {
		t.Errorf("got the end of life %s, want %s", dep.EOL, want)
	}
}

func TestABrokenInventoryIsAnError(t *testing.T) {
	good := Release{ID: "node", Version: "22.1.0", Arch: "amd64", URI: "https://x/node.tar.gz",
		SHA256: strings.Repeat("0", 64), Strip: 1}
	flat := good
	flat.Strip = 0
	if err := errors.Join(good.check(), flat.check()); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Release){
		"id":      func(e *Release) { e.ID = "deno" },
		"version": func(e *Release) { e.Version = "22" },
		"uri":     func(e *Release) { e.URI = "https://x/node.zip" },
		"sha256":  func(e *Release) { e.SHA256 = "abc" },
		`"abab"`:  func(e *Release) { e.SHA256 = "abab" },
		"arch":    func(e *Release) { e.Arch = "" },
		"strip":   func(e *Release) { e.Strip = -1 },
		"eol":     func(e *Release) { e.EOL = "soon" },
	} {
		bad := good
		change(&bad)
		text, err := json.Marshal(Inventory{good, bad})
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "inventory.json"), text, 0o644); err != nil {
			t.Fatal(err)
		}
		if _,
			err := Load(dir, os.ReadFile); err == nil || !strings.Contains(err.Error(), "entry 2") ||
			!strings.Contains(err.Error(), what) {
			t.Errorf("a bad %s: got %v", what, err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		if _, err := Load(dir, os.ReadFile); err != nil {
			b.Fatal(err)
		}
	}
}
