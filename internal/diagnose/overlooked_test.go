package diagnose

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
)

func TestWhatASuccessfulCommandHasPrinted(t *testing.T) {
	facts := Facts{Packages: []*app.Node{{Dir: "theme", DevDependencies: []string{"sass"}}},
		Installed: []string{"theme"}}
	for line, want := range map[string]Overlooked{
		"sh: 1: rimraf: not found": {"sh: 1: rimraf: not found", "rimraf", "rimraf"},
		"sh: line 1: postcss: command not found": {"sh: line 1: postcss: command not found", "postcss",
			"postcss-cli"},
		"sh: 1: sass: not found": {"sh: 1: sass: not found", "sass", ""},
		"npm error ENOENT: no such file or directory, x": {"npm error ENOENT: no such file or directory, x", "",
			""},
		"bin/post_compile: line 3: lessc: command not found": {"bin/post_compile: line 3: lessc: command not found",
			"lessc", "less"},
		"Page not found":                     {},
		"the browser has: command not found": {},
		"a ENOENT handler":                   {},
	} {
		if got := FindOverlooked([]string{"first", line}, facts); got != want {
			t.Errorf("%s: got %+v", line, got)
		}
	}
	if got := FindOverlooked([]string{"sh: 1: lessc: not found"}, Facts{}); got.Package != "" {
		t.Errorf("an app without a package.json: %+v", got)
	}
}
