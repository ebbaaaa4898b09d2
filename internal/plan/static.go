package plan

import (
	"fmt"
	"strings"

	"github.com/tandem-cnb/tandem/internal/config"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// CheckStatic compares the directory that collectstatic writes with the directories that it reads, and with the image.
// root is the app's directory, an absolute path. Some problems are only warnings, since a hook or a storage may do what
// is not visible here.
func CheckStatic(s Settings, c config.Config, root string) ([]Note, error) {
	var warnings notes
	if !s.Staticfiles || !s.LocalStatic || s.StaticRoot == "" || c.DisableCollectstatic.On {
		return nil, nil
	}
	if !within(s.StaticRoot, root) {
		warnings.warn("django/static-root-outside", "STATIC_ROOT is %s, outside of the app: the collected files will "+
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
		case within(s.StaticRoot, dir):
			warnings.warn("django/static-root-in-source", "STATIC_ROOT, %s, lies in %s, which STATICFILES_DIRS names: "+
				"collectstatic may copy its own output. Let it be a directory of its own:\n"+
				"    STATIC_ROOT = BASE_DIR / \"staticfiles\"", show.Name(relative(s.StaticRoot, root)),
				show.Name(relative(dir, root)))
		}
	}
	return warnings, nil
}

// within reports whether a clean path is dir or lies in it.
func within(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

// relative returns path relative to the app's root, as users know it.
func relative(path, root string) string { return strings.TrimPrefix(path, root+"/") }
