package plan

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
)

// Node.js 25 and later loads libatomic, which minimal images do not have. Some packages are always compiled.
func TestDebianPackagesOfNode(t *testing.T) {
	debian := map[string]bool{"libc6": true}
	for name, c := range map[string]struct {
		node, dependency, procfile string
		images                     map[string]bool
		build, run, dev            string
	}{
		"a series without it": {"24", "express", "", debian, "", "", ""},
		"for the build":       {"26", "express", "", debian, "libatomic1", "", ""},
		"in the image":        {"26", "express", "web: node server.js", debian, "libatomic1", "libatomic1", ""},
		"the images have it": {"26", "express", "web: node server.js", map[string]bool{"libatomic1": true}, "",
			"", ""},
		"the images are not known":    {"26", "express", "", nil, "libatomic1", "", ""},
		"not Debian":                  {"26", "pg-native", "", map[string]bool{}, "", "", ""},
		"a package that is compiled":  {"24", "pg-native", "", debian, "libpq-dev", "", ""},
		"and that the image has":      {"24", "pg-native", "web: node server.js", debian, "libpq-dev", "", "libpq-dev"},
		"a package that has binaries": {"24", "better-sqlite3", "web: node server.js", debian, "", "", ""},
	} {
		a := app.Read(fstest.MapFS{
			"requirements.txt": {Data: []byte("six\n")}, "Procfile": {Data: []byte(c.procfile)}, "server.js": {},
			"package-lock.json": {Data: []byte(`{"lockfileVersion": 3, "packages": {}}`)},
			"package.json": {Data: []byte(`{"scripts": {"build": "true"}, "engines": {"node": "` + c.node +
				`.x"}, "dependencies": {"` + c.dependency + `": "1"}}`)},
		}, app.Requested{})
		p := systemPlanOf(t, a, config.Apt{}, System{Build: c.images, Run: c.images})
		build, run, dev := strings.Join(p.Debian.Build, " "), strings.Join(p.Debian.Run, " "),
			strings.Join(p.Debian.Dev, " ")
		if build != c.build || run != c.run || dev != c.dev {
			t.Errorf("%s: %q, %q, %q", name, build, run, dev)
		}
		if p.Debian.Find {
			t.Errorf("%s: Python looks for a library", name)
		}
	}
}
