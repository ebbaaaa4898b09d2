package app

import "testing"

func TestInMakesOnlyPathsBelowTheRoot(t *testing.T) {
	for _, c := range []struct{ dir, name, want string }{
		{".", "a", "a"}, {".", "./a//b/", "a/b"}, {"web", "node_modules", "web/node_modules"},
		{"web", "../shared", "shared"},
		{"a/b", "../../c", "c"}, {".", "*", "*"}, {".", "[web]", "[web]"}, {".", " ", " "},
		{".", "", ""}, {".", ".", ""}, {".", "a/..", ""}, {"web", "..", ""}, {".", "..", ""}, {".", "../x", ""},
		{"web", "../../x", ""}, {".", "/etc", ""}, {"web", "/", ""}, {".", "a\x00b", ""}, {"..", "a", ""},
		{"/", "a", ""},
	} {
		got, err := In(c.dir, c.name)
		if string(got) != c.want || (err != nil) != (c.want == "") {
			t.Errorf("In(%q, %q) = %q, %v, want %q", c.dir, c.name, got, err, c.want)
		}
	}
}
