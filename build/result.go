package build

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"path/filepath"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/show"
)

// webConcurrency runs before each process of a container: how much memory and how many processors it has is known only
// there.
//
//go:embed web_concurrency.sh
var webConcurrency []byte

type envKey struct {
	layer.Common
	Modules string `json:"modules" say:"folders of modules"`
	Workers string `json:"workers" say:"way to count workers"`
	Node    string `json:"node" say:"environment of Node.js"`
}

// envTree returns the layer with the environment of every process of the image.
func (b *builder) envTree() layer.Tree {
	node, modules := "", environ.Modules(b.Root, b.plan.Manage.Dir)
	if b.plan.Node != nil && b.plan.Node.Launch.Node {
		node = "production"
	}
	return layer.Tree{
		Meta: layer.Meta{
			Name: "env", Title: "Environment of the processes", Log: b.main.Header,
			Key: envKey{b.common, modules, layer.Digest(string(webConcurrency)), node},
		},
		Ship: true,
		Vars: func(string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Default("PYTHONUNBUFFERED", "1") // else the log of a crashed container lacks its end
			vars.Default("PORT", "8080")
			vars.Prepend("PYTHONPATH", ":", modules)
			if node != "" {
				vars.Default("NODE_ENV", node)
			}
			return vars
		},
		Fill: func(_ context.Context, dir string) (known layer.Filled, err error) {
			if err := os.MkdirAll(filepath.Join(dir, "exec.d"), 0o755); err != nil {
				return known, err
			}
			return known, os.WriteFile(filepath.Join(dir, "exec.d", "web-concurrency"), webConcurrency, 0o755)
		},
	}
}

// result gives the layers and process types to the lifecycle.
func (b *builder) result(ctx context.Context) (result libcnb.BuildResult, err error) {
	b.main.Title("Image")
	if _, err := b.set.Tree(b.envTree()); err != nil {
		return result, err
	}
	if err := b.runner(b.main).Reap("the build"); err != nil {
		return result, err
	}
	err = b.main.Timed("put away layers", func() (err error) {
		result.Layers, err = b.set.Close(ctx)
		return err
	})
	result.PersistentMetadata = b.plan.Store(b.in.PersistentMetadata)
	for _, p := range b.plan.Processes {
		b.main.Header("Process type %s: %s", show.Name(p.Type), show.Value(p.Command))
		result.Processes = append(result.Processes, libcnb.Process{Type: p.Type, Command: []string{"bash", "-c", p.Command}, Default: p.Default})
	}
	if err := errors.Join(err, b.secrets.checkProcesses(result.Processes)); err != nil {
		return result, err
	}
	return result, b.report()
}
