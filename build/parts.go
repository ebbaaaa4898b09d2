package build

import (
	"context"
	"slices"

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

// npmEnv returns what the npm of Node.js sees, which installs other package managers.
func (b *builder) npmEnv(ctx context.Context) (run.Env, error) {
	if err := layer.Get(ctx, b.python, b.node); err != nil {
		return nil, err
	}
	parts := environ.Parts{Python: layer.PartOf(b.python), Node: layer.PartOf(b.node)}
	return b.envs.With(parts, nil).For(plan.EnvNodeTools, "").Filled(), nil
}

// managerEnvs returns the environments of what the package manager of the project in dir runs. Only what may compile
// something needs headers.
func (b *builder) managerEnvs(ctx context.Context, dir string, headers bool) (environ.Envs, error) {
	parts, needs := environ.Parts{}, []layer.Contents{b.python, b.node}
	if headers {
		needs = append(needs, b.headers)
	}
	if err := layer.Get(ctx, append(needs, b.tools[dir])...); err != nil {
		return environ.Envs{}, err
	}
	parts.Python, parts.Node = layer.PartOf(b.python), layer.PartOf(b.node)
	if headers {
		parts.Headers = layer.PartOf(b.headers)
	}
	parts.Tools = map[string]run.Part{dir: layer.PartOf(b.tools[dir])}
	return b.envs.With(parts, nil), nil
}

// managerEnv returns what the package manager of the project in dir sees when it installs or removes packages.
func (b *builder) managerEnv(ctx context.Context, dir string, headers bool) (run.Env, error) {
	envs, err := b.managerEnvs(ctx, dir, headers)
	return envs.For(plan.EnvNodeTools, dir).Filled(), err
}

// appParts gets what the app's steps see: both languages.
func (b *builder) appParts(ctx context.Context) (parts environ.Parts, err error) {
	var needs, tools []layer.Contents
	for _, project := range slices.Backward(b.plan.Projects()) {
		needs, tools = append(needs, b.packages[project.Package.Dir]), append(tools, b.tools[project.Package.Dir])
	}
	if b.app.MayCompile() {
		needs = append(needs, b.headers)
	}
	needs = slices.Concat(append(needs, b.node), tools, []layer.Contents{b.python, b.venv})
	if err := layer.Get(ctx, needs...); err != nil {
		return parts, err
	}
	parts = environ.Parts{
		Python: layer.PartOf(b.python), Venv: layer.PartOf(b.venv), Node: layer.PartOf(b.node),
		Tools: layer.PartsOf(b.tools), Modules: layer.PartsOf(b.packages),
	}
	if b.app.MayCompile() {
		parts.Headers = layer.PartOf(b.headers)
	}
	return parts, nil
}
