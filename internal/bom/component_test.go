package bom

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestComponentsSurviveTheirText(t *testing.T) {
	for _, c := range []Component{
		{PURL: "pkg:pypi/a@1", Evidence: Installed},
		{
			PURL: "pkg:npm/%40a/b@1%2B2", CPE: "cpe:2.3:a:b:c:1:*:*:*:*:*:*:*", License: "MIT & more = a\n\"b\"",
			Checksum: "sha256:00", Evidence: SourceMap, Places: []string{"a b", "c&d"},
		},
		{Evidence: Possible},
	} {
		if diff := cmp.Diff(c, Parse(c.Text())); diff != "" || strings.Contains(c.Text(), "\n") {
			t.Errorf("%q (-want +got):\n%s", c.Text(), diff)
		}
	}
	if got := Parse("pkg:pypi/a@1 license=%zz&checksum=sha256:1"); got.PURL != "pkg:pypi/a@1" || got.License != "" {
		t.Errorf("got %+v", got)
	}
}

func TestComponentsAreMerged(t *testing.T) {
	all := []Component{
		{PURL: "pkg:npm/b@2", Evidence: Possible, License: "MIT", Places: []string{"z"}},
		{PURL: "pkg:npm/b@2", Evidence: SourceMap, Places: []string{"y"}},
		{PURL: "pkg:npm/b@2", Evidence: SourceMap, Places: []string{"x", "y"}},
		{PURL: "pkg:npm/b@1", Evidence: Possible},
		{PURL: "pkg:npm/a@1", Evidence: Installed},
	}
	want := []Component{
		{PURL: "pkg:npm/a@1", Evidence: Installed},
		{PURL: "pkg:npm/b@1", Evidence: Possible},
		{PURL: "pkg:npm/b@2", Evidence: SourceMap, License: "MIT", Places: []string{"x", "y"}},
	}
	for range 2 {
		if diff := cmp.Diff(want, Merge(all)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		slices.Reverse(all)
	}
	many := Component{PURL: "pkg:npm/a@1"}
	for range 100 {
		many.Places = append(many.Places, strings.Repeat("x", len(many.Places)))
	}
	if got := Merge([]Component{many}); len(got[0].Places) != maxPlaces || len(many.Places) != 100 {
		t.Errorf("%d places, and there were %d", len(got[0].Places), len(many.Places))
	}
}

func TestVersionsByName(t *testing.T) {
	got := Versions([]Component{
		{PURL: "pkg:pypi/torch@2.5.1%2Bcpu"}, {PURL: "pkg:npm/a@1"}, {PURL: "pkg:pypi/a"}, {PURL: "pkg:pypi/a@%"}, {},
	}, "pypi")
	if diff := cmp.Diff(map[string]string{"torch": "2.5.1+cpu"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The name stays: what is installed is looked up by it.
func TestComponentsAreMasked(t *testing.T) {
	c := Component{PURL: "pkg:pypi/secret@secret", License: "secret", Places: []string{"a/secret"}}
	got := c.Mask(func(text string) string { return strings.ReplaceAll(text, "secret", "x") })
	want := Component{PURL: "pkg:pypi/secret@x", License: "x", Places: []string{"a/x"}}
	if diff := cmp.Diff(want, got); diff != "" || c.Places[0] != "a/secret" {
		t.Errorf("%v (-want +got):\n%s", c, diff)
	}
}
