package integration

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

func TestNodeInTheImage(t *testing.T) {
	t.Parallel()
	spec.Run(t, "process", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range launched {
			it(c.name, func() {
				p := warm(t)
				app := nodeApp(t, c.process, c.files, c.make, c.drop)
				var ids [][]string
				for round, mentions := range [][]string{c.log, {"unchanged, cached"}} {
					log := mustBuild(t, p, devenv.Build{App: app, Env: c.env})
					contains(t, log, mentions, c.hides)
					if diff := cmp.Diff(c.layers, ofNode(t, p)); diff != "" {
						t.Errorf("layers of Node in the image (-want +got):\n%s", diff)
					}
					ids = append(ids, nil)
					for _, layer := range c.layers {
						ids[round] = append(ids[round], layer+" "+contentsID(t, p, layer))
					}
					if diff := cmp.Diff(append([]string{"NODE_ENV"}, c.vars...),
						asks(t, p, "ssr", c.process)); diff != "" {
						t.Errorf("Node's variables (-want +got):\n%s", diff)
					}
					visit(t, p, nil, map[string]string{"/": "this is plain"})
					unchanged(t, app, filepath.Join(p.Dir, "app"), lockfiles()...)
					if c.once {
						return
					}
					if err := p.Restore(); err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(ids[0], ids[1]); diff != "" {
					t.Errorf("contents of layers (-first +second):\n%s", diff)
				}
			})
		}
	}, spec.Parallel())
}

// Django may read files of node_modules when it runs. Then the image has them, and nothing that could run them.
func TestNodeModulesWithoutNodeInTheImage(t *testing.T) {
	t.Parallel()
	spec.Run(t, "node_modules", func(t *testing.T, _ spec.G, it spec.S) {
		it("is in the image without Node.js", func() {
			p := warm(t)
			app := nodeApp(t, "true", map[string]string{"Procfile": "web: python -m http.server $PORT\n"},
				[]command{npmLock}, nil)
			contains(t,
				mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{"BP_NODE_MODULES_LAUNCH": "true"}}),
				[]string{"node_modules is in the image, without devDependencies: BP_NODE_MODULES_LAUNCH=true"}, nil)
			if diff := cmp.Diff([]string{"app-node-modules"}, ofNode(t, p)); diff != "" {
				t.Errorf("layers of Node in the image (-want +got):\n%s", diff)
			}
			if _, err := os.Stat(filepath.Join(p.Layers, "app-node-modules", "env", "PATH.prepend")); err == nil {
				t.Error("programs of node_modules are on PATH, and Node.js is not there")
			}
			if _, err := os.Stat(filepath.Join(p.Layers, "app-node-modules", "node_modules", "is-even")); err == nil {
				t.Error("a devDependency is in the image")
			}
			visit(t, p, nil, map[string]string{"/node_modules/is-odd/package.json": `"is-odd"`})
		})
	}, spec.Parallel())
}

// A variable keeps Node out of the image, whatever a process calls.
func TestNodeIsKeptOutOfTheImage(t *testing.T) {
	t.Parallel()
	spec.Run(t, "Node.js", func(t *testing.T, _ spec.G, it spec.S) {
		it("is not in the image", func() {
			p := warm(t)
			app := nodeApp(t, "node server.js", nil, []command{npmLock}, nil)
			contains(t, mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{"BP_NODE_LAUNCH": "false"}}),
				[]string{"Node.js: the process ssr calls it, but it is not in the image, because BP_NODE_LAUNCH=false"},
				nil)
			clean(t, p)
			visit(t, p, nil, map[string]string{"/": "this is plain"})
		})
	}, spec.Parallel())
}

// Pack and the image: another root file system, a previous image, and nobody's HOME.
func TestPackNodeInTheImage(t *testing.T) {
	t.Parallel()
	spec.Run(t, "pack", func(t *testing.T, _ spec.G, it spec.S) {
		it("puts Node.js into the image", func() {
			needEngine(t)
			image := "tandem-test-node"
			build := devenv.Build{App: nodeApp(t, "npm start", nil, []command{npmLock}, nil), Image: image,
				ClearCache: true}
			packBuild(t, build)
			build.ClearCache = false
			log, first := packBuild(t, build), digests(t, image)
			for _, layer := range []string{"node", "app-node-modules", "env"} {
				if !strings.Contains(log, "Reusing layer 'tandem/python-node:"+layer+"'") {
					t.Errorf("the second build does not reuse the layer %s:\n%s", layer, log)
				}
			}
			build.ClearCache = true
			packBuild(t, build)
			if diff := cmp.Diff(first, digests(t, image)); diff != "" {
				t.Errorf("a third build with no cache gives other layers (-second +third):\n%s", diff)
			}
			container,
				err := env.Run(t.Context(), image,
				devenv.Start{Flags: []string{"--entrypoint", "ssr", "--read-only", "--tmpfs", "/tmp", "--user",
					"12345:12345"}})
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := container.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}()
			_, body, err := devenv.Answer(t.Context(), container.URL)
			var got answer
			if err := errors.Join(err, json.Unmarshal([]byte(body), &got)); err != nil || got.Odd != "true" ||
				got.Even != "MODULE_NOT_FOUND" {
				t.Errorf("%v: %s", err, body)
			}
			if found := inside(t, image)("bash", "-c",
				"find / -xdev -name 'node_api.h' -o -name is-even 2>/dev/null; true"); found != "" {
				t.Errorf("the image has\n%s", found)
			}
		})
	}, spec.Parallel())
}
