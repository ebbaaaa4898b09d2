package build

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func testNodeInstall(t *testing.T, when spec.G, it spec.S) {
	// What such a script writes beside node_modules is in no layer: bower, and front ends of before there were scripts
	// for builds.
	it("scripts of an installation run again where its packages are kept", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "",
			"package.json": `{"scripts": {"postinstall": "echo made >assets", "prepare": "husky || true"}, ` +
				`"workspaces": ["parts/*"]}`,
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

	// npm 12 runs only the install scripts that package.json allows, and its installation succeeds.
	it("install scripts that npm has not run are named, again with the cached packages, and explain a failure", func() {
		files := map[string]string{
			"requirements.txt": "",
			"package.json": `{"scripts": {"build": "[ ! -e broken ] || { cat broken; exit 1; }"}, ` +
				`"dependencies": {"sharp": "1"}}`,
			"npm-says": "npm warn install-scripts 2 packages had install scripts blocked because they are not " +
				"covered by allowScripts:\n" +
				"npm warn install-scripts   esbuild@0.25.0 (postinstall: node install.js)\n" +
				"npm warn install-scripts   sharp@0.33.0 (install: node install/check)\n",
		}
		b := newBench(t, files)
		for round := range 2 {
			b.mustBuild()
			if !strings.Contains(b.log.String(), "npm has not run the install scripts of esbuild and sharp") ||
				!strings.Contains(b.log.String(), "    npm install-scripts approve esbuild sharp\n") {
				t.Errorf("build %d does not say it:\n%s", round+1, &b.log)
			}
		}
		if slices.ContainsFunc(b.node(), func(call string) bool { return strings.HasPrefix(call, "npm ci") }) {
			t.Errorf("the second build installs again: %v", b.node())
		}
		b.write(map[string]string{"broken": `Error: Could not load the "sharp" module using the linux-x64 runtime` +
			"\n"})
		_, err := b.build()
		user, ok := fail.User(err)
		if !ok || user.ID != "step/install-script-blocked" ||
			!strings.Contains(user.Error(), "npm install-scripts approve esbuild sharp") {
			t.Errorf("got %v", err)
		}
	})
}
