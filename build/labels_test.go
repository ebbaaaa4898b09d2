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
	it("the image has the commit, the repository and the tag of its source", func() {
		got := built(map[string]string{".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": sum,
			".git/refs/tags/v1.2": sum,
			".git/config":         "[remote \"origin\"]\n\turl = https://me:secret@git.example.com/shop.git\n"})
		want := []libcnb.Label{{Key: key + "revision", Value: sum},
			{Key: key + "source", Value: "https://git.example.com/shop.git"}, {Key: key + "version", Value: "v1.2"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	it("without a clone, SOURCE_VERSION has the commit", func() {
		for value, want := range map[string][]libcnb.Label{
			sum: {{Key: key + "revision", Value: sum}}, "main": nil, "": nil,
		} {
			t.Setenv("SOURCE_VERSION", value)
			if diff := cmp.Diff(want,
				built(map[string]string{".git/config": "[remote \"origin\"]\n\turl = /srv/shop.git\n"})); diff != "" {
				t.Errorf("%q (-want +got):\n%s", value, diff)
			}
		}
	})
}
