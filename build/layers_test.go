package build

import (
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

func testLayers(t *testing.T, _ spec.G, it spec.S) {
	// A runtime's package URL ends with its architecture, checksum and address.
	bomOf := func(l libcnb.Layer) (names []string) {
		bom, _ := l.Metadata["bom"].([]any)
		for _, p := range bom {
			name, _, _ := strings.Cut(p.(string), "?")
			names = append(names, name)
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
		b.must(removeTree(b.app + "/package-lock.json"))
		want := map[string][]string{
			"python": {"pkg:generic/python@3.13.1"}, "venv": {"pkg:pypi/django@5.2", "pkg:pypi/gunicorn@23.0"},
			"cache-node": {"pkg:generic/node@24.1.0"}, "cache-tool_node-modules": {"pkg:npm/pnpm@9.9.9"},
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
			if key["format"] != "6" || len(key) < 4 {
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
}
