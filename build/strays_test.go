package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testStrays(t *testing.T, when spec.G, it spec.S) {
	it("packages that a step has installed are named", func() {
		for name, c := range map[string]struct {
			script, procfile string
			warned           bool
		}{
			"by the script":                {"cd web && npm install", "web: gunicorn a", true},
			"for a process":                {"cd web && npm install", "web: cd web && node server.js", false},
			"nothing but what Tandem made": {"true", "web: gunicorn a", false},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, map[string]string{
					"requirements.txt": "", "Procfile": c.procfile,
					"package.json": `{"scripts": {"heroku-postbuild": "` + c.script +
						`"}, "dependencies": {"a": "1"}}`,
					"web/package.json": `{}`,
				})
				if _, err := b.build(); err != nil {
					t.Fatalf("%v\n%s", err, &b.log)
				}
				if got := strings.Contains(b.log.String(),
					"\n  web/node_modules was installed by an app step and is in the image."); got != c.warned {
					t.Errorf("the log warns: %v\n%s", got, &b.log)
				}
			})
		}
	})
}
