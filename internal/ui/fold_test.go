package ui

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// Progress is left out. If the command fails, its last lines are there, and a verbose log has all.
func TestFold(t *testing.T) {
	for _, verbose := range []bool{false, true} {
		var out bytes.Buffer
		log := New(&out)
		log.Verbose(verbose)
		w := log.Branch("").Output()
		w.Fold(func(line string) bool { return strings.HasPrefix(line, "+") })
		for i := range 500 {
			fmt.Fprintf(w, "+ %d\n", i)
		}
		fmt.Fprint(w, "warning\n")
		want := "    warning\n"
		if got := out.String(); (got == want) == verbose || !strings.HasSuffix(got, want) {
			t.Errorf("verbose %v: %.100q", verbose, got)
		}
		w.Unfold()
		lines := strings.Count(out.String(), "    + ")
		if last := "    + 499\n"; !strings.Contains(out.String(), last) || !verbose && lines != 40 || verbose &&
			lines != 500 {
			t.Errorf("verbose %v: %d lines", verbose, lines)
		}
	}
}
