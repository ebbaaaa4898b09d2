package build

import (
	"context"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// settingsEnv returns what the import of the settings sees.
func (b *builder) settingsEnv(ctx context.Context) (run.Env, error) {
	if err := layer.Get(ctx, b.python, b.venv); err != nil {
		return nil, err
	}
	parts := environ.Parts{Python: layer.PartOf(b.python), Venv: layer.PartOf(b.venv)}
	return b.envs.With(parts, b.secretNames).For(plan.EnvSettings, "").Filled(), nil
}

// appParts gets what the app's steps see: both languages.
func (b *builder) appParts(ctx context.Context) (parts environ.Parts, err error) {
	if parts, err = b.node.Parts(ctx, b.app.MayCompile()); err != nil {
		return parts, err
	}
	err = layer.Get(ctx, b.python, b.venv)
	parts.Python, parts.Venv = layer.PartOf(b.python), layer.PartOf(b.venv)
	return parts, err
}
