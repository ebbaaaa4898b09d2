package build

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installProject makes the packages of one project, and before them the package manager.
func (b *builder) installProject(ctx context.Context, project plan.Project, log *ui.Branch) error {
	if project.Install != nil {
		if err := b.variablesSet(project); err != nil {
			return err
		}
	}
	if err := b.installTool(ctx, project, log); err != nil {
		return err
	}
	if project.Has("heroku-prebuild") {
		env, err := b.projectEnv(ctx, project)
		if err != nil {
			return err
		}
		if err := b.step(ctx, log, project.Script("heroku-prebuild"), env); err != nil {
			return err
		}
	}
	if project.Install == nil {
		return nil
	}
	packages, err := b.declarePackages(ctx, project, log) // only now: heroku-prebuild may have written what they are made from
	if err != nil {
		return err
	}
	return log.Timed(packages.Title, func() error {
		_, err := packages.Contents(ctx)
		return err
	})
}

func (b *builder) declarePackages(ctx context.Context, project plan.Project, log *ui.Branch) (made *layer.Made, err error) {
	name := project.Manager.ID
	if b.downloads[name] == nil {
		if b.downloads[name], err = b.set.Make(b.cacheSpec(name, "downloads of "+project.Manager.Name, log)); err != nil {
			return nil, err
		}
	}
	spec, err := b.packagesSpec(ctx, project, log)
	if err != nil {
		return nil, err
	}
	made, err = b.set.Make(spec)
	b.packages = append(b.packages, made)
	return made, err
}

type packagesKey struct {
	nodeKey
	Tool     string `json:"package manager"`
	Command  string `json:"install command"`
	Settings string `json:"settings of the package manager"`
	Files    string `json:"contents of package.json or the lock file"`
}

func (b *builder) packagesSpec(ctx context.Context, project plan.Project, log *ui.Branch) (layer.Spec, error) {
	key, err := b.packagesKey(ctx, project)
	return layer.Spec{
		Name: packagesName(project.Package.Dir), Title: project.Title(), Keep: true, Log: log.Header,
		Key:  key,
		Base: b.root, Roots: project.Roots, Over: project.Package.Linked, Skip: toolCache,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			var bins []string
			for _, root := range project.Roots {
				if path.Base(root) == "node_modules" {
					bins = append(bins, filepath.Join(dir, root, ".bin"))
				}
			}
			vars.Prepend("PATH", string(os.PathListSeparator), strings.Join(bins, string(os.PathListSeparator)))
			return vars
		},
		Fill: func(ctx context.Context, _ string) (layer.Facts, error) {
			env, err := b.projectEnv(ctx, project)
			if err != nil {
				return nil, err
			}
			if err := b.installNode(ctx, project, log, env); err != nil {
				return nil, err
			}
			compiled, err := compiledByGyp(filepath.Join(b.root, project.Package.Dir))
			sayCompiled(log, compiled)
			return nil, err
		},
	}, err
}

func (b *builder) packagesKey(ctx context.Context, project plan.Project) (key packagesKey, err error) {
	key = packagesKey{nodeKey: b.nodeKey, Tool: project.Manager.Name, Command: strings.Join(project.Install, " ")}
	if tool := b.tools[project.Package.Dir]; tool != nil {
		facts, err := tool.Facts(ctx)
		if err != nil {
			return key, err
		}
		key.Tool += " " + facts["version"]
	}
	settings := b.env.With()
	for _, file := range project.Settings {
		settings[project.Manager.Prefixes[0]+file.File] = strings.Join(file.Lines, "\n")
	}
	key.Settings = settingsDigest(settings, project.Manager.Prefixes...)
	key.Files, err = app.Digest(b.source, project.Files...)
	return key, err
}

// packagesName is the layer's name of the packages of the project in dir. Two folders have two names.
func packagesName(dir string) string {
	if dir == "." {
		return "node-modules"
	}
	return "node-modules_" + strings.NewReplacer("_", "__", "/", "_-").Replace(dir)
}

// toolCache names what tools write into node_modules while the packages are packed.
func toolCache(rel string) bool {
	switch path.Base(rel) {
	case ".cache", ".vite", ".vite-temp", ".tmp", ".parcel-cache":
		return path.Base(path.Dir(rel)) == "node_modules"
	}
	return false
}

// projectEnv is what a project's package manager sees: itself, Node, and Python's runtime for node-gyp.
func (b *builder) projectEnv(ctx context.Context, project plan.Project) (run.Env, error) {
	env, err := b.nodeEnv(ctx, b.env)
	if err != nil {
		return nil, err
	}
	return b.withTool(ctx, project.Package.Dir, env)
}

// withTool is env with the package manager of the project in dir before all else.
func (b *builder) withTool(ctx context.Context, dir string, env run.Env) (run.Env, error) {
	tool := b.tools[dir]
	if tool == nil {
		return env, nil
	}
	_, err := tool.Contents(ctx)
	return tool.Env(env), err
}

// nodeParts are what the steps of the app see of Node. What comes last comes first on PATH: the first project's packages before
// those of others, and no package replaces node or a package manager.
func (b *builder) nodeParts() []*layer.Made {
	parts := slices.Clone(b.packages)
	slices.Reverse(parts)
	if b.node == nil {
		return parts
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
			file := filepath.Join(b.root, project.Package.Path(hook.file))
			if _, err := os.Stat(file); err == nil && project.Own.PnP {
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
