package ui

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinesOfTwoBranchesStayWhole(t *testing.T) {
	var out bytes.Buffer
	log := New(&out)
	var all sync.WaitGroup
	for _, name := range []string{"node", "python"} {
		all.Go(func() {
			w := log.Branch(name).Output()
			for range 200 {
				for _, part := range []string{"one ", "whole ", "line\n"} {
					fmt.Fprint(w, part)
				}
			}
		})
	}
	all.Wait()
	for line := range strings.Lines(out.String()) {
		if line != "  node   |   one whole line\n" && line != "  python |   one whole line\n" {
			t.Fatalf("got %q", line)
		}
	}
	if got := strings.Count(out.String(), "\n"); got != 400 {
		t.Errorf("got %d lines", got)
	}
}

func TestOutputIsNeverAFormatAndProgressLeavesItsLastText(t *testing.T) {
	var out bytes.Buffer
	w := New(&out).Branch("").Output()
	fmt.Fprint(w, "50% done, x%20z\r\n10%\r20%\r30%\nunfinished")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	want := "    50% done, x%20z\n    30%\n    unfinished\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTimedRemembersEachStepAlsoAFailedOne(t *testing.T) {
	log := New(&bytes.Buffer{})
	want := fmt.Errorf("broken")
	if err := log.Branch("node").Timed("install", func() error { return want }); err != want {
		t.Errorf("got %v", err)
	}
	if steps := log.Steps(); len(steps) != 1 || steps[0].Branch != "node" || steps[0].Name != "install" {
		t.Errorf("got %v", steps)
	}
}
