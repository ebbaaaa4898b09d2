// Package static compares what an app serves as static files with what is in its image. It reads no files itself.
package static

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/note"
	"github.com/tandem-cnb/tandem/internal/show"
)

// CheckSettings compares the directory that collectstatic writes with those that it reads, and with the image. root is
// the app's directory, an absolute path. Some problems are only warnings, since a hook or a storage may do what
// is not visible here.
func CheckSettings(s installed.Settings, c config.Config, root string) ([]note.Note, error) {
	var warnings note.List
	if !s.Staticfiles || !s.LocalStatic || s.StaticRoot == "" || c.Collectstatic.Disable.On {
		return nil, nil
	}
	if !app.InDir(s.StaticRoot, root) {
		warnings.Warn("django/static-root-outside", "STATIC_ROOT is %s, outside of the app: the collected files will "+
			"not be in the image. Let it be a directory of the app:\n"+
			"    STATIC_ROOT = BASE_DIR / \"staticfiles\"", show.Name(s.StaticRoot))
	}
	for _, dir := range s.StaticDirs {
		switch {
		case s.StaticRoot == dir:
			return nil, &fail.Error{
				ID: "django/static-root", What: "STATIC_ROOT is also in STATICFILES_DIRS",
				Why: fmt.Sprintf("Both name %s. collectstatic copies from the one to the other, and Django refuses "+
					"that (staticfiles.E002).", show.Name(relative(dir, root))),
				Fix: fail.Fix{
					fail.Say{Text: "Let collectstatic write into a directory of its own:"},
					fail.Edit{Lines: []string{`STATIC_ROOT = BASE_DIR / "staticfiles"`}},
				},
			}
		case app.InDir(s.StaticRoot, dir):
			warnings.Warn("django/static-root-in-source", "STATIC_ROOT, %s, lies in %s, which STATICFILES_DIRS names: "+
				"collectstatic may copy its own output. Let it be a directory of its own:\n"+
				"    STATIC_ROOT = BASE_DIR / \"staticfiles\"", show.Name(relative(s.StaticRoot, root)),
				show.Name(relative(dir, root)))
		}
	}
	return warnings, nil
}

// relative returns path relative to the app's root, as users know it.
func relative(path, root string) string { return strings.TrimPrefix(path, root+"/") }
