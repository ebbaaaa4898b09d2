package show

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/hostile"
)

func TestNamesAndValues(t *testing.T) {
	long := strings.Repeat("é", 300)
	for text, want := range map[string]struct{ name, value string }{
		"backend/manage.py":    {"backend/manage.py", "backend/manage.py"},
		"@acme/über-uns [1]":   {"@acme/über-uns [1]", "@acme/über-uns [1]"},
		"e\u0301":              {"e\u0301", "e\u0301"},
		"markupsafe==3.0.2+x":  {"markupsafe==3.0.2+x", "markupsafe==3.0.2+x"},
		">=3.9,  <4 || ^22":    {`">=3.9,  <4 || ^22"`, ">=3.9,  <4 || ^22"},
		"$(touch pwned)":       {`"$(touch pwned)"`, "$(touch pwned)"},
		"a  b":                 {`"a  b"`, "a  b"},
		" a":                   {`" a"`, `" a"`},
		"":                     {`""`, `""`},
		"x\n::error::y":        {`"x\n::error::y"`, `"x\n::error::y"`},
		"a\x1b[31m":            {`"a\x1b[31m"`, `"a\x1b[31m"`},
		"\u202egnp":            {`"\u202egnp"`, `"\u202egnp"`},
		"a\u2028b":             {`"a\u2028b"`, `"a\u2028b"`},
		"a\u009bb":             {`"a\u009bb"`, `"a\u009bb"`},
		"a\xffb":               {`"a\xffb"`, `"a\xffb"`},
		"a\uFFFDb":             {`"a�b"`, "a\uFFFDb"},
		"\u200bx":              {`"\u200bx"`, `"\u200bx"`},
		long:                   {strings.Repeat("é", 200) + "…", strings.Repeat("é", 200) + "…"},
		"\n" + long:            {`"\n` + strings.Repeat("é", 199) + `"…`, `"\n` + strings.Repeat("é", 199) + `"…`},
		strings.Repeat("$", 2): {`"$$"`, "$$"},
	} {
		if got := Name(text); got != want.name {
			t.Errorf("Name(%q) is %s", text, got)
		}
		if got := Value(text); got != want.value {
			t.Errorf("Value(%q) is %s", text, got)
		}
	}
	if got := Quoted(strings.Repeat("a", 201)); got != `"`+strings.Repeat("a", 200)+`"…` {
		t.Errorf("Quoted is %s", got)
	}
}

func TestLists(t *testing.T) {
	names := strings.Fields("a b c d e f g h i j k l")
	for n, want := range map[int]string{0: "", 1: "a", 2: "a and b", 3: "a, b and c", 5: "a, b, c, d and e",
		6: "a, b, c and 3 more", 12: "a, b, c and 9 more"} {
		if got := List(names[:n]); got != want {
			t.Errorf("List of %d is %s", n, got)
		}
	}
	for n, want := range map[int]string{0: "", 1: "a", 3: "a, b, c", 5: "a, b, c, d, e", 6: "a, b, c and 3 more"} {
		if got := Series(names[:n]); got != want {
			t.Errorf("Series of %d is %s", n, got)
		}
	}
	if got, want := List([]string{"a\nb", "c"}), `"a\nb" and c`; got != want {
		t.Errorf("got %s", got)
	}
	if got, want := Below(names[:2]), "    a\n    b"; got != want {
		t.Errorf("got %s", got)
	}
	if got := Below(names); strings.Count(got, "\n") != 10 || !strings.HasSuffix(got, "    j\n    and 2 more") {
		t.Errorf("got %s", got)
	}
	if got := Notes(names); len(got) != 6 || got[5] != "and 7 more of this kind" || names[5] != "f" {
		t.Errorf("got %q", got)
	}
	if got := Notes(names[:5]); len(got) != 5 {
		t.Errorf("got %q", got)
	}
}

func TestReasons(t *testing.T) {
	for want, err := range map[string]error{
		`open "a\n::error::b": permission denied`: &fs.PathError{Op: "open", Path: "a\n::error::b",
			Err: fs.ErrPermission},
		"first\n  second":                              errors.New("first\r\n  second\n"),
		strings.Repeat("x", 200) + "…":                 errors.New(strings.Repeat("x", 300)),
		strings.Repeat("x\n", 10) + "and 5 lines more": errors.New(strings.Repeat("x\n", 15)),
	} {
		if got := Reason(err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := Line(" a\x1b[2J\n::error::b \r\n"), `a\x1b[2J\n::error::b`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Words are those of a shell, and none is longer than any path.
func TestWords(t *testing.T) {
	got := Command([]string{"npm", "ci", "--omit=dev", "a b", "x@^1", "A=B C"})
	if want := "npm ci --omit=dev 'a b' x@^1 'A=B C'"; got != want {
		t.Errorf("got %s", got)
	}
	if got := Path("-a b"); got != "'./-a b'" {
		t.Errorf("got %s", got)
	}
	long := strings.Repeat("é", 5000)
	for name, got := range map[string]string{
		"Word": Word(long), "QuotedWord": strings.Trim(QuotedWord(long), "'"), "Path": Path(long),
		"Command": Command([]string{long}),
	} {
		if got != long[:2*4096] {
			t.Errorf("%s has %d bytes", name, len(got))
		}
	}
}

func TestSizes(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 bytes", 1023: "1023 bytes", 1024: "1 KB", 64 << 10: "64 KB", 1<<20 - 1: "1023 KB", 16 << 20: "16 MB",
	} {
		if got := Size(bytes); got != want {
			t.Errorf("%d: got %s, want %s", bytes, got, want)
		}
	}
}

// What nobody may act on: the commands of CI systems, wherever these look for them.
var commands = []string{
	"::error::x", "  ::error::x", "\u00a0::error::x", "\u3000::error::x", "\u200b::error::x", "\ufeff::error::x",
	"\u00ad::error::x", "##[error]x", "x ##[add-mask]y", "##vso[task.x]y", "[builder] ##vso[task.x]y",
	"#\u00ad#vso[task.x]y", "#\u200d#[error]x", "##teamcity[x]", "\u2028::error::x", "\u0085::error::x",
	"\x0b::error::x",
	"\x1b[2J::error::x", "a\n::error::x", "a\r::error::x", "\x00::error::x",
}

func TestNoCommandIsLeft(t *testing.T) {
	obeyed := func(text string) bool {
		ignored := strings.NewReplacer("\u00ad", "", "\u200b", "", "\u200d", "", "\ufeff", "", "\x1b[31m", "", "\x1b[m",
			"",
			"\x00", "")
		text = ignored.Replace(text)
		return hostile.Obeyed(text) != "" || strings.Contains(text, "##[") || strings.Contains(text, "##vso[") ||
			strings.Contains(text, "##teamcity[")
	}
	for _, text := range commands {
		if got := Clean(text); obeyed(got) || hostile.Raw(got) != "" {
			t.Errorf("Clean(%q) is %q", text, got)
		}
		for _, line := range strings.Split(text, "\n") {
			for _, line := range []string{line, "\x1b[31m" + line, "\x1b[m \x1b[31m " + line, "#" + line} {
				if got := Output(line); obeyed(got) {
					t.Errorf("Output(%q) is %q", line, got)
				}
			}
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"a line\n    ✓ ünï …\n\n": "a line\n    ✓ ünï …\n\n",
		"\x1b[31mred\x07":         `\x1b[31mred\a`,
		"a\tb\r\n":                `a\tb\r` + "\n",
		"\u009b31m\u202e\u2028":   `\u009b31m\u202e\u2028`,
		"\xff�\x7f":               `\xff�\x7f`,
		"# ## x\n## x":            "# ## x\n\\## x",
		"a::b\n  :: x":            "a::b\n  \\:: x",
	} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) is %q, want %q", text, got, want)
		}
		if got := Clean(Clean(text)); got != Clean(text) {
			t.Errorf("%q is cleaned twice", text)
		}
	}
}

func TestOutput(t *testing.T) {
	for line, want := range map[string]string{
		"plain":                      "plain",
		"\tat x":                     "\tat x",
		"\x1b[31mred\x1b[0m":         "\x1b[31mred\x1b[0m",
		"\x1b[1;38:2::1:2:3mx\x1b[m": "\x1b[1;38:2::1:2:3mx\x1b[m",
		"\x1b[2K\x1b[1Gx\x1b[?25l":   "x",
		"\x1b[>4;1m\x1b[ m\x1b[31":   "31",
		"\x1b]0;title\x07a\x1b]8;;https://x\x1b\\b": "ab",
		"\x1b]0;no end":                                       "0;no end",
		"\x1b]0;no \x1b]8;;x\x07end":                          "0;no end",
		"\u009d0;t\u009cx\u009b31my":                          "xy",
		"\x1bPq\x1b\\a\x1b_x\x1b\\b\x1b^y\x1b\\c\x1bXz\x1b\\": "abc",
		"\x1b(Ba\x1b7b\x1bcc\x1b":                             "abc",
		"\x1bé":                                               "é",
		"a\x08\x00\x07\x7f\u0085b":                            "ab",
		"\u202e\xff\u2028":                                    `\u202e\xff\u2028`,
		"\x1b[31m::error::x":                                  "\x1b[31m\\::error::x",
	} {
		if got := Output(line); got != want {
			t.Errorf("Output(%q) is %q, want %q", line, got, want)
		}
	}
	if diff := cmp.Diff("red\n\tat x\n0;a\n", Plain("\x1b[31mred\x1b[0m\n\tat x\n\x1b]0;a\n")); diff != "" {
		t.Error(diff)
	}
}

// Whatever is in a line, its length decides how long it takes.
func TestOutputIsLinear(t *testing.T) {
	for _, part := range []string{"\x1b]", "\u009d", "\x1b[", "\x1b[0", "\xff", "#", "##[", "\x1b[31m", "\x1b ",
		"\u202e"} {
		t.Run(fmt.Sprintf("%q", part), func(t *testing.T) {
			line := strings.Repeat(part, 4<<20/len(part))
			begin := time.Now()
			Output(line)
			Plain(line)
			if took := time.Since(begin); took > 4*time.Second {
				t.Errorf("4 MB take %s", took)
			}
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, text := range commands {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := Clean(text); hostile.Raw(got) != "" || hostile.Obeyed(got) != "" {
			t.Errorf("Clean(%q) is %q", text, got)
		}
		line := strings.ReplaceAll(text, "\n", "")
		if got := strings.ReplaceAll(Plain(Output(line)), "\t", ""); hostile.Raw(got) != "" ||
			hostile.Obeyed(got) != "" {
			t.Errorf("Output(%q) is %q", line, got)
		}
		for _, got := range []string{Name(text), Value(text), Quoted(text), Word(text)} {
			if raw := hostile.Raw(got); raw != "" || strings.Contains(got, "\n") {
				t.Errorf("%q is shown as %q", text, got)
			}
		}
	})
}
