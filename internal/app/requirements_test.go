package app

import (
	"errors"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
)

func TestProblemsOfRequirements(t *testing.T) {
	line := manager.Line{File: "a/b.txt", Number: 7, Text: "-e '\x1b" + strings.Repeat("'", 500), Wants: "a path"}
	for name, c := range map[string]struct {
		sources manager.Sources
		id      string
		lines   int
	}{
		"none":        {manager.Sources{}, "", 0},
		"a line":      {manager.Sources{Refused: []manager.Line{line}}, "python/requirements-line", 1},
		"three lines": {manager.Sources{Refused: []manager.Line{line, line, line}}, "python/requirements-line", 3},
		"four lines": {manager.Sources{Refused: []manager.Line{line, line, line, line}}, "python/requirements-line",
			4},
		"a limit": {manager.Sources{Refused: []manager.Line{line}, Err: errors.New("more than 7 files")},
			"app/unreadable", 1},
	} {
		t.Run(name, func(t *testing.T) {
			err := Requirements{Names: []string{"requirements.txt"}, Sources: c.sources}.Problem()
			user, ok := fail.User(err)
			if c.id == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			if !ok || user.ID != c.id || strings.Count(user.Why, "\n")+1 != c.lines || len(user.Why) > 1000 ||
				strings.Contains(user.Why, "\x1b") {
				t.Errorf("got %v", err)
			}
			if c.id == "python/requirements-line" && !strings.HasPrefix(user.Why, `a/b.txt, line 7: "-e '\x1b''`) {
				t.Errorf("got %q", user.Why)
			}
		})
	}
}
