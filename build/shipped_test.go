package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"
)

func testShipped(t *testing.T, when spec.G, it spec.S) {
	// The places are those that the settings name; the folder .vite is one that collectstatic does not copy.
	it("what the settings need is looked for", func() {
		b := newBench(t, map[string]string{
			"manage.py": "", "requirements.txt": "django\n",
			"package.json": `{"scripts": {"build": "mkdir -p dist/.vite dist/.well-known dist/.git && touch ` +
				`dist/.vite/manifest.json dist/.well-known/a dist/.git/a stats.json"}}`,
			"static_root/a.css": "", "web/webpack-stats.json": "{}",
		})
		b.replace("uv",
			settingsOf(`printf '{"StaticRoot": "%s/static_root", "StaticDirs": ["%s/dist", "%s/gone"], "StaticPrefixes": ["", "x"], "Staticfiles": true, ' "$PWD" "$PWD" "$PWD"
printf '"LocalStatic": true, "Hashed": true, "StaticServer": "MIDDLEWARE", "Manifests": ['
printf '{"Package": "%s", "Setting": "S", "File": "%s"}, ' django-vite "$PWD/static_root/manifest.json" django-webpack-loader "$PWD/webpack-stats.json"
printf '{"Package": "there", "Setting": "S", "File": "%s/stats.json"}]}\n' "$PWD"; exit`))
		if _, err := b.build(); err != nil {
			t.Fatalf("%v\n%s", err, &b.log)
		}
		log := b.log.String()
		for _, want := range []string{
			`needs static_root/manifest.json (S), which is missing. Vite has written dist/.vite/manifest.json`,
			`S = BASE_DIR / "web/webpack-stats.json"`,
			"STATICFILES_DIRS names gone, which does not exist: nothing is collected from it. The build has run npm " +
				"run build", "has skipped dist/.well-known, because",
		} {
			if !strings.Contains(log, want) {
				t.Errorf("%q is not in the log:\n%s", want, log)
			}
		}
		if got := strings.Count(log, "Warning: "); got != 5 {
			t.Errorf("%d warnings:\n%s", got, log)
		}
	})
}
