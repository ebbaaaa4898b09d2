package build

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sclevine/spec"
)

func testNodeInstall(t *testing.T, when spec.G, it spec.S) {
	// What such a script writes beside node_modules is in no layer: bower, and front ends of before there were scripts
	// for builds.
	it("scripts of an installation run again where its packages are kept", func() {
		b := newBench(t, map[string]string{
			"requirements.txt":       "",
			"package.json":           `{"scripts": {"postinstall": "echo made >assets", "prepare": "husky || true"}, "workspaces": ["parts/*"]}`,
			"parts/one/package.json": `{"scripts": {"prepare": "echo part >part"}, "dependencies": {"a": "1"}}`,
		})
		for round := range 2 {
			b.mustBuild()
			if round == 0 { // the fake npm runs none
				continue
			}
			for _, name := range []string{"assets", "parts/one/part"} {
				if _, err := os.Stat(filepath.Join(b.app, name)); err != nil {
					t.Errorf("%v\n%s", err, &b.log)
				}
			}
		}
		if want := []string{"npm run postinstall", "npm run prepare"}; !slices.Equal(b.node(), want) {
			t.Errorf("the second build calls %v", b.node())
		}
	})

	it("scripts that the installation leaves out do not run again", func() {
		for name, settings := range map[string]map[string]string{
			"a variable": nil, ".npmrc": {".npmrc": "ignore-scripts = true\n"},
		} {
			t.Run(name, func(t *testing.T) {
				files := map[string]string{"requirements.txt": "",
					"package.json": `{"scripts": {"postinstall": "echo made >assets"}, "dependencies": {"a": "1"}}`}
				maps.Copy(files, settings)
				b := newBench(t, files)
				if settings == nil {
					t.Setenv("NPM_CONFIG_IGNORE_SCRIPTS", "true")
				}
				b.mustBuild()
				b.mustBuild()
				if len(b.node()) > 0 {
					t.Errorf("the second build calls %v", b.node())
				}
			})
		}
	})
}
