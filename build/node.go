package build

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// nodeBranch makes the runtime and the packages of Node.
func (b *builder) nodeBranch(ctx context.Context, log *ui.Branch) error {
	err := log.Timed("Node.js", func() error {
		_, err := b.node.Contents(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if b.plan.Node.Prebuild {
		env, err := b.nodeEnv(ctx, b.env)
		if err != nil {
			return err
		}
		if err := b.step(ctx, log, plan.NodeScript("heroku-prebuild"), env); err != nil {
			return err
		}
	}
	if b.plan.Node.Manager == nil {
		return nil
	}
	if err := b.declareNodeModules(log); err != nil { // only now: heroku-prebuild may have written what they are made from
		return err
	}
	return log.Timed("Node packages", func() error {
		_, err := b.nodeModules.Contents(ctx)
		b.npmCache.Grown()
		return err
	})
}

// declareNode says what the runtime's layer is. Nothing is made yet.
func (b *builder) declareNode(log *ui.Branch) error {
	runtime, err := b.nodeSpec(log)
	if err != nil {
		return err
	}
	b.node, err = b.set.Make(runtime)
	return err
}

func (b *builder) declareNodeModules(log *ui.Branch) (err error) {
	if b.npmCache, err = b.set.Make(b.cacheSpec("npm", "npm's downloads", log)); err != nil {
		return err
	}
	modules, err := b.nodeModulesSpec(log)
	if err != nil {
		return err
	}
	b.nodeModules, err = b.set.Make(modules)
	return err
}

type nodeKey struct {
	common
	Version  string `json:"Node.js version"`
	Checksum string `json:"archive of Node.js"`
}

func (b *builder) nodeSpec(log *ui.Branch) (layer.Spec, error) {
	archive, err := b.resolve("node", b.plan.Node.Version)
	if err != nil {
		return layer.Spec{}, err
	}
	log.Header("Node.js %s, from %s", archive.Version, b.plan.Node.Version.Source)
	b.nodeKey = nodeKey{b.common, archive.Version, string(archive.GetChecksum())}
	return layer.Spec{
		Name: "node", Title: "Node.js " + archive.Version, Keep: true, Log: log.Header,
		Key: b.nodeKey,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Default("npm_config_nodedir", dir) // node-gyp would download the headers
			vars.Default("npm_config_update_notifier", "false")
			return vars
		},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if err := b.unpack(ctx, archive, dir, log); err != nil {
				return nil, err
			}
			return nil, removeMatching(dir, "share", "CHANGELOG.md", "README.md", "lib/node_modules/npm/docs", "lib/node_modules/npm/man")
		},
	}, nil
}

type nodeModulesKey struct {
	nodeKey
	Command string `json:"install command"`
	NPM     string `json:"settings of npm"`
	Files   string `json:"contents of package.json or the lock file"`
}

func (b *builder) nodeModulesSpec(log *ui.Branch) (layer.Spec, error) {
	files, err := app.Digest(b.source, b.plan.Node.Files...)
	settings := b.env.With()
	for i, line := range b.plan.Node.Settings {
		settings[fmt.Sprint("npm_config_", i)] = line
	}
	return layer.Spec{
		Name: "node-modules", Title: "Node packages", Keep: true, Log: log.Header,
		Key:  nodeModulesKey{b.nodeKey, strings.Join(b.plan.Node.Install, " "), settingsDigest(settings, "NPM_CONFIG_"), files},
		Base: b.root, Roots: b.plan.Node.Roots, Skip: toolCache,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Prepend("PATH", string(os.PathListSeparator), filepath.Join(dir, "node_modules", ".bin"))
			return vars
		},
		Fill: func(ctx context.Context, _ string) (layer.Facts, error) {
			env, err := b.nodeEnv(ctx, b.env)
			if err != nil {
				return nil, err
			}
			cache, err := b.npmCache.Contents(ctx)
			if err != nil {
				return nil, err
			}
			if err := b.installNode(ctx, log, env.With(map[string]string{"npm_config_cache": cache})); err != nil {
				return nil, err
			}
			compiled, err := compiledByGyp(b.root)
			sayCompiled(log, compiled)
			return nil, err
		},
	}, err
}

// toolCache names what tools write into node_modules while the packages are packed.
func toolCache(rel string) bool {
	switch path.Base(rel) {
	case ".cache", ".vite", ".vite-temp", ".tmp", ".parcel-cache":
		return path.Dir(rel) == "node_modules"
	}
	return false
}

// nodeEnv is env with Node, and with Python's runtime for node-gyp.
func (b *builder) nodeEnv(ctx context.Context, env run.Env) (run.Env, error) {
	for _, made := range []*layer.Made{b.python, b.node} {
		if _, err := made.Contents(ctx); err != nil {
			return nil, err
		}
		env = made.Env(env)
	}
	return env, nil
}
