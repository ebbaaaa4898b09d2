package app

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What settings name as a path is a path of the app, or it does not count: as an error where the image would lack it.
func TestPathsOfSettingsStayInTheApp(t *testing.T) {
	const berry = "__metadata:\n  version: 8\n"
	for name, c := range map[string]struct {
		lock, file, settings     string
		makes, inputs, brought   []string // beside those that Yarn always makes
		program, problems, notes string
	}{
		"a cache with PnP": {lock: berry, file: ".yarnrc.yml", settings: "cacheFolder: ./c",
			makes: []string{"c"}},
		"a committed cache": {lock: berry, file: ".yarnrc.yml", settings: "cacheFolder: ./keep",
			brought: []string{"keep"}},
		"a name that is a pattern": {lock: berry, file: ".yarnrc.yml", settings: `cacheFolder: "*"`,
			makes: []string{"*"}},
		"a cache of another folder": {lock: berry, file: ".yarnrc.yml", settings: "cacheFolder: ../../c",
			problems: "node/settings-invalid The"},
		"a cache of the app": {lock: berry, file: ".yarnrc.yml", settings: "cacheFolder: ../c",
			makes: []string{"../c"}},
		"a whole folder": {lock: berry, file: ".yarnrc.yml", settings: `cacheFolder: ".."`,
			problems: "node/settings-invalid The"},
		"an absolute cache": {lock: berry, file: ".yarnrc.yml", settings: "cacheFolder: /etc",
			problems: "node/settings-invalid The"},
		"a NUL": {lock: berry, file: ".yarnrc.yml", settings: `cacheFolder: "a\0b"`,
			problems: "node/settings-invalid The"},
		"a cache of node_modules": {lock: berry, file: ".yarnrc.yml",
			settings: "nodeLinker: node-modules\ncacheFolder: ../../c", notes: `"../../c"`},
		"a program": {lock: berry, file: ".yarnrc.yml", settings: "yarnPath: ./y.cjs",
			program: "y.cjs"},
		"a program outside": {lock: berry, file: ".yarnrc.yml", settings: "yarnPath: ../../y.cjs",
			problems: "node/settings-invalid The"},
		"an absolute program": {lock: berry, file: ".yarnrc.yml", settings: "yarnPath: /bin/sh",
			problems: "node/settings-invalid The"},
		"a mirror":         {file: ".yarnrc", settings: "yarn-offline-mirror ./m", inputs: []string{"m"}},
		"a mirror outside": {file: ".yarnrc", settings: "yarn-offline-mirror ../../m", notes: `"../../m"`},
		"a program of Yarn 1": {file: ".yarnrc", settings: "yarn-path ../../y.js",
			problems: "node/settings-invalid The"},
	} {
		t.Run(name, func(t *testing.T) {
			n := read(files("web/package.json", "{}", "web/yarn.lock", c.lock, "web/"+c.file, c.settings,
				"web/keep/x", "", "web/y.cjs", "")).Node[0]
			own := n.Settings[n.Lock.Manager]
			var makes []string
			for _, made := range own.Outputs {
				if !strings.HasPrefix(made, ".pnp.") && !strings.HasPrefix(made, ".yarn/") {
					makes = append(makes, made)
				}
			}
			for what, diff := range map[string]string{
				"makes": cmp.Diff(c.makes, makes), "inputs": cmp.Diff(c.inputs, own.Inputs),
				"brought": cmp.Diff(c.brought, own.Brought),
				"program": cmp.Diff(c.program, own.Program), "problems": cmp.Diff(c.problems, ids(own.Unreadable)),
			} {
				if diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			if notes := strings.Join(own.Notes, "\n"); (c.notes != "") != (notes != "") || !strings.Contains(notes,
				c.notes) {
				t.Errorf("notes: %q", notes)
			}
		})
	}
}

func TestLocalPackagesOfALockStayInTheApp(t *testing.T) {
	lock := `{"lockfileVersion": 3, "packages": {"": {}, "../../out": {"hasInstallScript": true}, "/etc": {"hasInstallScript": true}, "*": {"hasInstallScript": true},
		"..": {"hasInstallScript": true}, "../libs/a": {"hasInstallScript": true},
			"b\u0000": {"hasInstallScript": true}}}`
	n := read(files("web/package.json", `{"dependencies": {"x": "file:..", "y": "file:../../y", "z": "link:/z"}}`,
		"web/package-lock.json", lock)).Node[0]
	if diff := cmp.Diff([]Path{"web/*", "libs/a"}, n.Linked); diff != "" {
		t.Errorf("linked (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"web/package.json", "web/package-lock.json", "web/*", ".", "libs/a"},
		n.Inputs); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
}
