package build

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

func testLayers(t *testing.T, _ spec.G, it spec.S) {
	bomOf := func(l libcnb.Layer) (names []string) {
		components, _ := l.Metadata["bom"].([]any)
		for _, p := range components {
			_, name, version := bom.Parse(p.(string)).Name()
			names = append(names, name+" "+version)
		}
		return names
	}

	// Layers that are reused have a bill of materials, though nobody has installed anything.
	it("records say what layers contain, in every build", func() {
		b := newBench(t, django())
		b.write(map[string]string{
			"package.json":   scripts(`"build": "true"`),
			"pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
		})
		b.must(tree.Remove(b.app + "/package-lock.json"))
		want := map[string][]string{
			"python": {"python 3.13.1"}, "venv": {"django 5.2", "gunicorn 23.0"},
			"cache-node": {"node 24.1.0"}, "cache-tool_node-modules": {"pnpm 9.9.9"},
		}
		for range 2 {
			got := map[string][]string{}
			b.exported = func(l libcnb.Layer) {
				if want[l.Name] != nil {
					got[l.Name] = bomOf(l)
				}
			}
			b.mustBuild()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	})

	// The names in records are Tandem's, and the words of the log are free to change.
	it("keys have short names", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": scripts(`"build": "true"`)})
		layers := 0
		b.exported = func(l libcnb.Layer) {
			layers++
			key, _ := l.Metadata["key"].(map[string]any)
			if key["format"] != layer.Format || len(key) < 4 {
				t.Errorf("the key of %s is %v", l.Name, key)
			}
			for name := range key {
				if len(name) > 9 || strings.Contains(name, " ") {
					t.Errorf("the key of %s has the field %s", l.Name, name)
				}
			}
		}
		b.mustBuild()
		if layers < 7 {
			t.Errorf("%d layers", layers)
		}
	})

	// ARCHITECTURE.md, "Environments": what commands see of a layer comes from its record.
	it("environments are equal with and without contents on disk", func() {
		b := newBench(t, django())
		b.write(map[string]string{"package.json": scripts(`"build": "true"`),
			"bin/post_compile": "npm rebuild || true\n"})
		b.mustBuild()
		for _, name := range []string{"node", "headers"} { // the lifecycle restores layers that are cached
			b.must(os.RemoveAll(filepath.Join(b.layers, name)))
		}
		host, err := newHost(t.Context(), b.context(), ui.New(&b.log))
		b.must(err)
		defer host.Tree.Close()
		d, err := host.decide(t.Context(), source{})
		b.must(err)
		interpreter, venv, err := python.Declare(host.pythonIn(host.main(), d))
		b.must(err)
		runtime, err := node.Declare(host.nodeIn(host.main(), d, interpreter))
		b.must(err)
		parts := environ.Parts{
			plan.PythonLayer: interpreter.Part(), plan.VenvLayer: venv.Part(), plan.NodeLayer: runtime.Part(),
			plan.HeadersLayer: runtime.Headers.Part(),
		}
		without := d.envs.With(parts, nil).For(plan.EnvCommand, "")
		if isDir(venv.Dir()) || isDir(runtime.Dir()) {
			t.Error("contents are on disk")
		}
		commands := d.plan.Commands()
		parts, err = node.Result{Runtime: runtime}.Parts(t.Context(), commands[0].Needs)
		b.must(errors.Join(err, interpreter.Get(t.Context()), venv.Get(t.Context())))
		parts[plan.PythonLayer], parts[plan.VenvLayer] = interpreter.Part(), venv.Part()
		if !isDir(venv.Dir()) || !isDir(runtime.Headers.Dir()) {
			t.Error("contents are not on disk")
		}
		with := d.envs.With(parts, nil).For(plan.EnvCommand, "")
		if diff := cmp.Diff(without.Vars, with.Vars); diff != "" ||
			!strings.Contains(with.Vars["CPATH"], "headers/include") {
			t.Errorf("CPATH=%s (-without contents +with):\n%s", with.Vars["CPATH"], diff)
		}
		b.must(host.end(nil))
	})
}
