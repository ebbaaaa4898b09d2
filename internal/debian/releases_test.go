package debian

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Names of packages differ between releases. Of each name of the table, a release has the package or one that
// provides it, unless the table says that it does not. The libraries of a package with headers are known by its name.
func TestNamesOfTheReleases(t *testing.T) {
	files, err := filepath.Glob("testdata/releases/*.txt")
	if err != nil || len(files) < 4 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		there, libraries := map[string]bool{}, map[string][]string{}
		for line := range strings.Lines(string(data)) {
			name, more, _ := strings.Cut(strings.TrimSpace(line), " ")
			if has, ok := strings.CutPrefix(more, "has "); ok {
				libraries[name] = strings.Fields(has)
				continue
			}
			there[name] = name != "#"
		}
		release := strings.Replace(strings.TrimSuffix(filepath.Base(file), ".txt"), "-", " ", 1)
		for _, k := range Libraries() {
			for _, name := range strings.Fields(k.Build + " " + k.Image + " " + k.Dev) {
				if there[name] == slices.Contains(Absent(release), name) {
					t.Errorf("%s: %s is there: %v", release, name, there[name])
				}
			}
			for _, name := range libraries[k.Dev] {
				if !k.IsIn(map[string]bool{name: true}) && !strings.HasPrefix(name, "libgeos-c1") {
					t.Errorf("%s: an image with %s does not have the library of %s", release, name, k.Dev)
				}
			}
			if k.Dev != "" && len(libraries[k.Dev]) == 0 {
				t.Errorf("%s: no library of %s is known", release, k.Dev)
			}
		}
	}
}

// A package that was renamed provides the old name.
func TestAPackageHasTheNamesThatItProvides(t *testing.T) {
	p, _ := packageOf("Package: libglib2.0-0t64\nProvides: libglib2.0-0 (= 2.80.0-6ubuntu1)\n")
	if got := strings.Join(p.Names(), " "); got != "libglib2.0-0t64 libglib2.0-0" {
		t.Error(got)
	}
}
