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
	"github.com/tandem-cnb/tandem/internal/node"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// webConcurrency runs before each process of a container, the first place where its memory and its number of CPUs are
// known. https://github.com/buildpacks/spec/blob/main/buildpack.md#execd
//
//go:embed web_concurrency.sh
var webConcurrency []byte

// trustBindings runs there too: certificates may be mounted in a container alone.
//
//go:embed certificates.sh
var trustBindings []byte

// envKey is the key of the environment that all processes have.
type envKey struct {
	layer.Common
	Modules string `json:"modules" say:"folders of modules"`
	Workers string `json:"workers" say:"way to count workers"`
	Trust   string `json:"trust" say:"way to trust certificates"`
	Node    string `json:"node" say:"environment of Node.js"`
}

// envTree returns the layer with the environment of every process of the image.
func (h Host) envTree(p plan.Plan) layer.Tree {
	node, modules := "", environ.Modules(h.Root, p.Modules())
	if p.Node != nil && p.Node.Launch.Node {
		node = environ.Production
	}
	return layer.Tree{
		Meta: layer.Meta{
			Name: plan.EnvLayer, Title: "Environment of the processes", Log: h.main().Debug,
			Key: envKey{
				h.Common, modules, layer.Digest(string(webConcurrency)), layer.Digest(string(trustBindings)), node,
			},
		},
		Ship: true,
		Vars: func(string) libcnb.Environment { return environ.Image(modules, node) },
		Fill: func(_ context.Context, dir string) (known layer.Filled, err error) {
			return known, steps.Runner{Log: h.main(), Plan: p}.Fill(plan.EnvLayer, func() error {
				exec := filepath.Join(dir, "exec.d")
				return errors.Join(os.MkdirAll(exec, 0o755),
					os.WriteFile(filepath.Join(exec, "web-concurrency"), webConcurrency, 0o755),
					os.WriteFile(filepath.Join(exec, "certificates"), trustBindings, 0o755))
			})
		},
	}
}

// result gives the layers and process types to the lifecycle.
func (h Host) result(ctx context.Context, d decisions, done results) (result libcnb.BuildResult, err error) {
	p, f := d.plan, finished{plan: d.plan}
	result.Labels = h.labels(d)
	h.main().Title("Image")
	logStages(h.main(), p, plan.Finish)
	if err := h.reap("the build"); err != nil {
		return result, err
	}
	err = h.main().Timed("save layers", func() (err error) {
		if result.Layers, err = h.saveLayers(ctx, d, done); err != nil {
			return err
		}
		f.components, err = h.writeBOMs(d, done)
		return err
	})
	result.PersistentMetadata = p.Store(h.In.PersistentMetadata)
	for _, process := range p.Processes {
		out, where := libcnb.Process{
			Type: process.Type, Command: []string{"bash", "-c", process.Command}, Default: process.Default,
		}, ""
		if process.Dir != "." {
			out.WorkingDirectory, where = filepath.Join(h.Root, process.Dir), " (in "+show.Name(process.Dir)+")"
		}
		h.main().Header("%-9s %s%s", show.Name(process.Type), show.Value(h.shown(process)), where)
		result.Processes = append(result.Processes, out)
	}
	if err := errors.Join(err, h.guard.secrets.checkProcesses(result.Processes)); err != nil {
		return result, err
	}
	return result, h.report(f, h.containerNeeds(d, done))
}

// saveLayers returns the layers of the image and of the cache. Those that depend on other layers are declared when
// these can no longer change.
func (h Host) saveLayers(ctx context.Context, d decisions, done results) ([]libcnb.Layer, error) {
	if err := h.Layers.Settle(ctx); err != nil {
		return nil, err
	}
	bytecode, ok, err := python.ByteCode(h.pythonIn(h.main(), d), done.python, done.imported)
	if err == nil && ok {
		_, err = h.Layers.Tree(bytecode)
	}
	if err == nil {
		_, err = h.Layers.Tree(h.envTree(d.plan))
	}
	if err != nil {
		return nil, err
	}
	return h.Layers.Close(ctx)
}

// shown returns the command of a process as the log has it.
func (h Host) shown(process process.Process) string {
	if h.Config.Log.Verbose {
		return process.Command
	}
	return process.Brief()
}

// putAway removes from the app what only the build needed, and compiles what is left. No step of the app may run any
// more.
func (h Host) putAway(ctx context.Context, d decisions, done results) error {
	if err := python.Compile(ctx, h.pythonIn(h.main(), d)); err != nil {
		return err
	}
	if d.plan.Node != nil {
		libraries, err := node.PutAway(ctx, h.nodeIn(h.main(), d, done.python.Runtime), done.node)
		if err := errors.Join(err, h.checkLibraries(ctx, done.debian, libraries)); err != nil {
			return err
		}
	}
	return clone{h.Dirs, h.main(), d.plan.Config.Image.KeepGit.On}.forget()
}
