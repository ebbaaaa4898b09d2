package ui

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A silent command gets a line after 15, 30 and 60 seconds and in each further minute. After a line of its own, the time begins again.
func TestASilentCommandShowsThatItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		w := New(&out).Branch("node").Output()
		w.Watch("npm ci")
		say(w, 14*time.Second, "added\n", 14*time.Second, "more\n", 181*time.Second)
		_ = w.Close()
		time.Sleep(time.Hour)
		const want = `  node   |   added
  node   |   more
  node   | npm ci: 43 s so far
  node   | npm ci: 58 s so far
  node   | npm ci: 88 s so far
  node   | npm ci: 148 s so far
  node   | npm ci: 208 s so far
`
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Colors mark titles, commands and warnings, and none is written where they are not wanted.
func TestColors(t *testing.T) {
	for color, want := range map[bool]string{
		false: "\nBuild\n  $ npm ci\n  Warning: old\n\nWarnings: 1\n  old\n",
		true: "\n\x1b[1mBuild\x1b[0m\n  \x1b[36m$ npm ci\x1b[0m\n  \x1b[1;33mWarning: old\x1b[0m\n\n" +
			"\x1b[1;33mWarnings: 1\x1b[0m\n  old\n",
	} {
		var out bytes.Buffer
		log := New(&out)
		log.Color(color)
		b := log.Branch("")
		b.Title("Build")
		b.Command("npm ci")
		b.Warn("old")
		log.Warnings()
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", color, diff)
		}
	}
	for value, want := range map[string]bool{"A=1": true, "NO_COLOR=": true, "NO_COLOR=1": false} {
		if got := Colored([]string{value}); got != want {
			t.Errorf("%s: %v", value, got)
		}
	}
}

// A long warning is one line where it arises. Its whole text is at the end.
func TestWarningsAreRepeatedAtTheEnd(t *testing.T) {
	var out bytes.Buffer
	log := New(&out)
	log.Warnings()
	log.Branch("python").Warn("File names do not change. Browsers may keep an old file after a deployment, for %s:\n"+
		"    STORAGES = …", "as long as a year, if the server allows it")
	log.Branch("").Warn("short")
	log.Warnings()
	const want = `  python | Warning: File names do not change (see the end)
  Warning: short

Warnings: 2
  File names do not change. Browsers may keep an old file after a deployment, for as long as a year, if the server allows it:
      STORAGES = …
  short
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
