package app

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestSettingsModules(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{"settings.py", "web/mysite/settings.py", "web/config/settings/__init__.py", "web/config/settings/production.py", "web/tests/settings.py", "web/node_modules/a/settings.py", "web/a/b/c/settings.py"} {
		files[name] = &fstest.MapFile{}
	}
	if got, want := newReader(files).settingsModules("web"), []string{"config.settings.production", "mysite.settings"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := newReader(files).settingsModules("."), []string{"settings", "web.mysite.settings"}; !slices.Equal(got[:1], want[:1]) || !slices.Contains(got, want[1]) {
		t.Errorf("got %v, want %v among them", got, want)
	}
	if got := newReader(files).settingsModules("nowhere"); got != nil {
		t.Errorf("got %v", got)
	}
}
