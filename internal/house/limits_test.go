package house

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// Numbers of the repository may only get better: a test fails where one is worse than its limit, and also where the
// limit could be tightened.

const (
	limitsFile = "limits.toml"
	tightenBy  = "go test ./internal/house -update"
)

// limits are the contents of limits.toml.
type limits struct {
	AtMost  map[string]int `toml:"at-most"`
	AtLeast map[string]int `toml:"at-least"`
}

func readLimits(t *testing.T) (l limits) {
	t.Helper()
	if _, err := toml.DecodeFile(limitsFile, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

// write keeps the comment at the beginning of the file.
func (l limits) write() error {
	old, err := os.ReadFile(limitsFile)
	if err != nil {
		return err
	}
	comment, _, _ := strings.Cut(string(old), "[")
	text := comment
	for _, part := range []struct {
		name   string
		limits map[string]int
	}{{"at-most", l.AtMost}, {"at-least", l.AtLeast}} {
		text += "[" + part.name + "]\n"
		for _, name := range slices.Sorted(maps.Keys(part.limits)) {
			text += fmt.Sprintf("%q = %d\n", name, part.limits[name])
		}
		text += "\n"
	}
	return os.WriteFile(limitsFile, []byte(strings.TrimSuffix(text, "\n")), 0o644)
}

// atMost compares a number with its limit. where lists what is counted, or is empty.
func atMost(t *testing.T, name string, got int, where ...string) {
	t.Helper()
	l := readLimits(t)
	compare(t, l, l.AtMost, name, got, got > l.AtMost[name], where)
}

// atLeast compares a number with its limit.
func atLeast(t *testing.T, name string, got int) {
	t.Helper()
	l := readLimits(t)
	compare(t, l, l.AtLeast, name, got, got < l.AtLeast[name], nil)
}

func compare(t *testing.T, l limits, part map[string]int, name string, got int, worse bool, where []string) {
	t.Helper()
	limit, known := part[name]
	switch {
	case !known:
		t.Errorf("%s has no line %q = %d", limitsFile, name, got)
	case worse:
		t.Errorf("%s: %d, and the limit is %d", name, got, limit)
		for _, place := range where {
			t.Log(place)
		}
	case got != limit && *update:
		part[name] = got
		if err := l.write(); err != nil {
			t.Fatal(err)
		}
	case got != limit:
		t.Errorf("%s: %d is better than the limit of %d. Tighten the limit: %s", name, got, limit, tightenBy)
	}
}
