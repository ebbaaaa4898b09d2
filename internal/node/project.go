package node

import (
	"context"
	"path"
	"path/filepath"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/npmfeed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// job is one project with what its package manager needs.
type job struct {
	in      In
	runtime Runtime
	project plan.Project
	tool    layer.Contents // the package manager; nil: it is on PATH with Node.js
	feed    *npmfeed.Feed  // what was begun before Node.js was there; nil: nothing
}

// Installed is a project with its packages.
type Installed struct {
	job
	packages layer.Contents // nil: there are none
	made     *layer.Made    // packages, unless an earlier buildpack has installed them
	key      packagesKey    // of made
	version  string         // of the package manager, with made
	ran      []string       // scripts, as commands
	blocked  []string       // packages whose install scripts were not run
}

// install installs the packages of the project.
func (j job) install(ctx context.Context) (out Installed, err error) {
	out.job = j
	if out.ran, err = j.prebuild(ctx); err != nil {
		return out, err
	}
	if j.project.Provided {
		out.packages = j.adoptPackages()
		if j.prunesAdopted() {
			out.version, err = j.version(ctx)
		}
		return out, err
	}
	if j.project.Install == nil {
		return out, nil
	}
	if out.version, err = j.version(ctx); err != nil {
		return out, err
	}
	if out.key, err = j.packagesKey(out.version); err != nil { // only now: heroku-prebuild may have written its files
		return out, err
	}
	if out.made, err = j.in.Layers.AppTree(j.packagesTree(out.key)); err != nil {
		return out, err
	}
	out.packages = out.made
	if err := j.in.Log.Timed("install "+out.made.Title, func() error { return out.made.Get(ctx) }); err != nil {
		return out, err
	}
	out.blocked, err = j.warnBlocked(ctx, out.packages)
	return out, err
}

// prebuild runs heroku-prebuild, if the project has it, and returns the scripts that have run.
func (j job) prebuild(ctx context.Context) (ran []string, err error) {
	for _, step := range j.in.Plan.Of(plan.Script) {
		if step.Stage != plan.Install || step.Dir != j.project.Package.Dir {
			continue
		}
		env, err := j.env(ctx, step)
		if err != nil {
			return ran, err
		}
		if err := j.in.Run(ctx, step, env); err != nil {
			return ran, err
		}
		ran = append(ran, step.Title)
	}
	return ran, nil
}

// env returns what a step of the project sees. Its layers are there then.
func (j job) env(ctx context.Context, step plan.Step) (environ.Env, error) {
	parts, err := Result{Runtime: j.runtime, Projects: []Installed{{job: j}}}.Parts(ctx, step.Needs)
	return j.in.Envs.With(parts, nil).For(step.Env, j.project.Package.Dir), err
}

// version returns that of the package manager. If the app has the program, it is the name of the file.
func (j job) version(ctx context.Context) (string, error) {
	switch {
	case j.tool != nil:
		known, err := j.tool.Filled(ctx)
		return known.Facts["version"], err
	case j.adoptsTool():
		return j.adoptedVersion(ctx)
	}
	return j.bundledVersion()
}

// packagesKey is the key of a project's packages. With other Files the manager installs what is missing: see updates.
type packagesKey struct {
	runtimeKey
	Tool     string `json:"manager" say:"package manager"`
	Command  string `json:"command" say:"install command"`
	Settings string `json:"settings" say:"settings of the package manager"`
	Files    string `json:"files" say:"contents of package.json or the lockfile" layer:"start"`
	Debian   string `json:"debian,omitempty" say:"Debian packages for the build"`
}

// packagesKey returns the key for a version of the package manager.
func (j job) packagesKey(version string) (key packagesKey, err error) {
	m, p := j.project.ManagerData(), j.project
	key = packagesKey{
		runtimeKey: keyOf(j.in, j.runtime), Tool: m.Name + " " + version, Command: strings.Join(p.Install, " "),
	}
	key.Debian = strings.Join(j.in.Plan.Debian.Build, " ")
	settings := j.in.Envs.Tools().With()
	for _, file := range p.Files {
		settings[m.Prefixes[0]+file.File] = strings.Join(file.Lines, "\n")
	}
	key.Settings = layer.SettingsDigest(settings, m.Prefixes...)
	key.Files, err = app.Digest(j.in.Source, j.in.Plan.Reads(p.Layer())...)
	return key, err
}

// packagesTree describes the layer of a project's packages. It is created in the app, where the package manager expects
// node_modules.
func (j job) packagesTree(key packagesKey) layer.AppTree {
	return layer.AppTree{
		Meta: layer.Meta{
			Name: j.project.Layer(), Title: j.project.Title(), Key: key, Log: j.in.Log.Header,
		},
		App: j.in.Root, Roots: j.project.Roots, Over: j.project.Package.Linked,
		Skip: toolCache, Watch: j.in.Plan.Node.Launch.Modules,
		Update: updates(j.project, j.in.Plan.Reads(j.project.Layer())),
		Vars:   func(dir string) libcnb.Environment { return binVars(dir, j.project.Roots) },
		Again:  j.scriptsAgain,
		Fill: func(ctx context.Context, _ string) (known layer.Filled, err error) {
			blocked, err := j.installPackages(ctx)
			if err != nil {
				return known, err
			}
			j.logCount()
			known.Facts, known.BOM = factsOf(blocked), j.installed(j.in.Source, j.project.Roots)
			compiled, err := compiledByGyp(j.in.Source, j.project.Package.Dir)
			steps.LogCompiled(j.in.Log, compiled)
			return known, err
		},
	}
}

// logCount logs how many packages were installed, if the package manager does not and the lockfile tells it.
func (j job) logCount() {
	if j.project.Manager == manager.NPM {
		return
	}
	n := app.CountPackages(j.in.Source, j.project.Package, j.project.Manager, j.in.Common.Arch)
	if n > 0 {
		j.in.Log.Body("%s installed", show.Count(n, "package"))
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
	vars.Prepend("PATH", run.ListSeparator, strings.Join(bins, run.ListSeparator))
	return vars
}

// toolCache reports whether tools write a directory into node_modules, perhaps while the packages are packed.
func toolCache(rel string) bool {
	return app.Skipped(path.Base(rel), app.ForPackages) && path.Base(path.Dir(rel)) == "node_modules"
}
