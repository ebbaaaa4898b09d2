package versions

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/pages"
)

var update = flag.Bool("update", false, "write what the code has into the documentation")

// The page has each series with a release, its latest release, and the last day of its support.
func TestReleasesAreDocumented(t *testing.T) {
	inv, err := Load("", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, s := range parsed[Series]("series.json", embeddedSeries) {
		var latest string
		var archs []string
		for _, r := range inv {
			if r.ID != s.ID || !strings.HasPrefix(r.Version+".", s.Name+".") {
				continue
			}
			if latest == "" || newer(t, r.Version, latest) {
				latest, archs = r.Version, nil
			}
			if r.Version == latest && !slices.Contains(archs, r.Arch) {
				archs = append(archs, r.Arch)
			}
		}
		if latest == "" {
			continue
		}
		note := ""
		if runtimes[s.ID].series == s.Name {
			note = "default"
		}
		if s.LTS != "" {
			note = strings.TrimPrefix(note+", LTS "+s.LTS, ", ")
		}
		slices.Sort(archs)
		rows = append(rows, []string{s.ID.Name() + " " + s.Name, latest, strings.Join(archs, ", "), s.End, note})
	}
	if len(rows) < 20 {
		t.Errorf("only %d series have releases", len(rows))
	}
	head := []string{"series", "latest release", "architectures", "end of support", ""}
	pages.Check(t, "../../docs/reference/versions.md", "releases", pages.Table(head, rows), *update)
}

func newer(t *testing.T, a, b string) bool {
	t.Helper()
	v, errA := Parse(a)
	w, errB := Parse(b)
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	return v.Compare(w) > 0
}
