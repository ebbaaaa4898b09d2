package explain

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tandem-cnb/tandem/internal/hostile"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
)

const odd = "a\x1b[2J\x1b]0;title\x07\x00\r\u009b31m\u202eb\u2028c\x7f\U000e0001é🦄\n::error::x\n##vso[task.x]y"

func oddExplanation() Explanation {
	return Explanation{
		Version: odd, App: odd, Verdict: Ready, Reason: odd, Decisions: []string{odd}, said: []string{odd},
		Runtimes:  []Runtime{{odd, odd, odd, []Asked{{odd, odd}}}},
		Packages:  []Package{{odd, odd, odd, odd, []string{odd}, odd, 1, false}, {Why: odd, File: odd, Data: true}},
		Order:     []Step{{odd, odd, odd, odd, []string{odd}, odd, odd, odd}},
		Processes: []Process{{odd, odd, odd, true, odd, odd, odd}}, Variables: []Variable{{odd, odd, 1, odd}},
		Image: Image{[]string{odd}, []string{odd}},
		Findings: []Finding{{ID: odd, Severity: SeverityError, Message: odd, File: odd, Line: 1, Evidence: odd, URL: odd, fix: odd,
			Fix: []Action{{Say: odd}, {Run: odd, In: odd}, {Set: odd, To: odd}, {Edit: []string{odd}}}}},
	}
}

// Each format is fit for a terminal and for the log of a CI system, and JSON has the same values.
func TestEachFormatIsClean(t *testing.T) {
	e := oddExplanation()
	for _, verdict := range []Verdict{Ready, Fails, DoesNotApply} {
		e.Verdict = verdict
		var text, data, markdown, github strings.Builder
		e.Write(&text, Look{Verbose: true})
		e.WriteMarkdown(&markdown)
		e.WriteGitHub(&github)
		if err := e.WriteJSON(&data); err != nil {
			t.Fatal(err)
		}
		for name, said := range map[string]string{
			"text": text.String(), "JSON": data.String(), "Markdown": markdown.String(),
			"GitHub": strings.TrimPrefix(github.String(), "::error file="),
		} {
			if raw, line := hostile.Raw(said), hostile.Obeyed(said); raw != "" || line != "" ||
				strings.Contains(said, "\U000e0001") {
				t.Errorf("%s: raw %q, obeyed %q", name, raw, line)
			}
		}
		if lines := strings.Count(github.String(), "\n"); lines != 2 {
			t.Errorf("an annotation has more than one line: %q", &github)
		}
		var again Explanation
		if err := json.Unmarshal([]byte(data.String()), &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(e.withoutNulls(), again, cmpopts.IgnoreUnexported(Finding{}, Explanation{})); diff != "" {
			t.Errorf("JSON has other values (-want +got):\n%s", diff)
		}
	}
}

// However much there is to say, it is at most 64 KB, and the findings are in it.
func TestTextHasALimit(t *testing.T) {
	many := make([]string, 10_000)
	for i := range many {
		many[i] = fmt.Sprint("line ", i)
	}
	e := Explanation{Verdict: Fails, said: many, More: 3, Findings: []Finding{
		{ID: "a/b", Severity: SeverityError, Message: "what", Evidence: strings.Repeat("x", 1<<20), fix: "fix"},
	}}
	var out strings.Builder
	e.Write(&out, Look{})
	text := out.String()
	if len(text) > hostile.MaxOutput || !strings.Contains(text, " KB more)\nerror: what [a/b]\n") ||
		!strings.HasSuffix(text, "  fix: fix\nand 3 more errors\n") {
		t.Errorf("%d bytes, at the end %q", len(text), text[max(0, len(text)-200):])
	}
	e.Findings[0].Evidence = strings.Repeat("a line of the evidence\n", 10_000)
	out.Reset()
	e.Write(&out, Look{})
	if text = out.String(); len(text) > hostile.MaxOutput || strings.Count(text, " KB more)\n") != 2 {
		t.Errorf("%d bytes, at the end %q", len(text), text[max(0, len(text)-200):])
	}
	out.Reset()
	Explanation{Verdict: Ready, said: many[:10]}.Write(&out, Look{})
	if strings.Contains(out.String(), "KB more") {
		t.Error(out.String())
	}
}

// Sentences end before column 80. Commands, paths and URLs may be longer.
func TestTextFitsATerminal(t *testing.T) {
	e := Explanation{Version: "0.1.0", App: "shop", Verdict: Ready,
		said: []string{strings.Repeat("some words ", 50)},
		Findings: []Finding{{Severity: SeverityHint, Message: strings.Repeat("a longer sentence ", 20),
			Evidence: "    pip install " + strings.Repeat("x", 100)}}}
	fits(t, e, text(e))
	if wide := tooWide(e, "  "+strings.Repeat("x ", 50)+"\n"); len(wide) != 1 {
		t.Errorf("a long sentence is not noticed: %v", wide)
	}
}

// text returns the text of an explanation.
func text(e Explanation) string {
	var out strings.Builder
	e.Write(&out, Look{})
	return out.String()
}

// fits reports lines of a text that are too long.
func fits(t *testing.T, e Explanation, text string) {
	t.Helper()
	for _, line := range tooWide(e, text) {
		t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
	}
}

// tooWide returns lines with more than 80 columns that are no command, path or URL.
func tooWide(e Explanation, text string) (wide []string) {
	var commands []string
	for _, step := range e.Order {
		commands = append(commands, process.Brief(step.Name))
	}
	for _, process := range e.Processes {
		commands = append(commands, process.Brief)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		is := func(begins string) bool { return strings.HasPrefix(line, begins) }
		row := slices.ContainsFunc(commands, func(c string) bool {
			return strings.Contains(line, " "+c) || strings.Contains(line, " "+show.Value(c))
		})
		if utf8.RuneCountInString(line) > width && !row && !is("      ") && !is("  http") && !is("  pack build") {
			wide = append(wide, line)
		}
	}
	return wide
}
