package explain

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

const odd = "a\x1b[2J\x1b]0;title\x07\x00\r\u009b31m\u202eb\u2028c\x7f\U000e0001é🦄\n::error::x\n##vso[task.x]y"

func oddExplanation() Explanation {
	return Explanation{
		TakesPart: true, Reason: odd, Decisions: []string{odd},
		Runtimes: []Runtime{{odd, odd, odd, []Asked{{odd, odd}}}},
		Packages: []Package{{odd, odd, odd, odd, []string{odd}}},
		Order:    []Step{{odd, odd, odd, []string{odd}, odd}}, Processes: []Process{{odd, odd, true, odd}},
		Image:    Image{[]string{odd}, []string{odd}},
		Warnings: []string{odd}, Advice: []string{odd}, Problems: []Problem{{odd, odd, odd, odd}},
	}
}

func TestTextAndJSONAreClean(t *testing.T) {
	e := oddExplanation()
	for _, problems := range [][]Problem{nil, e.Problems} {
		e.Problems = problems
		var text, data strings.Builder
		e.Write(&text)
		if err := e.writeJSON(&data); err != nil {
			t.Fatal(err)
		}
		for name, said := range map[string]string{"text": text.String(), "JSON": data.String()} {
			if raw, line := hostile.Raw(said), hostile.Obeyed(said); raw != "" || line != "" ||
				strings.Contains(said, "\U000e0001") {
				t.Errorf("%s: raw %q, obeyed %q", name, raw, line)
			}
		}
		var again Explanation
		if err := json.Unmarshal([]byte(data.String()), &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e.withoutNulls(), again); diff != "" {
			t.Errorf("JSON has other values (-want +got):\n%s", diff)
		}
	}
}

// However much there is to say, it is at most 64 KB, and the problems are in it.
func TestTextHasALimit(t *testing.T) {
	many := make([]string, 5000)
	for i := range many {
		many[i] = fmt.Sprint("line ", i)
	}
	e := Explanation{TakesPart: true, Decisions: many, Warnings: many,
		Problems: []Problem{{ID: "a/b", What: "what", Why: strings.Repeat("x", 1<<20), Fix: "fix"}}, More: 3}
	var out strings.Builder
	e.Write(&out)
	text := out.String()
	if len(text) > hostile.MaxOutput || !strings.Contains(text, " KB more)\n4 problems end the build\n  what\n") ||
		!strings.Contains(text, "  fix\n  (a/b)\n\n  and 3 more\n") {
		t.Errorf("%d bytes, at the end %q", len(text), text[max(0, len(text)-200):])
	}
	e.Problems[0].Why = strings.Repeat("a line of the evidence\n", 10_000)
	out.Reset()
	e.Write(&out)
	if text = out.String(); len(text) > hostile.MaxOutput || strings.Count(text, " KB more)\n") != 2 {
		t.Errorf("%d bytes, at the end %q", len(text), text[max(0, len(text)-200):])
	}
	out.Reset()
	Explanation{TakesPart: true, Decisions: many[:10]}.Write(&out)
	if strings.Contains(out.String(), "KB more") {
		t.Error(out.String())
	}
}
