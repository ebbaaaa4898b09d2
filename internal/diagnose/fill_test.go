package diagnose

import (
	"errors"
	"regexp"
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

// A group that matched nothing does not replace what an earlier message has shown.
func TestGroupsWithoutAMatchChangeNothing(t *testing.T) {
	vars := Vars{"name": "before"}
	pattern := regexp.MustCompile(`(?P<name>a)?(?P<other>b)(c)`)
	if !groups(pattern, "xbc", vars) || vars["name"] != "before" || vars["other"] != "b" || vars["said"] != "bc" ||
		len(vars) != 3 {
		t.Errorf("got %q", vars)
	}
}

// The line with the mark is quoted even if it looks like advice; advice after it ends the quotation.
func TestASentenceEndsWhereAdviceBegins(t *testing.T) {
	const output = "error Found incompatible module.\nmore\nTo fix this, do so\n"
	if got := load().known.sentence(output,
		[]string{"nothing", "Found incompatible"}); got != "Found incompatible module.\nmore" {
		t.Errorf("got %q", got)
	}
}
