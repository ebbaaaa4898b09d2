package versions

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

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
	checkRanges(t, rows)
	head := []string{"series", "latest release", "architectures", "end of support", ""}
	pages.Check(t, "../../docs/reference/versions.md", "releases", pages.Table(head, rows), *update)
}

// The page about support has each series that was supported when the inventory was last updated, with the day from
// which a version of Tandem may remove it.
func TestSupportIsDocumented(t *testing.T) {
	inv, err := Load("", os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	var updated string // as the builds of Python are dated
	has := func(s Series) bool {
		return slices.ContainsFunc(inv, func(r Release) bool {
			return r.ID == s.ID && strings.HasPrefix(r.Version, s.Name+".")
		})
	}
	for _, r := range inv {
		if r.ID == Python {
			updated = max(updated, r.Build)
		}
	}
	var rows [][]string
	for _, s := range parsed[Series]("series.json", embeddedSeries) {
		end, err := time.Parse(time.DateOnly, s.End)
		if err != nil {
			t.Fatal(err)
		}
		if !has(s) || end.Format("20060102") < updated {
			continue
		}
		note := ""
		if runtimes[s.ID].series == s.Name {
			note = "default"
		}
		rows = append(rows,
			[]string{s.ID.Name() + " " + s.Name, s.End, end.AddDate(0, 6, 0).Format(time.DateOnly), note})
	}
	if len(rows) < 4 {
		t.Errorf("only %d series are supported", len(rows))
	}
	head := []string{"series", "security fixes until", "may be removed from", ""}
	pages.Check(t, "../../docs/policies/python-and-node.md", "support", pages.Table(head, rows), *update)
}

// checkRanges compares the first and the last series, and the defaults, with what documents say.
func checkRanges(t *testing.T, rows [][]string) {
	t.Helper()
	var python, node []string
	for _, row := range rows {
		if name, found := strings.CutPrefix(row[0], "Python "); found {
			python = append(python, name)
		} else {
			node = append(node, strings.TrimPrefix(row[0], "Node.js "))
		}
	}
	known := fmt.Sprintf("CPython %s to %s, Node.js %s to %s",
		python[len(python)-1], python[0], node[len(node)-1], node[0])
	if readme := pages.Read(t, "../../README.md"); !strings.Contains(readme, known) {
		t.Errorf("README.md does not say %q", known)
	}
	defaults := fmt.Sprintf("Python %s, Node.js %s", runtimes[Python].series, runtimes[Node].series)
	page := pages.Read(t, "../../docs/reference/versions.md")
	if !strings.Contains(page, "default series is used: "+defaults) {
		t.Errorf("the page does not say %q", defaults)
	}
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
