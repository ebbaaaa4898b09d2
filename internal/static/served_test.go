package static

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/recipe"
)

func TestServedDirectories(t *testing.T) {
	folder := func(name string) []Needed { return []Needed{{"main.py, line 5,", name, name}} }
	copies := []recipe.Copy{{From: "/app/b/dist", To: "/app/backend/static"}, {From: ".", To: "."}}
	for name, c := range map[string]struct {
		served Served
		want   string
		not    string
	}{
		"nothing": {},
		"a directory that no script writes": {Served{Missing: folder("web/dist")},
			"main.py, line 5, needs web/dist, which does not exist. No build script of a package.json has run",
			"cp -R"},
		"an output of another name": {Served{Missing: folder("web/dist"),
			Written: Written{Ran: []string{"npm run build in web"}, Outputs: []string{"web/out"}}},
			"The build has run npm run build in web: let that write it, or name the place where it does.\n" +
				"  The build has written web/out, which nothing reads. To copy it, in bin/post_compile:\n" +
				"    mkdir -p web/dist\n    cp -R web/out/. web/dist", ""},
		"several outputs": {Served{Missing: folder("web/dist"),
			Written: Written{Outputs: []string{"a/dist", "b/dist"}}},
			"The build has written a/dist and b/dist", "cp -R"},
		"several outputs, and a Dockerfile": {Served{Missing: folder("backend/static"),
			Written: Written{Outputs: []string{"a/dist", "b/dist"}, Copies: copies}},
			"cp -R b/dist/. backend/static", "a/dist"},
		"names that do not change": {Served{Unhashed: []string{"dist/main.js"}},
			"keep their names when their contents change: dist/main.js", ""},
	} {
		got := strings.Join(note.Texts(c.served.Check()), "\n")
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") || c.not != "" &&
			strings.Contains(got, c.not) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}
