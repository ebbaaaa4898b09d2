package build

import (
	"context"
	"slices"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// get gets the contents of layers, one after the other; nil is no layer.
func get(ctx context.Context, all ...layer.Contents) error {
	for _, c := range all {
		if c == nil {
			continue
		}
		if err := c.Get(ctx); err != nil {
			return err
		}
	}
	return nil
}

// partOf returns what commands see of a layer; nil: of none.
func partOf(c layer.Contents) run.Part {
	if c == nil {
		return run.Part{}
	}
	return c.Part()
}

func partsOf(all map[string]layer.Contents) map[string]run.Part {
	parts := map[string]run.Part{}
	for dir, c := range all {
		parts[dir] = partOf(c)
	}
	return parts
}

// settingsEnv returns what the import of the settings sees.
func (b *builder) settingsEnv(ctx context.Context) (run.Env, error) {
	if err := get(ctx, b.python, b.venv); err != nil {
		return nil, err
	}
	parts := environ.Parts{Python: partOf(b.python), Venv: partOf(b.venv)}
	return b.envs.With(parts, b.secretNames).For(plan.EnvSettings, "").Filled(), nil
}

// npmEnv returns what the npm of Node.js sees, which installs other package managers.
func (b *builder) npmEnv(ctx context.Context) (run.Env, error) {
	if err := get(ctx, b.python, b.node); err != nil {
		return nil, err
	}
	parts := environ.Parts{Python: partOf(b.python), Node: partOf(b.node)}
	return b.envs.With(parts, nil).For(plan.EnvNodeTools, "").Filled(), nil
}

// managerEnvs returns the environments of what the package manager of the project in dir runs. Only what may compile
// something needs headers.
func (b *builder) managerEnvs(ctx context.Context, dir string, headers bool) (environ.Envs, error) {
	parts, needs := environ.Parts{}, []layer.Contents{b.python, b.node}
	if headers {
		needs = append(needs, b.headers)
	}
	if err := get(ctx, append(needs, b.tools[dir])...); err != nil {
		return environ.Envs{}, err
	}
	parts.Python, parts.Node = partOf(b.python), partOf(b.node)
	if headers {
		parts.Headers = partOf(b.headers)
	}
	parts.Tools = map[string]run.Part{dir: partOf(b.tools[dir])}
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
	if err := get(ctx, needs...); err != nil {
		return parts, err
	}
	parts = environ.Parts{
		Python: partOf(b.python), Venv: partOf(b.venv), Node: partOf(b.node),
		Tools: partsOf(b.tools), Modules: partsOf(b.packages),
	}
	if b.app.MayCompile() {
		parts.Headers = partOf(b.headers)
	}
	return parts, nil
}
