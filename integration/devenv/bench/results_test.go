package bench

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What a run writes is what the charts read. A case that was not measured has no medians.
func TestResultsAreReadAsTheyAreWritten(t *testing.T) {
	want := Results{App: "large", Date: "24 November 2026", Rounds: 3, Versions: []string{"a"},
		Cases:  []Case{{"cold", "cold: no image", map[string]float64{"Tandem": 35.4}}},
		Images: map[string]float64{"Tandem": 299}}
	file := filepath.Join(t.TempDir(), "results.json")
	if err := want.Write(file); err != nil {
		t.Fatal(err)
	}
	got, err := ReadResults(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Case("cold")["Tandem"] != 35.4 || got.Case("view") != nil {
		t.Errorf("the cases are %v and %v", got.Case("cold"), got.Case("view"))
	}
}

// The median of an even number of times is between the two in the middle.
func TestMedian(t *testing.T) {
	for _, c := range []struct {
		times []time.Duration
		want  time.Duration
	}{{[]time.Duration{1, 2, 9}, 2}, {[]time.Duration{1, 2, 4, 9}, 3}, {[]time.Duration{5}, 5}} {
		if got := median(c.times); got != c.want {
			t.Errorf("the median of %v is %d, want %d", c.times, got, c.want)
		}
	}
	if got := rounded(11.66); got != 11.7 {
		t.Errorf("got %v", got)
	}
}

// Each kind of run has a file of its own.
func TestResultsHaveAFileForEachKindOfRun(t *testing.T) {
	for want, run := range map[string][2]string{
		"docs/pictures/benchmark.json": {Same, Engine}, "docs/pictures/benchmark-third.json": {Third, Engine},
		"docs/pictures/benchmark-registry.json":   {Same, Registry},
		"docs/pictures/benchmark-3-registry.json": {More, Registry},
	} {
		if got := ResultsFile(run[0], run[1]); got != want {
			t.Errorf("%v: got %s, want %s", run, got, want)
		}
	}
}

// The table has a row for each case and a column for each size, and no number for what was not measured.
func TestGrowthTable(t *testing.T) {
	results := func(dockerfile, ours float64) Results {
		return Results{Cases: []Case{
			{"cold", "cold: no image", map[string]float64{docker: dockerfile, tandem: ours, floor: 1}},
			{"view", "one line of a view", map[string]float64{tandem: ours / 2}},
		}}
	}
	got := GrowthTable(map[string]Results{Third: results(5, 7), Same: results(13.4, 20), More: results(40, 61.26)})
	want := `| seconds | Dockerfile, third | Dockerfile, 1 | Dockerfile, 3 | Tandem, third | Tandem, 1 | Tandem, 3 |
|---|--:|--:|--:|--:|--:|--:|
| cold: no image | 5.0 | 13.4 | 40.0 | 7.0 | 20.0 | 61.3 |
| one line of a view |  |  |  | 3.5 | 10.0 | 30.6 |
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
