package ui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logged returns what is logged of what do writes.
func logged(do func(w *Lines)) string {
	var out bytes.Buffer
	w := New(&out).Branch("").Output()
	do(w)
	_ = w.Close()
	return out.String()
}

// say writes texts, and waits where a part is a time.
func say(w *Lines, parts ...any) {
	for _, part := range parts {
		if wait, ok := part.(time.Duration); ok {
			time.Sleep(wait)
		} else {
			fmt.Fprint(w, part)
		}
	}
}

func TestProgressIsLoggedWhereALineDoesNotEnd(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(w *Lines)
		want string
	}{
		"many in a row": {func(w *Lines) {
			for i := range 120 {
				fmt.Fprintf(w, "%d0 MB\r", i)
				time.Sleep(110 * time.Millisecond)
			}
			fmt.Fprint(w, "done\n")
		}, "    450 MB\n    910 MB\n    done\n"},
		"one, and silence": {func(w *Lines) { say(w, "wait\r", time.Hour) }, "    wait\n"},
		"one, silence and its end": {
			func(w *Lines) { say(w, "wait\r", time.Hour, "\nnext\n") }, "    wait\n    next\n",
		},
		"the next line is its own": {
			func(w *Lines) { say(w, "a\rb\n", time.Hour, "c\n") }, "    b\n    c\n",
		},
		"without a return nothing": {
			func(w *Lines) { say(w, "wait", time.Hour, " for it\n") }, "    wait for it\n",
		},
		"soon enough":  {func(w *Lines) { say(w, "1\r", 4*time.Second, "2\n") }, "    2\n"},
		"an empty one": {func(w *Lines) { say(w, "\r", time.Hour) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if diff := cmp.Diff(c.want, logged(c.do)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// However a text is cut into writes, the log is the same.
func TestWritesMayEndAnywhere(t *testing.T) {
	const text = "a\r\n10%\r20%\r\r\n\r\n\x1b[31mré\x1b[0m d\r\x1b[2K\x1b]0;x\x07né\n\n\r\r50%\rü"
	const want = "    a\n    20%\n\n    né\n\n    ü\n"
	for size := 1; size <= len(text); size++ {
		got := logged(func(w *Lines) {
			for rest := []byte(text); len(rest) > 0; rest = rest[min(size, len(rest)):] {
				_, _ = w.Write(rest[:min(size, len(rest))])
			}
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("writes of %d bytes (-want +got):\n%s", size, diff)
		}
	}
}

func TestALongLineIsCutAtACharacter(t *testing.T) {
	for shift := range 4 {
		got := logged(func(w *Lines) {
			fmt.Fprint(w, strings.Repeat("x", shift)+"\x1b[31m"+strings.Repeat("é", mostLine)+"\nnext\n")
		})
		line, rest, _ := strings.Cut(got, "\n")
		if !strings.HasSuffix(line, "é\x1b[0m… (64 KB more)") || rest != "    next\n" || len(line) > mostLine+100 {
			t.Errorf("%d: …%q, then %q", shift, line[len(line)-40:], rest)
		}
	}
	if got := logged(func(w *Lines) { say(w, strings.Repeat("x", 100_000)+"\rshort\n") }); got != "    short\n" {
		t.Errorf("got %.80q", got)
	}
}
