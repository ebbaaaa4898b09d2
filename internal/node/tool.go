package node

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/secret"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// toolKey is the key of a package manager. The npm of the runtime installs it, so the runtime is a part of the key.
type toolKey struct {
	runtimeKey
	Version string `json:"wanted" say:"wanted version"`
	Hash    string `json:"checksum" say:"checksum in package.json"`
}

// declareTool returns the layer of the project's package manager. It is nil if the manager is already on PATH, because
// Node.js or an earlier buildpack has it. The npm of Node.js installs the manager into a directory outside of the app.
// The image has the layer only if a process calls the manager. Projects with equal requests share a layer.
func (j job) declareTool(earlier []Installed) (layer.Contents, error) {
	m, tool, log := j.project.ManagerData(), j.project.Tool, j.in.Log
	if tool == (plan.Tool{}) || j.adoptsTool() {
		return nil, nil
	}
	if m.Program.Bundled {
		bundled, err := j.bundledVersion()
		if err != nil {
			return nil, err
		}
		if versions.InRange(bundled, tool.Version.Want) {
			log.Header("%s %s, which Node.js brings, is in %s", m.Name, show.Value(bundled), tool.Version.Source)
			return nil, nil
		}
	}
	for _, other := range earlier {
		if other.tool != nil && other.toolLayer() == j.toolLayer() {
			return other.tool, nil
		}
	}
	log.Header("%s %s, from %s", m.Name, show.Value(tool.Version.Want+tool.File), tool.Version.Source)
	made, err := j.in.Layers.Tree(j.toolTree())
	if err != nil {
		return nil, err
	}
	return made, nil
}

// toolTree returns the layer of a package manager. A file of the app is not cached: the layer has only a script that
// runs the file.
func (j job) toolTree() layer.Tree {
	m, tool, log := j.project.ManagerData(), j.project.Tool, j.in.Log
	return layer.Tree{
		Meta: layer.Meta{
			Name: j.toolLayer(), Title: m.Name, Log: log.Header,
			Key: toolKey{
				keyOf(j.in, j.runtime),
				cmp.Or(tool.Package, m.Package) + " " + secret.Public(tool.Version.Want) + tool.File,
				tool.Hash + tool.Integrity,
			},
		},
		Ship: j.shipsTool(), Keep: tool.File == "", Once: tool.File != "",
		Vars: func(string) libcnb.Environment {
			vars := libcnb.Environment{}
			for name, value := range m.Vars {
				vars.Default(name, value)
			}
			return vars
		},
		Sealed: &layer.Sealed{
			Warn: log.Warn,
			Fill: func(ctx context.Context, dir string) (layer.Filled, archive.Manifest, error) {
				known, err := j.fillTool(ctx, dir)
				if err != nil {
					return known, nil, err
				}
				// npm has compared the package with its checksum and written the files, so the manifest lists them as
				// they are now.
				listed, err := archive.Scan(ctx, archive.Tree{Base: dir, Roots: []string{"."}})
				return known, listed, err
			},
		},
	}
}

// fillTool creates the program in dir, and returns its version and its package URL. Errors of npm are explained.
func (j job) fillTool(ctx context.Context, dir string) (known layer.Filled, err error) {
	steps := j.in.Plan.Filling(j.toolLayer(), plan.Fresh)
	step := steps[len(steps)-1]
	if file := j.project.Tool.File; file != "" {
		known.Facts = layer.Facts{"version": file}
		return known, j.in.Do(step, func() error { return j.wrapTool(dir) })
	}
	if err := j.fetchTool(ctx, steps); err != nil {
		return known, err
	}
	known, err = linkTool(dir, j.project.Tool.Package, j.project.ManagerData())
	if errors.Is(err, fs.ErrNotExist) { // the URL in package.json leads to another package
		step.Explain = []string{"fetched-tool"}
		return known, j.in.Explained(err, step)
	}
	return known, err
}

// toolLayer returns the name of the layer of the package manager; empty if that comes with Node.js.
func (j job) toolLayer() string { return j.in.Plan.ToolLayer(j.project) }

// shipsTool reports whether the image needs the package manager of the project.
func (j job) shipsTool() bool {
	return slices.Contains(j.in.Plan.Node.Launch.Managers, j.project.ManagerData().Name)
}

// wrapTool creates a program that runs the file that the app has.
func (j job) wrapTool(dir string) error {
	script := filepath.Join(dir, "bin", j.project.ManagerData().Name)
	return writeScript(script, "exec node "+shell.Quote(filepath.Join(j.in.Root, j.project.Tool.File))+` "$@"`)
}
