package note

import (
	"slices"
	"testing"
)

func TestNotesThatForetellAFailure(t *testing.T) {
	for effect, want := range map[Effect]bool{FailsBuild: true, StopsContainer: false, Passes: false} {
		if got := (Note{Effect: effect}).FailsBuild(); got != want {
			t.Errorf("%v: %t", effect, got)
		}
	}
}

// Hints and warnings stay in the order in which they are added, and a text without arguments is not a format.
func TestList(t *testing.T) {
	var said List
	said.Hint("a/hint", "%d of 100%%", 5)
	said.Hints("a/hints", "100%", "b")
	said.Warn("a/warning", "%s", "c")
	said.Warnings("a/warnings")
	said.LacksWeb("a/no-web", "d")
	if got, want := Texts(said), []string{"5 of 100%", "100%", "b", "c", "d"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if said[2].Severity != Hint || said[3].Severity != Warning || said[3].LacksWeb() || !said[4].LacksWeb() {
		t.Errorf("got %+v", said)
	}
}
