package build

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// installProject makes the packages of one project, and before them the package manager.
func (b *builder) installProject(ctx context.Context, project plan.Project, log *ui.Branch) error {
	if err := b.installTool(ctx, project, log); err != nil {
		return err
	}
	for _, step := range b.plan.Installs(plan.Script, project.Package.Dir, plan.Fresh) { // heroku-prebuild
		envs, err := b.managerEnvs(ctx, project.Package.Dir, true)
		if err != nil {
			return err
		}
		if err := b.runner(log).Run(ctx, step, envs.For(step.Env, step.Dir)); err != nil {
			return err
		}
	}
	if project.Provided {
		b.adoptPackages(project)
	}
	if project.Install == nil {
		return nil
	}
	packages, err := b.declarePackages(ctx, project, log) // only now: heroku-prebuild may have written what they are made from
	if err != nil {
		return err
	}
	return log.Step("node/install:"+project.Package.Dir, packages.Title, func() error {
		return packages.Get(ctx)
	})
}

func (b *builder) declarePackages(
	ctx context.Context, project plan.Project, log *ui.Branch,
) (made *layer.Made, err error) {
	key, err := b.packagesKey(ctx, project)
	if err != nil {
		return nil, err
	}
	if made, err = b.set.AppTree(b.packagesTree(project, key, log)); err != nil {
		return nil, err
	}
	b.packages[project.Package.Dir] = made
	b.installs = append(b.installs, packages{made, project, key})
	return made, nil
}

// packagesKey is the key of a project's packages. Of other Files the manager installs what is missing: see updates.
type packagesKey struct {
	nodeKey
	Tool     string `json:"manager" say:"package manager"`
	Command  string `json:"command" say:"install command"`
	Settings string `json:"settings" say:"settings of the package manager"`
	Files    string `json:"files" say:"contents of package.json or the lock file" layer:"start"`
}

func (b *builder) packagesTree(project plan.Project, key packagesKey, log *ui.Branch) layer.AppTree {
	return layer.AppTree{
		Meta: layer.Meta{
			Name: packagesName(project.Package.Dir), Title: project.Title(), Key: key, Log: log.Header,
		},
		App: b.Root, Roots: project.Roots, Over: project.Package.Linked,
		Skip: toolCache, Watch: b.plan.Node.Launch.Modules, Update: updates(project),
		Vars:  func(dir string) libcnb.Environment { return binVars(dir, project.Roots) },
		Again: func(ctx context.Context) error { return b.scriptsAgain(ctx, project, log) },
		Fill: func(ctx context.Context, _ string) (known layer.Filled, err error) {
			env, err := b.managerEnv(ctx, project.Package.Dir, true)
			if err != nil {
				return known, err
			}
			if err := b.installNode(ctx, project, log, env); err != nil {
				return known, err
			}
			compiled, err := compiledByGyp(b.Source, project.Package.Dir)
			steps.LogCompiled(log, compiled)
			return known, err
		},
	}
}

// isRootOfPackages reports whether a root has packages, and not something else that an installation creates.
func isRootOfPackages(root app.Path) bool { return path.Base(string(root)) == "node_modules" }

// binVars puts the programs of packages on PATH.
func binVars(dir string, roots []app.Path) libcnb.Environment {
	vars := libcnb.Environment{}
	var bins []string
	for _, root := range roots {
		if isRootOfPackages(root) {
			bins = append(bins, filepath.Join(dir, string(root), ".bin"))
		}
	}
	vars.Prepend("PATH", string(os.PathListSeparator), strings.Join(bins, string(os.PathListSeparator)))
	return vars
}

func (b *builder) packagesKey(ctx context.Context, project plan.Project) (key packagesKey, err error) {
	version, err := b.toolVersion(ctx, project)
	if err != nil {
		return key, err
	}
	key = packagesKey{
		nodeKey: b.nodeKey, Tool: project.ManagerData().Name + " " + version, Command: strings.Join(project.Install, " "),
	}
	settings := b.envs.Tools().With()
	for _, file := range project.Files {
		settings[project.ManagerData().Prefixes[0]+file.File] = strings.Join(file.Lines, "\n")
	}
	key.Settings = layer.SettingsDigest(settings, project.ManagerData().Prefixes...)
	key.Files, err = app.Digest(b.Source, project.Inputs...)
	return key, err
}

// toolVersion is that of the project's package manager; for one that the app brings it is the file.
func (b *builder) toolVersion(ctx context.Context, project plan.Project) (string, error) {
	if tool := b.tools[project.Package.Dir]; tool != nil {
		known, err := tool.Filled(ctx)
		return known.Facts["version"], err
	}
	if b.givenTool(project) {
		return b.askedVersion(ctx, project)
	}
	return b.bundledVersion()
}

// bundledVersion is that of the npm that Node.js brings. Node's contents are there: they are the first thing of its branch.
func (b *builder) bundledVersion() (string, error) {
	return b.npmIn(b.node.Dir())
}

// packagesName is the layer's name of the packages of the project in dir. Two folders have two names.
func packagesName(dir string) string {
	if dir == "." {
		return "node-modules"
	}
	return "node-modules_" + strings.NewReplacer("_", "__", "/", "_-").Replace(dir)
}

// toolCache reports whether tools write a directory into node_modules, perhaps while the packages are packed.
func toolCache(rel string) bool {
	return app.Skipped(path.Base(rel), app.ForPackages) && path.Base(path.Dir(rel)) == "node_modules"
}
