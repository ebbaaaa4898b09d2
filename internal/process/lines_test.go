package process

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
)

func TestBundlesForServers(t *testing.T) {
	for script, want := range map[string]string{
		"vite build --ssr src/entry.ts":              "dist/entry.js",
		"vite build --outDir out --ssr src/entry.ts": "out/entry.js",
		"vite --outDir out build --ssr entry.ts":     "out/entry.js",
		"vite build --ssr entry.ts --outDir":         "dist/entry.js",
		"vite --ssr entry.ts build":                  "dist/entry.js",
		"tsc && npx/vite build --ssr a.js":           "dist/a.js",
		"vite build --ssr":                           "",
		"vite build":                                 "",
		"vite --ssr entry.ts":                        "",
		"webpack build --ssr entry.ts":               "",
	} {
		if got := serverBundle(script); got != want {
			t.Errorf("%s: got %q, want %q", script, got, want)
		}
	}
}

// A line without a missing program is a suggestion, and is used if a server with a port is left.
func TestLinesWithoutAMissingProgram(t *testing.T) {
	const server = "gunicorn --bind 0.0.0.0:$PORT shop.wsgi"
	for name, c := range map[string]struct {
		program, command, want string
		isSuggested            bool
	}{
		"a server":                {"bin/start-nginx", "bin/start-nginx " + server, server, true},
		"a server without a port": {"bin/start-nginx", "bin/start-nginx gunicorn x", "", true},
		"no server":               {"bin/start-nginx", "bin/start-nginx echo $PORT", "", true},
		"another program":         {"bin/mine", "bin/mine " + server, "", false},
		"in the middle":           {"bin/start-nginx", "env bin/start-nginx " + server, "", false},
	} {
		line := app.Process{Type: "web", Line: 1, Missing: []string{c.program}}
		got, said := missingPrograms(line, c.command)
		if c.want == "" {
			c.want = c.command
		}
		if got != c.want || len(said) != 1 || strings.Contains(said[0].Text, "The line without it") != c.isSuggested {
			t.Errorf("%s: got %q, %v", name, got, said)
		}
	}
}

func TestScriptsThatOtherPlatformsRun(t *testing.T) {
	for tools, want := range map[string]bool{"npm": true, "": false} {
		f := Facts{App: app.App{Platforms: app.Platforms{PostDeploy: &app.PostDeploy{Source: "app.json",
			Tools: strings.Fields(tools)}}}}
		said := f.lineNotes(nil)
		if len(said) != 1 || strings.Contains(said[0].Text, "In the image") != want {
			t.Errorf("%q: got %v", tools, said)
		}
	}
}
