package build

import (
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

func testScriptError(t *testing.T, when spec.G, it spec.S) {
	it("a failed script is explained", func() {
		for name, c := range map[string]struct {
			script, id, why string
			files           map[string]string
		}{
			"of a folder that is not installed": {"echo 'sh: 1: sass: not found'; exit 127", "step/command-not-found",
				"sass is in devDependencies of tools/package.json, which the build does not install.",
				map[string]string{"tools/package.json": `{"devDependencies": {"sass": "1"}}`}},
			"of the project": {"echo 'sh: 1: tsc: not found'; exit 127", "step/command-not-found",
				"typescript is in dependencies of package.json, and is installed.", nil},
			"of nobody": {"echo 'bash: line 1: tool/x: command not found'; exit 127", "step/command-not-found",
				"No package.json of the app has it.", nil},
			"of no package of the lockfile": {"echo 'sh: 1: rimraf: not found'; exit 127", "step/command-not-found",
				"No package of package-lock.json has it.",
				map[string]string{"package-lock.json": `{"lockfileVersion": 3, ` +
					`"packages": {"node_modules/typescript": {"version": "1.0.0", "bin": {"tsc": "bin/tsc"}}}}`}},
			"of a package that only the lockfile knows": {"echo 'sh: 1: shop-css: not found'; exit 127",
				"step/command-not-found", "typescript is in dependencies of package.json, and is installed.",
				map[string]string{"package-lock.json": `{"lockfileVersion": 3, ` +
					`"packages": {"node_modules/typescript": {"version": "1.0.0", "bin": {"shop-css": "bin/tsc"}}}}`}},
			"another manager": {"echo 'sh: 1: pnpm: not found'; exit 127", "step/command-not-found",
				"npm installs the packages of package.json. The scripts have no other package manager.", nil},
			"bun": {"echo 'sh: 1: bun: not found'; exit 127", "step/command-not-found",
				"npm installs the packages of package.json", nil},
			"killed": {"exit 137", "build/out-of-memory", "ran out of memory", nil},
			"heap": {"echo 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of " +
				"memory'; exit 134", "build/out-of-memory", "ran out of memory", nil},
			"of the app": {"exit 3", "step/script", "exit code 3", nil},
		} {
			t.Run(name, func(t *testing.T) {
				b := newBench(t, django())
				b.write(map[string]string{"package.json": `{"scripts": {"build": "` + c.script +
					`"}, "dependencies": {"typescript": "1"}}`, "package-lock.json": "{}"})
				b.write(c.files)
				_, err := b.build()
				user, ok := fail.User(err)
				if !ok || user.ID != c.id || !strings.Contains(user.Why, c.why) {
					t.Errorf("got %v", err)
				}
			})
		}
	})
}
