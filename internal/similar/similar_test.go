package similar

import (
	"strings"
	"testing"
)

func TestDistance(t *testing.T) {
	for pair, want := range map[[2]string]int{{"", "ab"}: 2, {"ab", ""}: 2, {"abc", "abc"}: 0, {"abc", "axc"}: 1,
		{"abc", "ac"}: 1, {"ac", "abc"}: 1, {"kitten", "sitting"}: 3, {"ab", "ba"}: 2} {
		if got := Distance(pair[0], pair[1]); got != want {
			t.Errorf("%v: got %d, want %d", pair, got, want)
		}
	}
}

func TestSimilarNames(t *testing.T) {
	names := strings.Fields("libpq5 libpq-dev libmagic1t64 libmagic-dev libpoppler126 libpoppler-dev poppler-utils " +
		"libx11-6 a2 gettext gettext-base libjpeg62-turbo libvips42 libgdal32 libmysqlclient24")
	for name, want := range map[string]string{
		"libpqdev": "libpq-dev", "libmagic1": "libmagic1t64", "libpoppler147": "libpoppler126",
		"popler-util": "poppler-utils",
		"gettxt":      "gettext", "b2": "", "libnothing-like-it": "", "libgdal36t64": "libgdal32", "libpq4": "libpq5",
		"libmysqlclient21": "libmysqlclient24", "": "",
	} {
		if got := strings.Join(Names(name, names), " "); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := strings.Join(Names("libx2", strings.Fields("libx9 libx3 libx2t64 libx1")),
		" "); got != "libx1 libx3 libx9" {
		t.Errorf("%q", got)
	}
}
