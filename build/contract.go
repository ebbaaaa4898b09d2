package build

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
)

//go:embed classic.sh
var classicUtils []byte

// hookCacheKey is the key of the hooks' cache: only the platform invalidates it.
type hookCacheKey struct{ layer.Common }

// contract creates what Heroku classic promises to a hook.
func (b *builder) contract(ctx context.Context, hook *app.Hook) (c environ.Contract, err error) {
	if b.hookCache == nil {
		b.hookCache, err = b.set.Cache(layer.Meta{
			Name: "hooks", Title: "what hooks keep", Key: hookCacheKey{b.common}, Log: b.main.Header,
		})
		if err != nil {
			return c, err
		}
	}
	if err := b.hookCache.Get(ctx); err != nil {
		return c, err
	}
	c = environ.Contract{
		Root: b.root, Cache: b.hookCache.Dir(), EnvDir: filepath.Join(b.in.Platform.Path, "env"),
		Revision: b.app.Revision,
	}
	if hook.Has(app.ProfileD) {
		if err := b.tree.MkdirAll(".profile.d", 0o755); err != nil {
			b.main.Warn(".profile.d cannot be created for %s (%s)", hook.Path, reason(err))
		}
	}
	if hook.SourcesUtils {
		c.Utils, err = b.writeUtils()
	}
	return c, err
}

// writeUtils makes the folder in which a hook looks for the functions of Heroku's buildpack.
func (b *builder) writeUtils() (dir string, err error) {
	dir = filepath.Join(b.scratch, "classic")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make a folder for hooks: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "utils"), classicUtils, 0o644); err != nil {
		return "", fmt.Errorf("write functions for hooks: %w", err)
	}
	return dir, nil
}
