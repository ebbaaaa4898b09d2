package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// node are the last build's calls of Node's package managers.
func (b *bench) node() (calls []string) {
	b.t.Helper()
	for _, call := range b.called() {
		if strings.HasPrefix(call, "npm") || strings.HasPrefix(call, "pnpm") || strings.HasPrefix(call, "yarn") {
			calls = append(calls, call)
		}
	}
	return calls
}

func (b *bench) mustBuild() {
	b.t.Helper()
	if _, err := b.build(); err != nil {
		b.t.Fatalf("%v\n%s", err, &b.log)
	}
}

func testNode(t *testing.T, when spec.G, it spec.S) {
	it("a package manager is installed once and comes before all else", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "", "package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}}`,
			"pnpm-lock.yaml":   "lockfileVersion: '9.0'\n",
			"bin/post_compile": "pnpm --version\n",
		})
		install, run := "pnpm install --frozen-lockfile --prod=false --reporter=append-only", "pnpm run build"
		for round, want := range [][]string{
			{"npm ci --ignore-scripts --no-audit --no-fund --package-lock", install, run, "pnpm --version"},
			{run, "pnpm --version"},
		} {
			b.mustBuild()
			if diff := cmp.Diff(want, b.node()); diff != "" {
				t.Errorf("round %d (-want +got):\n%s\n%s", round, diff, &b.log)
			}
			tool, node := filepath.Join(b.layers, "tool_node-modules", "bin"), filepath.Join(b.layers, "node", "bin")
			for _, call := range want[len(want)-2:] {
				path := b.seen(call)["PATH"]
				if at := strings.Index(path, tool); at < 0 || at > strings.Index(path, node) ||
					strings.Index(path, node) > strings.Index(path, "node_modules/.bin") {
					t.Errorf("%s sees PATH=%s", call, path)
				}
			}
		}
		if _, err := os.Stat(filepath.Join(b.app, "node_modules")); err == nil {
			t.Error("node_modules is left in the app")
		}
		b.write(map[string]string{"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}, ` +
			`"packageManager": "pnpm@9.1.0"}`})
		b.mustBuild()
		want := []string{"npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund pnpm@9.1.0",
			install, run, "pnpm --version"}
		if diff := cmp.Diff(want, b.node()); diff != "" {
			t.Errorf("another version (-want +got):\n%s\n%s", diff, &b.log)
		}
	})

	it("npm of Node is used where its version fits", func() {
		for versions, own := range map[string]bool{"": true, ">=10": true, "11.6.0": true, "^10": false,
			"11.7.0": false} {
			b := newBench(t, map[string]string{
				"requirements.txt": "",
				"package.json": `{"scripts": {"build": "true"}, "dependencies": {"a": "1"}, "engines": {"npm": "` +
					versions + `"}}`, "package-lock.json": "{}",
			})
			b.mustBuild()
			_, err := os.Stat(filepath.Join(b.layers, "tool_node-modules", "bin", "npm"))
			if own == (err == nil) {
				t.Errorf("%q: calls %v\n%s", versions, b.node(), &b.log)
			}
		}
	})

	it("each project is installed and built in its folder", func() {
		t.Setenv("BP_NODE_PROJECT_PATH", "ui,admin/front")
		b := newBench(t, map[string]string{
			"requirements.txt":     "",
			"ui/package.json":      `{"scripts": {"build": "pwd >>\"$CALLS\""}, "dependencies": {"a": "1"}}`,
			"ui/package-lock.json": "{}",
			"admin/front/package.json": `{"scripts": {"build": "pwd >>\"$CALLS\"", "heroku-cleanup": "pwd"}, ` +
				`"dependencies": {"a": "1"}}`, "admin/front/yarn.lock": "# yarn lockfile v1\n",
			"ui/dist/old.js": "", "bin/post_compile": "npm --version\n",
		})
		b.write(map[string]string{"ui/package.json": `{"scripts": {"build": "pwd >built"}, "dependencies": {"a": "1"}}`,
			"admin/front/package.json": `{"scripts": {"build": "pwd >built"}, "dependencies": {"a": "1"}}`})
		for round := range 2 {
			b.mustBuild()
			for _, dir := range []string{"ui", "admin/front"} {
				data, err := os.ReadFile(filepath.Join(b.app, dir, "built"))
				if err != nil || strings.TrimSpace(string(data)) != filepath.Join(b.app, dir) {
					t.Errorf("round %d: %s is built in %q, %v\n%s", round, dir, data, err, &b.log)
				}
				if _, err := os.Stat(filepath.Join(b.app, dir, "node_modules")); err == nil {
					t.Errorf("round %d: node_modules is left in %s", round, dir)
				}
				if path := b.seen("npm --version")["PATH"]; !strings.Contains(path,
					filepath.Join(b.app, dir, "node_modules/.bin")) {
					t.Errorf("round %d: the hook sees PATH=%s", round, path)
				}
			}
		}
		if _, err := os.Stat(filepath.Join(b.app, "ui/dist/old.js")); err != nil {
			t.Error("a file of the app is gone")
		}
		b.write(map[string]string{"ui/package-lock.json": "{ }"})
		b.mustBuild()
		for _, want := range []string{"Node packages of ui: rebuilt", "Node packages of admin/front: unchanged"} {
			if !strings.Contains(b.log.String(), want) {
				t.Errorf("%q is not in the log:\n%s", want, &b.log)
			}
		}
	})

	it("a workspace is built by its owner's manager", func() {
		t.Setenv("BP_NODE_PROJECT_PATH", "packages/web")
		b := newBench(t, map[string]string{
			"requirements.txt": "",
			"package.json": `{"scripts": {"build": "false"}, "workspaces": ["packages/*"], "packageManager": ` +
				`"pnpm@9.1.0"}`, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
			"packages/web/package.json": `{"scripts": {"build": "pwd >built"}}`,
		})
		b.mustBuild()
		want := []string{"npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund pnpm@9.1.0",
			"pnpm install --frozen-lockfile --prod=false --reporter=append-only", "pnpm run build"}
		if diff := cmp.Diff(want, b.node()); diff != "" {
			t.Errorf("(-want +got):\n%s\n%s", diff, &b.log)
		}
		path := filepath.Join(b.app, "packages", "web", "node_modules", ".bin")
		if env := b.seen("pnpm run build"); env["PWD"] != filepath.Join(b.app, "packages", "web") ||
			!strings.Contains(env["PATH"], path) {
			t.Errorf("the script runs in %s with PATH=%s", env["PWD"], env["PATH"])
		}
	})

	it("a variable that settings ask for must be set", func() {
		b := newBench(t, map[string]string{
			"requirements.txt": "", "package.json": `{"dependencies": {"a": "1"}}`, "package-lock.json": "{}",
			".npmrc": "registry=https://r.example\n//r.example/:_authToken=${TANDEM_TEST_TOKEN}\n",
		})
		_, err := b.build()
		user, ok := fail.User(err)
		if !ok || user.ID != "node/variable-unset" || !strings.Contains(user.What, "TANDEM_TEST_TOKEN") ||
			!strings.Contains(user.Why, ".npmrc, line 2") {
			t.Errorf("got %v", err)
		}
		t.Setenv("TANDEM_TEST_TOKEN", "secret")
		b.mustBuild()
	})
}
