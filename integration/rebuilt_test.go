package integration

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Apps whose second build depends on one file that has changed.
func TestWhatOneFileChanges(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, file, text string
		files            map[string]string
		env              map[string]string
		first, second    []string // in the logs
		pages            map[string]string
	}{
		{
			name: "a version in pnpm's catalog", file: "pnpm-workspace.yaml", text: "catalog:\n  picocolors: 1.1.0\n",
			files: planned(t, "pnpm-catalog", map[string]string{"pnpm-lock.yaml": "-",
				"build.js": "console.log('built with', require('picocolors/package.json').version)\n"}),
			first:  []string{"built with 1.1.1"},
			second: []string{"Node packages: rebuilt, the settings of the package manager changed", "built with 1.1.0"},
		},
		{
			name: "two themes whose output is not committed", file: "App/themes/core/assets/main.js",
			text: "document.title = 'changed';\n",
			files: planned(t, "themes-not-committed", map[string]string{
				"App/themes/core/yarn.lock": "-", "App/themes/admin/yarn.lock": "-"}),
			first: []string{
				"static/manifest.json", "npm run build in App/themes/admin", "npm run build in App/themes/core",
			},
			pages: map[string]string{"/": "/static/assets/main-"},
		},
	}
	spec.Run(t, "changes", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range cases {
			it(c.name, func() {
				app, p := write(t, c.files), warm(t)
				contains(t, mustBuild(t, p, devenv.Build{App: app, Env: c.env}), c.first, nil)
				visit(t, p, nil, c.pages)
				if err := os.WriteFile(filepath.Join(app, c.file), []byte(c.text), 0o644); err != nil {
					t.Fatal(err)
				}
				restore(t, p)
				contains(t, mustBuild(t, p, devenv.Build{App: app, Env: c.env}), c.second, nil)
				visit(t, p, nil, c.pages)
			})
		}
	}, spec.Parallel())
}
