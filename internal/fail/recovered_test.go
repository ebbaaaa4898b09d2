package fail

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func TestRecovered(t *testing.T) {
	if err := Recovered(func() error { return nil }); err != nil {
		t.Errorf("without an error: %v", err)
	}
	if err := Recovered(func() error { return fs.ErrExist }); err != fs.ErrExist {
		t.Errorf("an error is changed: %v", err)
	}
	for name, c := range map[string]struct {
		do   func() error
		want string
	}{
		"a text":   {func() error { panic("what it is") }, "panic: what it is\n    internal/fail.TestRecovered"},
		"an error": {func() error { panic(fs.ErrClosed) }, "panic: file already closed"},
		"nil":      {func() error { panic(nil) }, "panic: panic called with nil"},
		"of Go": {func() error { return firstOf(nil) },
			"panic: runtime error: index out of range [0] with length 0\n    internal/fail.firstOf (recovered_test.go:"},
		"a long text":   {func() error { panic(strings.Repeat("ä", 1000)) }, strings.Repeat("ä", 200) + "…\n"},
		"deep in calls": {func() error { return deep(1000) }, "panic: deep\n    internal/fail.deep"},
	} {
		t.Run(name, func(t *testing.T) {
			err := Recovered(c.do)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q in it", err, c.want)
			}
			if _, user := User(err); user {
				t.Error("it counts as the user's error")
			}
			if lines := strings.Split(err.Error(), "\n"); len(lines) > 6 ||
				strings.Contains(err.Error(), "/recovered") {
				t.Errorf("the stack is too long, or has whole paths:\n%v", err)
			}
		})
	}
}

func firstOf(all []error) error { return all[0] }

func deep(n int) error {
	if n == 0 {
		panic("deep")
	}
	return errors.Join(deep(n - 1))
}

func TestInternalAsksForAReport(t *testing.T) {
	err := Internal(fs.ErrClosed, "Tandem", "https://example.com/issues")
	if !strings.HasPrefix(err.Error(), "internal error: file already closed\n") || !errors.Is(err, fs.ErrClosed) ||
		!strings.HasSuffix(err.Error(), "report it with the whole log:\n    https://example.com/issues") {
		t.Errorf("got %v", err)
	}
	text := Internal(errors.New("a\x1b[2J\n::error::b"), "Tandem", "x").Error()
	if strings.ContainsAny(text, "\x1b") || strings.Contains(text, "\n::") {
		t.Errorf("got %q", text)
	}
}
