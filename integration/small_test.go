package integration

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// small is an app that its test writes, and what one build of it must come to.
type small struct {
	name  string
	files map[string]string
	links map[string]string // symbolic links: name to target
	env   map[string]string // of the build
	run   map[string]string // of the process
	log   []string          // must be in the log
	not   []string          // must not be in the log
	has   map[string]string // files of the built app and a part of their text; "-" in front of a name: is not there
	pages map[string]string // of the process web: address and a part of the text; nil: it is not started
}

func buildSmall(t *testing.T, cases []small) {
	spec.Run(t, "app", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range cases {
			it(c.name, func() {
				app := write(t, c.files)
				for name, target := range c.links {
					path := filepath.Join(app, name)
					if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755),
						os.Symlink(target, path)); err != nil {
						t.Fatal(err)
					}
				}
				p := warm(t)
				contains(t, mustBuild(t, p, devenv.Build{App: app, Env: c.env}), c.log, c.not)
				for name, text := range c.has {
					got, err := os.ReadFile(filepath.Join(p.Dir, "app", strings.TrimPrefix(name, "-")))
					if strings.HasPrefix(name, "-") != errors.Is(err, os.ErrNotExist) ||
						!strings.Contains(string(got), text) {
						t.Errorf("%s: %v, it begins with %.200q", name, err, got)
					}
				}
				visit(t, p, c.run, c.pages)
			})
		}
	}, spec.Parallel())
}

// visit starts the process web and asks it for pages.
func visit(t *testing.T, p *devenv.Phases, vars, pages map[string]string) {
	t.Helper()
	if pages == nil {
		return
	}
	server, err := p.Serve(t.Context(), "web", merged(secret, vars))
	if err != nil {
		t.Fatal(err)
	}
	for address, text := range pages {
		if _, body, err := devenv.Answer(t.Context(), server.URL+address); err != nil || !strings.Contains(body, text) {
			t.Errorf("%s: %v, got %.300q, want %q", address, err, body, text)
		}
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// merged is a with what b has.
func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
