package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/show"
)

// packages are those of a project as they are installed for the build.
type packages struct {
	made    *layer.Made
	project plan.Project
	key     packagesKey
}

type shippedKey struct {
	packagesKey
	Prune   string `json:"prune" say:"command that takes out devDependencies"`
	Changed string `json:"changed" say:"files of node_modules that steps of the app have changed"`
	Bins    string `json:"bins" say:"programs of node_modules on PATH"`
}

// shipPackages makes the layers of the packages that the image gets. It says which links of the app lead to them.
func (b *builder) shipPackages(ctx context.Context) (links []link, err error) {
	if b.plan.Node == nil || !b.plan.Node.Launch.Modules {
		return nil, nil
	}
	for _, p := range b.installs {
		made, err := b.shipped(ctx, p)
		if err != nil {
			return nil, err
		}
		known, err := made.Filled(ctx) // makes it, unless the image has it
		if err != nil {
			return nil, err
		}
		for _, root := range strings.Split(known.Facts["roots"], "\n") {
			if root != "" {
				links = append(links, link{root, filepath.Join(made.Dir(), root)})
			}
		}
	}
	return links, nil
}

// shipped declares the layer of a project's packages without devDependencies. Where steps of the app have written into
// node_modules, what they have written is part of the key: so the image has it, and is the same when they write the same again.
func (b *builder) shipped(ctx context.Context, p packages) (*layer.Made, error) {
	version, err := b.toolVersion(ctx, p.project)
	if err != nil {
		return nil, err
	}
	prune := p.project.Prune(version)
	key := shippedKey{packagesKey: p.key, Prune: strings.Join(prune, " "), Bins: fmt.Sprint(b.plan.Node.Launch.Node)}
	pruned := false
	once := func(ctx context.Context) error {
		if pruned {
			return nil
		}
		pruned = true
		return b.prune(ctx, p.project, prune)
	}
	changed, err := p.made.Changed()
	if err != nil {
		return nil, err
	}
	if changed {
		if err := once(ctx); err != nil {
			return nil, err
		}
		sum := sha256.New()
		if err := archive.Write(ctx, sum, b.shippedTree(p.project)); err != nil {
			return nil, err
		}
		key.Changed = fmt.Sprintf("sha256:%x", sum.Sum(nil))
	}
	return b.set.Tree(b.shippedPackages(p, key, once))
}

func (b *builder) shippedPackages(p packages, key shippedKey, prune func(context.Context) error) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{
			Name: "app-" + packagesName(p.project.Package.Dir), Title: p.project.Title() + " of the image",
			Key: key, Log: b.main.Header,
		},
		Ship: true,
		Vars: func(string) libcnb.Environment {
			if b.plan.Node.Launch.Node { // most of these programs are run by it
				return binVars(b.Root, shippedRoots(p.project))
			}
			return libcnb.Environment{}
		},
		Fill: func(ctx context.Context, dir string) (known layer.Filled, err error) {
			if err := prune(ctx); err != nil {
				return known, err
			}
			tree := b.shippedTree(p.project)
			if err := copyTree(ctx, tree, dir); err != nil {
				return known, err
			}
			known.Facts = layer.Facts{"roots": strings.Join(tree.Roots, "\n")}
			return known, b.relink(dir, tree.Roots)
		},
	}
}

// prune takes devDependencies out of the app's node_modules. All steps that may need them have run.
func (b *builder) prune(ctx context.Context, project plan.Project, argv []string) error {
	if len(argv) == 0 {
		b.main.Header("%s: this %s has no command that takes out devDependencies, so they are in the image too. That of Yarn 4 has",
			project.Title(), project.ManagerData().Name)
		return nil
	}
	env, err := b.managerEnv(ctx, project.Package.Dir, false) // nothing is compiled
	if err != nil {
		return err
	}
	return b.manage(ctx, b.main, managing{
		project: project, dir: project.Package.Dir, env: env, commands: [][]string{project.Quietly(argv)},
		step: diagnose.Step{Kind: "node-prune", Command: show.Command(argv)},
	})
}

// shippedRoots are what of an installation an image may get: the folders of packages, and what the manager needs to run a script.
func shippedRoots(project plan.Project) (roots []app.Path) {
	for _, root := range project.Roots {
		if isRootOfPackages(root) ||
			slices.Contains(project.ManagerData().Runs, strings.TrimPrefix(string(root), project.Package.Dir+"/")) {
			roots = append(roots, root)
		}
	}
	return roots
}

// shippedTree is what of them there is, without what tools keep in it and what tells the time of the installation.
func (b *builder) shippedTree(project plan.Project) archive.Tree {
	tree := archive.Tree{Base: b.Root, Skip: func(rel string, _ fs.DirEntry) bool {
		name := path.Base(rel)
		timed := name == ".modules.yaml" || strings.HasPrefix(name, ".pnpm-workspace-state")
		return toolCache(rel) || name == ".git" || timed && path.Base(path.Dir(rel)) == "node_modules"
	}}
	for _, root := range shippedRoots(project) {
		if _, err := fs.Lstat(b.Source, string(root)); err == nil {
			tree.Roots = append(tree.Roots, string(root))
		}
	}
	return tree
}
