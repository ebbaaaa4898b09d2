package plan

import (
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/config"
)

func TestStaticRootMustBeAFolderOfItsOwnInTheApp(t *testing.T) {
	for name, c := range map[string]struct {
		settings Settings
		disabled bool
		warning  string
		id       string
	}{
		"of its own": {settings: Settings{StaticRoot: "/app/staticfiles",
			StaticDirs: []string{"/app/static"}}},
		"outside": {settings: Settings{StaticRoot: "/var/www/static"},
			warning: "outside of the app"},
		"beside the app": {settings: Settings{StaticRoot: "/app2/static"},
			warning: "outside of the app"},
		"a source folder": {settings: Settings{StaticRoot: "/app/static",
			StaticDirs: []string{"/app/a", "/app/static"}}, id: "django/static-root"},
		"in a source folder": {settings: Settings{StaticRoot: "/app/static/out",
			StaticDirs: []string{"/app/static"}}, warning: "lies in static,"},
		"above a source folder": {settings: Settings{StaticRoot: "/app/static",
			StaticDirs: []string{"/app/static/src"}}},
		"a source folder, but not used": {settings: Settings{StaticRoot: "/app/static",
			StaticDirs: []string{"/app/static"}}, disabled: true},
		"not set":                         {settings: Settings{StaticDirs: []string{"/app/static"}}},
		"outside, but kept by a service ": {settings: Settings{StaticRoot: "/var/www/static", WSGI: "service"}},
	} {
		t.Run(name, func(t *testing.T) {
			c.settings.Staticfiles, c.settings.LocalStatic = true, c.settings.WSGI == ""
			warnings,
				err := CheckStatic(c.settings, config.Config{DisableCollectstatic: config.Switch{On: c.disabled}},
				"/app")
			if got := strings.Join(Texts(warnings), "\n"); (c.warning == "") != (got == "") ||
				!strings.Contains(got, c.warning) {
				t.Errorf("got warnings %q", got)
			}
			if (c.id == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.id) {
				t.Errorf("got %v", err)
			}
		})
	}
}
