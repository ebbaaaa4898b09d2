package build

import (
	"context"
	"fmt"
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

// nodeBranch makes the runtime and the packages of Node.
func (b *builder) nodeBranch(ctx context.Context, log *ui.Branch) error {
	err := log.Timed("Node.js", func() error {
		_, err := b.node.Contents(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, project := range b.plan.Node.Projects {
		if err := b.installProject(ctx, project, log); err != nil {
			return err
		}
	}
	return nil
}

// installProject makes the packages of one project.
func (b *builder) installProject(ctx context.Context, project plan.Project, log *ui.Branch) error {
	if project.Has("heroku-prebuild") {
		env, err := b.nodeEnv(ctx, b.env)
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
	packages, err := b.declarePackages(project, log) // only now: heroku-prebuild may have written what they are made from
	if err != nil {
		return err
	}
	return log.Timed(packages.Title, func() error {
		_, err := packages.Contents(ctx)
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

func (b *builder) declarePackages(project plan.Project, log *ui.Branch) (made *layer.Made, err error) {
	spec, err := b.packagesSpec(project, log)
	if err != nil {
		return nil, err
	}
	made, err = b.set.Make(spec)
	b.packages = append(b.packages, made)
	return made, err
}

type nodeKey struct {
	common
	Version  string `json:"Node.js version"`
	Checksum string `json:"archive of Node.js"`
}

func (b *builder) nodeSpec(log *ui.Branch) (layer.Spec, error) {
	archive, err := b.resolve("node", b.plan.Node.Version, log)
	if err != nil {
		return layer.Spec{}, err
	}
	b.nodeKey = nodeKey{b.common, archive.Version, string(archive.GetChecksum())}
	return layer.Spec{
		Name: "node", Title: "Node.js " + archive.Version, Keep: true, Log: log.Header,
		Key: b.nodeKey,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Default(headersVariable(archive.Version), dir)
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

// headersVariable tells node-gyp where the headers are, which it would download. npm of Node.js 24 and later warns of settings
// in the environment that it does not know itself; the node-gyp that it has reads them under a name of its own.
// https://github.com/nodejs/node-gyp#environment-variables
func headersVariable(version string) string {
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err == nil && n < 24 {
		return "npm_config_nodedir"
	}
	return "npm_package_config_node_gyp_nodedir"
}

type nodeModulesKey struct {
	nodeKey
	Command string `json:"install command"`
	NPM     string `json:"settings of npm"`
	Files   string `json:"contents of package.json or the lock file"`
}

const nodeFilesField = "contents of package.json or the lock file"

func (b *builder) packagesSpec(project plan.Project, log *ui.Branch) (layer.Spec, error) {
	files, err := app.Digest(b.source, project.Files...)
	settings := b.env.With()
	for i, line := range project.Package.Settings {
		settings[fmt.Sprint("npm_config_", i)] = line
	}
	name, title := packagesName(project.Package.Dir)
	return layer.Spec{
		Name: name, Title: title, Keep: true, Log: log.Header,
		Key:   nodeModulesKey{b.nodeKey, strings.Join(project.Install, " "), settingsDigest(settings, "NPM_CONFIG_"), files},
		Start: startField(project),
		Base:  b.root, Roots: slices.Concat(project.Roots, project.Package.Linked), Skip: toolCache,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Prepend("PATH", string(os.PathListSeparator), filepath.Join(dir, project.Package.Path("node_modules/.bin")))
			return vars
		},
		Fill: func(ctx context.Context, _ string) (layer.Facts, error) {
			env, err := b.nodeEnv(ctx, b.env)
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

// packagesName is the layer's name of the packages of the project in dir, and what the log calls them. Two folders have two names.
func packagesName(dir string) (name, title string) {
	if dir == "." {
		return "node-modules", "Node packages"
	}
	return "node-modules_" + strings.NewReplacer("_", "__", "/", "_-").Replace(dir), "Node packages of " + dir
}

// toolCache names what tools write into node_modules while the packages are packed.
func toolCache(rel string) bool {
	switch path.Base(rel) {
	case ".cache", ".vite", ".vite-temp", ".tmp", ".parcel-cache":
		return path.Base(path.Dir(rel)) == "node_modules"
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
