package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/needed"
	"github.com/tandem-cnb/tandem/internal/plan"
)

// librariesFact is the fact about packages in the image that has what needed.Of returns.
const librariesFact = "libraries"

// ship makes the layer of the packages that the image gets. It returns the links of the app that must lead to it, and
// the shared libraries that the packages need.
func (p Installed) ship(ctx context.Context) (links []link, libraries needed.Libraries, err error) {
	made, err := p.declareShipped(ctx)
	if err != nil {
		return nil, nil, err
	}
	known, err := made.Filled(ctx) // makes it, unless the image has it
	if err != nil {
		return nil, nil, err
	}
	for _, root := range strings.Split(known.Facts["roots"], "\n") {
		if root != "" {
			links = append(links, link{root, filepath.Join(made.Dir(), root)})
		}
	}
	return links, needed.Parse(known.Facts[librariesFact]), nil
}

// shippedKey is the key of the packages in the image.
type shippedKey struct {
	packagesKey
	Prune   string `json:"prune" say:"command that takes out devDependencies"`
	Changed string `json:"changed" say:"files of node_modules that steps of the app have changed"`
	Bins    string `json:"bins" say:"programs of node_modules on PATH"`
}

// declareShipped declares the layer of the packages without devDependencies. If app steps have written into
// node_modules, the key depends on the files that they have written. So the image has these files, and its layer stays
// the same while they do.
func (p Installed) declareShipped(ctx context.Context) (*layer.Made, error) {
	step, _ := p.in.Plan.Prune(p.project.Package.Dir)
	changed, err := p.made.Changed()
	if err != nil {
		return nil, err
	}
	lost := changed && len(step.Argv) > 0 && p.project.ManagerData().Reinstalls
	if lost {
		step.Try = "" // to install again would lose what the steps have written
	}
	key := shippedKey{packagesKey: p.key, Prune: step.Try, Bins: fmt.Sprint(p.in.Plan.Node.Launch.Node)}
	prune := sync.OnceValue(func() error {
		if lost {
			p.in.Log.Header("%s: app steps have written into node_modules, so devDependencies are in the image too",
				p.project.Title())
			return nil
		}
		return p.prune(ctx, step)
	})
	if changed {
		if err := prune(); err != nil {
			return nil, err
		}
		if key.Changed, err = layer.TreeDigest(ctx, p.shippedTree()); err != nil {
			return nil, err
		}
	}
	return p.in.Layers.Tree(p.shippedLayer(key, prune))
}

// shippedLayer returns the layer of the packages. prune removes devDependencies from the app's own.
func (p Installed) shippedLayer(key shippedKey, prune func() error) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{
			Name: p.project.Shipped(), Title: p.project.Title() + " of the image",
			Key: key, Log: p.in.Log.Header,
		},
		Ship: true,
		Vars: func(string) libcnb.Environment {
			if p.in.Plan.Node.Launch.Node { // most of these programs are run by it
				return binVars(p.in.Root, shippedRoots(p.project))
			}
			return libcnb.Environment{}
		},
		Fill: func(ctx context.Context, dir string) (known layer.Filled, err error) {
			if err := prune(); err != nil {
				return known, err
			}
			from := p.shippedTree()
			if err := archive.Copy(ctx, from, dir); err != nil {
				return known, err
			}
			libraries, err := needed.Of(os.DirFS(dir), p.in.Common.Arch)
			if err != nil {
				return known, err
			}
			known.Facts = layer.Facts{"roots": strings.Join(from.Roots, "\n"), librariesFact: libraries.String()}
			known.BOM, err = p.shipped(dir)
			return known, errors.Join(err, relink(dir, from))
		},
		List: p.shipped,
	}
}

// prune removes devDependencies from the app's node_modules. All steps that may need them have run. A step without a
// command is that of a package manager which has none for this.
func (j job) prune(ctx context.Context, step plan.Step) error {
	if j.in.Plan.Node.Launch.Dev {
		return nil
	}
	if len(step.Argv) == 0 {
		j.in.Log.Header("%s: this %s has no command that removes devDependencies, so they are in the image too. "+
			"Yarn 4 has one", j.project.Title(), j.project.ManagerData().Name)
		return nil
	}
	if j.project.ManagerData().Reinstalls {
		if err := j.in.Tree.Remove(shippedRoots(j.project)...); err != nil {
			return err
		}
	}
	_, err := j.manage(ctx, step)
	return err
}

// shippedRoots returns what of an installation an image may get: the directories of packages, and what the manager
// needs to run a script.
func shippedRoots(project plan.Project) (roots []app.Path) {
	for _, root := range project.Roots {
		name := strings.TrimPrefix(string(root), project.Package.Dir+"/")
		if isRootOfPackages(root) || slices.Contains(project.ManagerData().Runs, name) {
			roots = append(roots, root)
		}
	}
	return roots
}

// shippedTree returns those of the shippedRoots that exist, without what tools keep in them and what has the time of
// the installation.
func (j job) shippedTree() archive.Tree {
	out := archive.Tree{Base: j.in.Root, Skip: func(rel string, _ fs.DirEntry) bool {
		name := path.Base(rel)
		timed := name == ".modules.yaml" || strings.HasPrefix(name, ".pnpm-workspace-state")
		return toolCache(rel) || name == ".git" || timed && path.Base(path.Dir(rel)) == "node_modules"
	}}
	for _, root := range shippedRoots(j.project) {
		if _, err := fs.Lstat(j.in.Source, string(root)); err == nil {
			out.Roots = append(out.Roots, string(root))
		}
	}
	return out
}
