package manager

import (
	"fmt"
	"strings"
	"testing"
)

// incompleteIn returns the packages that lack a part for x64, with the part and what needs them.
func incompleteIn(t *testing.T, packages string) string {
	t.Helper()
	lock, err := newNPM().ReadLock(`{"lockfileVersion": 3, "packages": {"": {}, ` + packages + `}}`)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, i := range lock.Incomplete {
		var needs []string
		for _, need := range i.Needed {
			needs = append(needs, fmt.Sprintf("%s%v%d", need.Package, need.Programs, need.Leads))
		}
		out = append(
			out,
			fmt.Sprintf("%s: %s, script %v, %s", i.Package, i.Lacks("amd64"), i.Script, strings.Join(needs, " ")),
		)
	}
	return strings.Join(out, "\n")
}

func TestLocksThatLackAPartForLinux(t *testing.T) {
	for name, c := range map[string]struct{ packages, want string }{
		"by name": {
			`"node_modules/css": {"version": "1", "optionalDependencies": {"css-darwin-x64": "1", "css-linux-x64-gnu": "1"}},
			"node_modules/css-darwin-x64": {"version": "1"}`,
			"css: css-linux-x64-gnu, script false, css[]0",
		},
		"locked": {
			`"node_modules/css": {"version": "1", "optionalDependencies": {"css-linux-x64-gnu": "1"}},
			"node_modules/css/node_modules/css-linux-x64-gnu": {"version": "1", "os": ["linux"], "cpu": ["x64"]}`, "",
		},
		"one of two is locked": {
			`"node_modules/css": {"version": "1", "optionalDependencies": {"css-linux-x64": "1", "css-linux-x64-gnu": "1"}},
			"node_modules/css-linux-x64": {"version": "1"}`, "",
		},
		"of another name": {
			`"node_modules/css": {"version": "1", "optionalDependencies": {"mac": "1", "pc": "1"}},
			"node_modules/mac": {"version": "1", "os": "darwin", "cpu": "arm64"}`, "",
		},
		"musl alone": {
			`"node_modules/css": {"version": "1", "optionalDependencies": {"css-linux-x64-musl": "1"}}`, "",
		},
		"none for Linux": {
			`"node_modules/watch": {"version": "1", "optionalDependencies": {"fsevents": "2"}},
			"node_modules/fsevents": {"version": "2", "os": ["darwin"]}`, "",
		},
		"another CPU is locked": {
			`"node_modules/a": {"version": "1", "hasInstallScript": true, "bin": "a.js",
				"optionalDependencies": {"@a/linux-x64": "1", "@a/linux-arm64": "1"}},
			"node_modules/@a/linux-arm64": {"version": "1"}`,
			"a: @a/linux-x64, script true, a[a]0",
		},
		"what needs it": {
			`"node_modules/css": {"version": "1", "optionalDependencies": {"css-linux-x64-gnu": "1"}},
			"node_modules/plugin": {"version": "1", "dependencies": {"css": "1"}},
			"node_modules/vite": {"version": "1", "bin": {"vite": "v"}, "dependencies": {"plugin": "1"}},
			"node_modules/loop": {"version": "1", "dependencies": {"vite": "1", "loop": "1"}},
			"node_modules/css/node_modules/x": {"version": "1", "dependencies": {"loop": "1"}}`,
			"css: css-linux-x64-gnu, script false, css[]0 plugin[]0 vite[vite]1 loop[]2 x[]3",
		},
		"not valid fields": {
			`"node_modules/a": {"version": 1, "os": {}, "bin": [1], "dependencies": [], "optionalDependencies": "x"}`,
			"",
		},
	} {
		if got := incompleteIn(t, c.packages); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
