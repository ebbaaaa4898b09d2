package integration

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// followed is an app whose build says that something is wrong, and what its user does who follows the message.
type followed struct {
	name  string
	files map[string]string // beside those of the group
	env   map[string]string
	warns bool     // the first build succeeds, with a warning
	says  []string // in the message or the warning, and not in the log of the second build
	fix   []act
	log   []string // in the log of the second build
}

// act is one thing that a message says to do. It fails the test where the message does not say it.
type act func(t *testing.T, a *advised)

// advised is an app with the message about it.
type advised struct {
	app, message  string
	env, bindings map[string]string
}

// follow builds the apps of a group, one after the other in one place, each as it is and as its user has mended it. The
// packages of the group's own files are in the caches.
func follow(t *testing.T, group map[string]string, rows []followed) {
	t.Helper()
	t.Parallel()
	p := warm(t)
	if group != nil {
		keepPackages(t, p, group)
	}
	spec.Run(t, "error", func(t *testing.T, _ spec.G, it spec.S) {
		for _, row := range rows {
			it(row.name, func() {
				if err := p.Rewind(); err != nil {
					t.Fatal(err)
				}
				a := &advised{app: write(t, merged(merged(map[string]string{}, group), row.files)),
					env: merged(map[string]string{}, row.env)}
				log, err := p.Build(t.Context(), devenv.Build{App: a.app, Env: a.env})
				if row.warns != (err == nil) {
					t.Fatalf("the first build: %v\n%s", err, log)
				}
				if a.message = log; !row.warns {
					a.message = message(log, p.Dir)
				}
				for _, text := range row.says {
					a.must(t, text)
				}
				a.mend(t, p, row)
			})
		}
	})
}

// mend does what the message says and builds again.
func (a *advised) mend(t *testing.T, p *devenv.Phases, row followed) {
	t.Helper()
	for _, do := range row.fix {
		do(t, a)
	}
	if err := p.Rewind(); err != nil {
		t.Fatal(err)
	}
	log, err := p.Build(t.Context(), devenv.Build{App: a.app, Env: a.env, Bindings: a.bindings})
	if err != nil {
		t.Fatalf("it was done as said, and the build fails: %v\n%s\nsaid was:\n%s", err, lastLines(log, 40), a.message)
	}
	contains(t, log, row.log, row.says)
}

// keepPackages makes the place have the packages of an app in its caches, until the test ends.
func keepPackages(t *testing.T, p *devenv.Phases, files map[string]string) {
	t.Helper()
	saved, aside := filepath.Join(p.Dir, "saved"), filepath.Join(p.Dir, "saved-before")
	mustBuild(t, p, devenv.Build{App: write(t, files)})
	restore(t, p)
	if err := errors.Join(os.Rename(saved, aside), p.Save()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(os.RemoveAll(saved), os.Rename(aside, saved)); err != nil {
			t.Error(err)
		}
	})
}

// flat is a text without what its place in a log adds: indentation, and the side of the build.
func flat(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		for _, side := range []string{"  python | ", "  node   | "} {
			line = strings.TrimPrefix(line, side)
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

func (a *advised) must(t *testing.T, text string) {
	t.Helper()
	if !strings.Contains(flat(a.message), flat(text)) {
		t.Fatalf("the message does not say %q:\n%s", text, a.message)
	}
}

// line is the whole line of the message that has the text.
func (a *advised) line(t *testing.T, text string) string {
	t.Helper()
	for line := range strings.Lines(flat(a.message)) {
		if strings.Contains(line, text) {
			return strings.TrimSpace(line)
		}
	}
	t.Fatalf("the message has no line with %q:\n%s", text, a.message)
	return ""
}
