package plan

import "testing"

func TestScriptsOfAnInstallationThatMayBuild(t *testing.T) {
	for script, want := range map[string]bool{
		"bower install": true, "husky install && gulp build": true, "is-ci || husky install; webpack": true, "node hooks.js": true,
		"": false, "husky": false, "husky install || true": false, "npx husky install || exit 0": false,
	} {
		if got := mayBuild(script); got != want {
			t.Errorf("%q may build: %v, want %v", script, got, want)
		}
	}
}
