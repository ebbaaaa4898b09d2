package build

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
)

// nodeEnv is env with Node and with Python's runtime.
func (b *builder) nodeEnv(ctx context.Context, env run.Env) (run.Env, error) {
	for _, made := range []layer.Contents{b.python, b.node} {
		if err := made.Get(ctx); err != nil {
			return nil, err
		}
		env = env.WithPart(made.Part())
	}
	return b.withHeap(env), nil
}

// projectEnv is what a project's package manager sees: itself, Node with its headers, and Python's runtime for node-gyp.
func (b *builder) projectEnv(ctx context.Context, project plan.Project) (run.Env, error) {
	env, err := b.nodeEnv(ctx, b.env)
	if err != nil {
		return nil, err
	}
	if err := b.headers.Get(ctx); err != nil {
		return nil, err
	}
	env = env.WithPart(b.headers.Part())
	return b.withTool(ctx, project.Package.Dir, env)
}

// withTool is env with the package manager of the project in dir before all else.
func (b *builder) withTool(ctx context.Context, dir string, env run.Env) (run.Env, error) {
	env = forScripts(env)
	tool := b.tools[dir]
	if tool == nil {
		return env, nil
	}
	err := tool.Get(ctx)
	return env.WithPart(tool.Part()), err
}

// nodeParts are what the steps of the app see of Node. What comes last comes first on PATH: the first project's packages before
// those of others, and no package replaces node or a package manager.
func (b *builder) nodeParts() []layer.Contents {
	parts := slices.Clone(b.packages)
	slices.Reverse(parts)
	if b.node == nil {
		return parts
	}
	if b.app.MayCompile() {
		parts = append(parts, b.headers)
	}
	parts = append(parts, b.node)
	for _, project := range slices.Backward(b.plan.Node.Projects) {
		if tool := b.tools[project.Package.Dir]; tool != nil {
			parts = append(parts, tool)
		}
	}
	return parts
}

// withPnP is env with the hook by which Node.js finds the packages of the projects that have no node_modules.
// https://yarnpkg.com/advanced/pnpapi
func (b *builder) withPnP(env run.Env) run.Env {
	if b.plan.Node == nil {
		return env
	}
	for _, project := range b.plan.Node.Projects {
		for _, hook := range []struct{ file, option, prefix string }{
			{".pnp.loader.mjs", "--experimental-loader", "file://"}, {".pnp.js", "--require", ""}, {".pnp.cjs", "--require", ""},
		} {
			name := project.Package.Path(hook.file)
			file := filepath.Join(b.root, name)
			if b.hasFile(name) && project.Settings.PnP {
				// Without quotes where there is no need of them: Yarn would not find what it looks for in here.
				if file = hook.prefix + file; strings.Contains(file, " ") {
					file = strconv.Quote(file)
				}
				env = env.With(map[string]string{"NODE_OPTIONS": strings.TrimSpace(hook.option + " " + file + " " + env["NODE_OPTIONS"])})
			}
		}
	}
	return env
}
