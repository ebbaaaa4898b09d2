package shell

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

// A shell passes on what Quote was given, byte by byte, and runs nothing of it.
func TestQuote(t *testing.T) {
	for _, word := range []string{
		"a", "", " ", "$(touch pwned)", "`touch pwned`", "it's; touch pwned", `"$(touch pwned)'`, "a\n::error::b",
		"\x1b[31m", "\u202e", "\xff\xfe", "a=$(touch pwned)", "$(touch pwned)=a",
		"*", "~", "{a,b}", "=ls", "a=~", "if", "\\", "é", "a\tb", "!x", "#x", "\u2028", "-n", "a'b\x07", "a='",
		"--env=a b",
	} {
		dir := t.TempDir()
		cmd := exec.Command("bash", "-c", "printf '%s|' "+Quote(word)+" "+QuotePath(word))
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		path := word
		if strings.HasPrefix(word, "-") {
			path = "./" + word
		}
		if want := word + "|" + path + "|"; err != nil || string(out) != want {
			t.Errorf("%q became %s and %s: %v, got %q", word, Quote(word), QuotePath(word), err, out)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%q ran: %v", word, left)
		}
		if raw := hostile.Raw(Quote(word)); raw != "" {
			t.Errorf("raw: %q", raw)
		}
	}
	if got := Quote("a\x00b"); got != "ab" {
		t.Errorf("got %q", got)
	}
}

func TestQuoteAlways(t *testing.T) {
	for word, want := range map[string]string{
		"a": "'a'", "": "''", "a b": "'a b'", "A=>=3.12": "'A=>=3.12'",
		"A=3": "'A=3'", "it's": `"it's"`, "*.css": "'*.css'",
	} {
		if got := QuoteAlways(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func TestIn(t *testing.T) {
	for dir, want := range map[string]string{
		".": "uv lock", "": "uv lock", "backend": "cd backend && uv lock", "a b": "cd 'a b' && uv lock",
		"-x":             "cd ./-x && uv lock",
		"$(touch pwned)": "cd '$(touch pwned)' && uv lock",
		"it's":           `cd "it's" && uv lock`, "a\n::error::b": `cd $'a\n::error::b' && uv lock`,
	} {
		if got := In(dir, "uv lock"); got != want {
			t.Errorf("%q: got %s, want %s", dir, got, want)
		}
	}
}
