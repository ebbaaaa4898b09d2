package build

import (
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
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

type toolKey struct {
	nodeKey
	Version string `json:"wanted" say:"wanted version"`
	Hash    string `json:"checksum" say:"checksum in package.json"`
}

// installTool declares the package manager of a project, unless it is the one that Node.js brings. It is installed by that one,
// into a folder of its own: nothing of it reaches the app, and the image only where a process calls it.
func (b *builder) installTool(ctx context.Context, project plan.Project, log *ui.Branch) (err error) {
	m, tool := project.ManagerData(), project.Tool
	if tool == (plan.Tool{}) || b.givenTool(project) {
		return nil
	}
	if m.Program.Bundled {
		bundled, err := b.bundledVersion()
		if err != nil {
			return err
		}
		if versions.InRange(bundled, tool.Version.Want) {
			log.Header("%s %s, which Node.js brings, is in %s", m.Name, show.Value(bundled), tool.Version.Source)
			return nil
		}
	}
	if other := b.sameTool(project); other != nil {
		b.tools[project.Package.Dir] = other
		return nil
	}
	log.Header("%s %s, from %s", m.Name, show.Value(tool.Version.Want+tool.File), tool.Version.Source)
	made, err := b.set.Tree(b.toolTree(project, log))
	b.tools[project.Package.Dir] = made
	return err
}

// sameTool is the package manager of an earlier project that wants the same.
func (b *builder) sameTool(project plan.Project) layer.Contents {
	for _, other := range b.plan.Node.Projects {
		if made := b.tools[other.Package.Dir]; made != nil && other.Manager == project.Manager && other.Tool == project.Tool {
			return made
		}
	}
	return nil
}

func (b *builder) toolTree(project plan.Project, log *ui.Branch) layer.Tree {
	tool := project.Tool
	return layer.Tree{
		Meta: layer.Meta{
			Name: "tool_" + packagesName(project.Package.Dir), Title: project.ManagerData().Name, Log: log.Header,
			Key: toolKey{
				b.nodeKey, project.ManagerData().Package + " " + secret.Public(tool.Version.Want) + tool.File,
				tool.Hash + tool.Integrity,
			},
		},
		Ship: b.shipsManager(project), Keep: tool.File == "", Once: tool.File != "",
		Vars: func(string) libcnb.Environment {
			vars := libcnb.Environment{}
			for name, value := range project.ManagerData().Vars {
				vars.Default(name, value)
			}
			return vars
		},
		Sealed: &layer.Sealed{
			Warn: log.Warn,
			Fill: func(ctx context.Context, dir string) (layer.Filled, archive.Manifest, error) {
				known, err := b.fillTool(ctx, project, dir, log)
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

func (b *builder) fillTool(
	ctx context.Context, project plan.Project, dir string, log *ui.Branch,
) (known layer.Filled, err error) {
	if file := project.Tool.File; file != "" {
		return layer.Filled{Facts: layer.Facts{"version": file}}, b.wrapTool(project, dir)
	}
	if err := b.fetchTool(ctx, project, dir, log); err != nil {
		return known, err
	}
	known, err = linkTool(dir, project.ManagerData().Package)
	if errors.Is(err, fs.ErrNotExist) { // the URL in package.json leads to another package
		return known, b.toolError(err, project, "fetched-tool")
	}
	return known, err
}

// shipsManager tells whether the image needs the package manager of a project.
func (b *builder) shipsManager(project plan.Project) bool {
	return slices.Contains(b.plan.Node.Launch.Managers, project.ManagerData().Name)
}

// wrapTool makes a program of the file that the app brings.
func (b *builder) wrapTool(project plan.Project, dir string) error {
	script := filepath.Join(dir, "bin", project.ManagerData().Name)
	return writeScript(script, "exec node "+shell.Quote(filepath.Join(b.Root, project.Tool.File))+` "$@"`)
}
