package diagnose

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVariablesAreShownSafely(t *testing.T) {
	v := values{failure: &failure{}, Vars: Vars{"file": "a b.txt", "none": ""}}
	for text, want := range map[string]string{
		"rm {file}": "rm 'a b.txt'", "{file|text}": "a b.txt", "{file|base|quoted}": "'a b.txt'", "x{none}": "x",
	} {
		if got := v.fill(text, "path"); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// A list that has fewer entries than the first one stays as it is.
func TestAPieceIsRepeatedForEachEntry(t *testing.T) {
	v := values{failure: &failure{}, Vars: Vars{"names": "A\nB", "examples": "1", "other": "x\ny"}}
	var got []Vars
	for _, entry := range v.each([]string{"names", "examples"}) {
		got = append(got, entry.Vars)
	}
	want := []Vars{{"names": "A", "examples": "1", "other": "x\ny"}, {"names": "B", "examples": "1", "other": "x\ny"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnExplanationHasItsCause(t *testing.T) {
	cause := errors.New("exit status 1")
	if err := (Explanation{ID: "a/b", cause: cause}).Error(); !errors.Is(err, cause) ||
		err.Err.Error() != "exit status 1" {
		t.Errorf("got %v", err.Err)
	}
	if err := (Explanation{ID: "a/b"}).Error(); err.Err.Error() != "explained" {
		t.Errorf("without a cause: %v", err.Err)
	}
	if err := (Explanation{}).Error(); err != nil {
		t.Errorf("nothing is explained: %v", err)
	}
}
