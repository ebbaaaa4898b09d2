package build

import (
	"context"
	"slices"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// getter gets the contents of layers, one after the other, until one cannot be had.
type getter struct {
	ctx context.Context // of one call of a function below
	err error
}

// part returns what commands see of a layer; nil: of none.
func (g *getter) part(c layer.Contents) run.Part {
	if c == nil || g.err != nil {
		return run.Part{}
	}
	if g.err = c.Get(g.ctx); g.err != nil {
		return run.Part{}
	}
	return c.Part()
}

// pythonParts gets Python and the packages.
func (b *builder) pythonParts(ctx context.Context) (environ.Parts, error) {
	get := getter{ctx: ctx}
	parts := environ.Parts{Python: get.part(b.python), Venv: get.part(b.venv)}
	return parts, get.err
}

// runtimes gets both runtimes.
func (b *builder) runtimes(ctx context.Context) (environ.Parts, error) {
	get := getter{ctx: ctx}
	parts := environ.Parts{Python: get.part(b.python), Node: get.part(b.node)}
	return parts, get.err
}

// managerEnvs returns the environments of what a project's package manager runs, with the package manager itself. To
// compile something it needs the headers of Node.js.
func (b *builder) managerEnvs(ctx context.Context, dir string, headers bool) (environ.Envs, error) {
	parts, err := b.runtimes(ctx)
	get := getter{ctx, err}
	if headers {
		parts.Headers = get.part(b.headers)
	}
	parts.Tools = map[string]run.Part{dir: get.part(b.tools[dir])}
	return b.envs.With(parts, nil), get.err
}

// managerEnv returns what a project's package manager sees when it installs packages.
func (b *builder) managerEnv(ctx context.Context, dir string, headers bool) (run.Env, error) {
	envs, err := b.managerEnvs(ctx, dir, headers)
	return envs.For(plan.EnvNodeTools, dir).Filled(), err
}

// appParts gets what the app's steps see: both languages.
func (b *builder) appParts(ctx context.Context) (environ.Parts, error) {
	get := getter{ctx: ctx}
	parts := environ.Parts{Modules: map[string]run.Part{}, Tools: map[string]run.Part{}}
	var dirs []string
	for _, project := range slices.Backward(b.projects()) {
		dirs = append(dirs, project.Package.Dir)
	}
	for _, dir := range dirs {
		parts.Modules[dir] = get.part(b.packages[dir])
	}
	if b.app.MayCompile() {
		parts.Headers = get.part(b.headers)
	}
	parts.Node = get.part(b.node)
	for _, dir := range dirs {
		parts.Tools[dir] = get.part(b.tools[dir])
	}
	parts.Python, parts.Venv = get.part(b.python), get.part(b.venv)
	return parts, get.err
}

// appVars returns the variables that the app's own commands get, without those of layers.
func (b *builder) appVars() environ.Env { return b.envs.With(environ.Parts{}, b.secretNames).App() }

// has reports whether the app's own commands have a variable.
func (b *builder) has(name string) bool {
	_, set := b.appVars().Filled()[name]
	return set
}
