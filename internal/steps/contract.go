package steps

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
)

//go:embed classic.sh
var classicUtils []byte

// Contract creates what Heroku classic promises to a hook, and returns its variables. cache is a directory that is kept
// for the next build, envDir has a file for each variable of the user.
func (r Runner) Contract(hook *app.Hook, cache, envDir string) (c environ.Contract, err error) {
	c = environ.Contract{Root: r.Root, Cache: cache, EnvDir: envDir, Revision: r.App.Revision}
	if hook.Has(app.ProfileD) {
		if err := r.Tree.MkdirAll(".profile.d", 0o755); err != nil {
			r.Log.Warn(".profile.d cannot be created for %s (%s)", hook.Path, app.Reason(err))
		}
	}
	if hook.SourcesUtils {
		c.Utils, err = r.writeUtils()
	}
	return c, err
}

// writeUtils creates the directory in which a hook looks for the functions of Heroku's buildpack.
func (r Runner) writeUtils() (dir string, err error) {
	dir = filepath.Join(r.Scratch, "classic")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("create a directory for hooks: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "utils"), classicUtils, 0o644); err != nil {
		return "", fmt.Errorf("write functions for hooks: %w", err)
	}
	return dir, nil
}
