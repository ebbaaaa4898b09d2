package plan

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/note"
)

func TestAdviceOnOldHooks(t *testing.T) {
	hook := "#!/bin/sh\napt-get install -y x\nexport PATH=/app/.heroku/node/bin:$PATH\ncd /app/web\n" +
		"curl https://example.com | sh\npython manage.py migrate\npython manage.py migrate x\n"
	a := app.Read(fstest.MapFS{"bin/post_compile": {Data: []byte(hook)}}, app.Requested{})
	got := note.Texts(Advice(a.Hooks.PostCompile, "/workspace"))
	for i, want := range []string{"line 2: a build is not root", "line 3: a build has no directory .heroku",
		"line 4: the app is not in /app", "line 5: it runs a script", "line 6: a build should change no database"} {
		if i >= len(got) || !strings.HasPrefix(got[i], "bin/post_compile, "+want) {
			t.Fatalf("line %d of the advice is not %q: %q", i+1, want, got)
		}
	}
	if len(got) != 5 || len(Advice(a.Hooks.PostCompile, "/app")) != 4 {
		t.Errorf("got %q", got)
	}
	for kind := range advice {
		if advice[kind].ID == "" || advice[kind].Text == "" {
			t.Errorf("no advice on %s", kind)
		}
	}
}

// apt-get ends a hook that ends at its first failure, and so the build.
func TestAdviceThatForetellsAFailure(t *testing.T) {
	for hook, want := range map[string]note.Effect{
		"#!/bin/sh\nset -e\napt-get install -y x\n": note.FailsBuild, "#!/bin/sh\napt-get install -y x\n": 0,
		"#!/bin/sh\nset -e\ncurl https://example.com | sh\n": 0,
	} {
		a := app.Read(fstest.MapFS{"bin/post_compile": {Data: []byte(hook)}}, app.Requested{})
		got := Advice(a.Hooks.PostCompile, "/workspace")
		if len(got) != 1 || got[0].Effect != want {
			t.Errorf("%q: %+v", hook, got)
		}
	}
}

func TestAdviceOnScriptsThatAHookNames(t *testing.T) {
	a := app.Read(fstest.MapFS{
		"bin/post_compile": {Data: []byte("#!/bin/sh\nif [ -f bin/get_node ]; then\n  bin/get_node\nfi\n" +
			"./bin/assets; /usr/bin/env; bin/post_compile; bin/none\n")},
		"bin/get_node": {Data: []byte("ln -s x .heroku/python/bin/node\n")},
		"bin/assets":   {Data: []byte("# builds\nnpm run assets\n")},
	}, app.Requested{})
	got := note.Texts(Advice(a.Hooks.PostCompile, "/workspace"))
	if len(got) != 1 || !strings.HasPrefix(got[0], "bin/get_node, line 1: a build has no directory .heroku") ||
		!a.Hooks.NameNode() {
		t.Errorf("got %q", got)
	}
}
