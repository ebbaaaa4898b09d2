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
