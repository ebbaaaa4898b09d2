package manager

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Options of pip's that uv has nothing like are said once each, and only a few of them.
func TestNotesAboutOptionsAreCounted(t *testing.T) {
	read := func(text string) []string {
		return readRequirements(Source{
			Text:  func(name string) (string, bool) { return text, name == "requirements.txt" },
			IsDir: func(string) bool { return false },
		}, []string{"requirements.txt"}).Notes
	}
	if notes := read(strings.Repeat("--foo bar\n", 1000)); len(notes) != 1 ||
		!strings.Contains(notes[0], "--foo (requirements.txt)") {
		t.Errorf("got %q", notes)
	}
	var different strings.Builder
	for i := range 26 {
		fmt.Fprintf(&different, "--foo-%c bar\n", 'a'+i)
	}
	if notes := read(different.String()); len(notes) != 6 || notes[5] != "and 21 more of this kind" {
		t.Errorf("got %q", notes)
	}
	begin := time.Now()
	read(strings.Repeat("--foo bar\n", 300_000))
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("300,000 lines take %s", took)
	}
}
