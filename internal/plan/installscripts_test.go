package plan

import (
	"testing"

	"github.com/tandem-cnb/tandem/internal/app"
)

func TestScriptsOfAnInstallationThatMayBuild(t *testing.T) {
	for script, want := range map[string]bool{
		"bower install": true, "husky install && gulp build": true, "is-ci || husky install; webpack": true,
		"node hooks.js": true,
		"":              false, "husky": false, "husky install || true": false, "npx husky install || exit 0": false,
	} {
		if got := mayBuild(script); got != want {
			t.Errorf("%q may build: %v, want %v", script, got, want)
		}
	}
}

func TestSettingsThatIgnoreScripts(t *testing.T) {
	for line, want := range map[string]bool{
		"ignore-scripts=true": true, "ignore-scripts = true": true, "ignoreScripts: true": true,
		`--install.ignore-scripts true`: true, `ignore-scripts "true"`: true,
		"ignore-scripts=false": false, "ignore-scripts-of=true": false, "scripts=true": false,
	} {
		if got := withoutScripts(app.SettingsFile{Lines: []string{line}}); got != want {
			t.Errorf("%q ignores them: %v, want %v", line, got, want)
		}
	}
}
