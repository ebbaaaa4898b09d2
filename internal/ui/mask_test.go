package ui

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// Every way into the log is masked: ours, a command's, whatever it has within the value, and where a line is cut.
func TestNoWayIntoTheLogHasASecret(t *testing.T) {
	const token = "glpat-0123456789"
	for name, write := range map[string]func(b *Branch){
		"a title":  func(b *Branch) { b.Title("a %s", token) },
		"a header": func(b *Branch) { b.Header("%s", "?token="+token) },
		"a detail": func(b *Branch) { b.Body("%s", token) },
		"warning":  func(b *Branch) { b.Warn("%s", token) },
		"a line":   func(b *Branch) { output(b, "x "+token+" y\n") },
		"its rest": func(b *Branch) { output(b, "x "+token) },
		"in two":   func(b *Branch) { output(b, "x glpat-01", "23456789 y\n") },
		"escapes":  func(b *Branch) { output(b, "x glpat-\x1b[0K0123456789 y\n") },
		"a color":  func(b *Branch) { output(b, "\x1b[31m"+token+"\x1b[0m\n") },
		"overwritten": func(b *Branch) {
			output(b, "x\r"+token+"\n")
		},
		"at the end of what is kept": func(b *Branch) {
			output(b, strings.Repeat("x",
				mostLine-5)+" "+token+strings.Repeat("y", mostLine)+"\n")
		},
	} {
		var out strings.Builder
		log := New(&out)
		log.Mask(secret.New(secret.Value{Name: "TOKEN", Text: token}).Mask)
		write(log.Branch("node"))
		if strings.Contains(out.String(), "glpat") || !strings.Contains(out.String(), "***") {
			t.Errorf("%s: got …%.200s", name, out.String()[max(0, out.Len()-100):])
		}
	}
}

func output(b *Branch, parts ...string) {
	out := b.Output()
	for _, part := range parts {
		fmt.Fprint(io.Writer(out), part)
	}
	_ = out.Close()
}
