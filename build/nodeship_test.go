package build

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/sclevine/spec"
)

// launching is an app with a process that Node.js runs; build is its script.
func launching(t *testing.T, build string) *bench {
	return newBench(t, map[string]string{
		"requirements.txt": "", "Procfile": "web: gunicorn site.wsgi\nssr: node server.js\n", "package-lock.json": "{}",
		"package.json": `{"scripts": {"build": "` + build + `"}, "dependencies": {"a": "1"}}`,
	})
}

func (b *bench) prunes() bool {
	b.t.Helper()
	return slices.ContainsFunc(b.node(),
		func(call string) bool { return strings.HasPrefix(call, "npm prune --omit=dev") })
}

// shipped are the layers of the image; the contents of those with true are exported, those of the others are the
// previous image's.
func (b *bench) shipped() map[string]bool {
	b.t.Helper()
	out := map[string]bool{}
	b.exported = func(l libcnb.Layer) {
		if l.Launch {
			_, err := os.Stat(l.Path)
			out[l.Name] = err == nil
		}
	}
	b.mustBuild()
	return out
}

func testNodeShip(t *testing.T, when spec.G, it spec.S) {
	it("the image gets packages without dev dependencies", func() {
		b := launching(t, "true")
		b.exported = func(l libcnb.Layer) {
			if l.Name != "app-node-modules" {
				return
			}
			if _, err := os.Stat(filepath.Join(l.Path, "node_modules", "dev")); err == nil {
				t.Error("the layer has a devDependency")
			}
			if target,
				err := os.Readlink(filepath.Join(l.Path, "node_modules", "self")); err != nil ||
				target != filepath.Dir(b.app) {
				t.Errorf("a link out of the packages leads to %s, %v", target, err)
			}
			path, err := os.ReadFile(filepath.Join(l.Path, "env", "PATH.prepend"))
			if err != nil || string(path) != filepath.Join(b.app, "node_modules", ".bin") {
				t.Errorf("PATH gets %s, %v", path, err)
			}
		}
		b.mustBuild()
		if target,
			err := os.Readlink(filepath.Join(b.app, "node_modules")); err != nil ||
			target != filepath.Join(b.layers, "app-node-modules", "node_modules") {
			t.Errorf("the app's node_modules leads to %s, %v", target, err)
		}
		if !b.prunes() {
			t.Errorf("calls %v", b.node())
		}
	})

	it("a cloned package is shipped without its clone", func() {
		b := launching(t, "mkdir -p node_modules/a/.git && touch node_modules/a/.git/config node_modules/a/index.js")
		b.exported = func(l libcnb.Layer) {
			if l.Name != "app-node-modules" {
				return
			}
			_, file := os.Stat(filepath.Join(l.Path, "node_modules/a/index.js"))
			if _, err := os.Stat(filepath.Join(l.Path, "node_modules/a/.git")); err == nil || file != nil {
				t.Errorf("the layer has .git: %v, and the package: %v", err == nil, file)
			}
		}
		b.mustBuild()
	})

	it("what the image has is not made again", func() {
		b := launching(t, "true")
		for round := range 2 {
			for _, name := range []string{"node", "app-node-modules"} {
				if exported, ok := b.shipped()[name]; !ok || exported && round > 0 {
					t.Errorf("round %d: layer %s: in the image %v, exported %v\n%s", round, name, ok, exported, &b.log)
				}
			}
		}
		if b.prunes() {
			t.Errorf("the second build prunes: %v", b.node())
		}
		if _, err := os.Lstat(filepath.Join(b.app, "node_modules")); err != nil {
			t.Error("the app has no link to its packages")
		}
	})

	// What a script writes into node_modules (a generated client, say) is in the image. While it is the same, the layer
	// is reused.
	it("what steps write into packages is shipped", func() {
		b := launching(t, "cp input node_modules/client")
		for round, c := range []struct {
			input    string
			exported bool
		}{{"1", true}, {"1", false}, {"2", true}} {
			b.write(map[string]string{"input": c.input})
			if exported := b.shipped()["app-node-modules"]; exported != c.exported {
				t.Errorf("round %d: exported %v, want %v\n%s", round, exported, c.exported, &b.log)
			}
		}
	})

	it("the environment of the image has nothing of the build", func() {
		b := launching(t, "true")
		vars := map[string]string{}
		b.exported = func(l libcnb.Layer) {
			found, err := filepath.Glob(filepath.Join(l.Path, "env*", "*"))
			b.must(err)
			for _, file := range found {
				data, err := os.ReadFile(file)
				b.must(err)
				if name := filepath.Base(file); l.Launch && !strings.HasPrefix(name, "P") &&
					!strings.HasPrefix(name, "VIRTUAL_ENV") {
					vars[name] = string(data)
				}
			}
		}
		b.mustBuild()
		if len(vars) != 1 || vars["NODE_ENV.default"] != "production" {
			t.Errorf("the image has %v", vars)
		}
	})

	// A build that installs nothing does not unpack headers.
	it("headers are there where something may be compiled", func() {
		b := launching(t, "true")
		for round, installs := range []bool{true, false} {
			b.mustBuild()
			_, err := os.Stat(filepath.Join(b.layers, "headers", "include"))
			if (err == nil) != installs {
				t.Errorf("round %d: headers are there: %v", round, err == nil)
			}
			b.must(os.RemoveAll(filepath.Join(b.layers, "headers")))
		}
		const look = `cat $HOME/.cache/node-gyp/24.1.0/include/node/node.h >>$CALLS; npm rebuild`
		b.write(map[string]string{"package.json": `{"scripts": {"build": "` + look + `"}, "dependencies": {"a": "1"}}`})
		b.mustBuild()
		if calls := b.called(); !slices.Contains(calls, "the headers") {
			t.Errorf("the script does not find the headers: %q", calls)
		}
		for name := range b.seen("npm run build") {
			if strings.HasSuffix(name, "nodedir") { // npm warns of variables that it does not know
				t.Errorf("the script sees %s", name)
			}
		}
		if _, err := os.Stat(filepath.Join(b.layers, "private")); err == nil {
			t.Error("headers are left beside the layers")
		}
	})
}
