package build

import (
	"context"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
)

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
	return b.runner(b.main).Contract(hook, b.hookCache.Dir(), filepath.Join(b.in.Platform.Path, "env"))
}
