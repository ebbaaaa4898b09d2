package build

import (
	"strings"
	"testing"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"
)

func testLabels(t *testing.T, _ spec.G, it spec.S) {
	const key = "org.opencontainers.image."
	sum := strings.Repeat("ab", 20)
	built := func(files map[string]string) []libcnb.Label {
		t.Helper()
		files["requirements.txt"] = ""
		b := newBench(t, files)
		result, err := b.build()
		b.must(err)
		return result.Labels
	}
	python := libcnb.Label{Key: "io.tandem.python", Value: "3.13.1"}
	it("the image has the commit, the repository and the tag of its source", func() {
		got := built(map[string]string{"pyproject.toml": "[project]\nname = 'shop'\nversion = '9'\n",
			".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": sum,
			".git/refs/tags/v1.2": sum,
			".git/config":         "[remote \"origin\"]\n\turl = https://me:secret@git.example.com/shop.git\n"})
		want := []libcnb.Label{{Key: key + "revision", Value: sum},
			{Key: key + "source", Value: "https://git.example.com/shop.git"}, {Key: key + "title", Value: "shop"},
			{Key: key + "version", Value: "v1.2"}, python}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	it("the project has a name and a version, and Node.js is used", func() {
		got := built(map[string]string{"package.json": `{"name": "shop", "version": "1.2", "scripts": {"build": ` +
			`"true"}}`})
		want := []libcnb.Label{
			{Key: key + "title", Value: "shop"}, {Key: key + "version", Value: "1.2"}, python,
			{Key: "io.tandem.node", Value: "24.1.0"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	it("without a clone, SOURCE_VERSION has the commit", func() {
		for value, want := range map[string][]libcnb.Label{
			sum: {{Key: key + "revision", Value: sum}, python}, "main": {python}, "": {python},
		} {
			t.Setenv("SOURCE_VERSION", value)
			if diff := cmp.Diff(want,
				built(map[string]string{".git/config": "[remote \"origin\"]\n\turl = /srv/shop.git\n"})); diff != "" {
				t.Errorf("%q (-want +got):\n%s", value, diff)
			}
		}
	})
}
