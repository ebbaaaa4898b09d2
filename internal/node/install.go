package node

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// installPackages runs the commands that install the packages: others if the layer has put old ones in place.
func (j job) installPackages(ctx context.Context) error {
	env, err := j.env(ctx, true)
	if err != nil {
		return err
	}
	from := plan.Fresh
	if j.project.Update != nil && j.in.HasDir(string(j.project.Roots[0])) {
		from = plan.Update
	}
	failed := diagnose.Step{Kind: "node-install", Command: show.Command(j.project.Install)}
	return j.manage(ctx, env, failed, j.in.Plan.Installs(plan.InstallNode, j.project.Package.Dir, from)...)
}

// scriptsAgain runs the app's own scripts of an installation whose packages are cached ones, with what the installation
// sees.
func (j job) scriptsAgain(ctx context.Context) error {
	for _, step := range j.cachedScripts() {
		env, err := j.env(ctx, true)
		if err != nil || ignoresScripts(env) {
			return err
		}
		failed := diagnose.Step{Kind: "node-install-script", Title: step.Title, Try: step.Try}
		if err := j.manage(ctx, env, failed, step); err != nil {
			return err
		}
	}
	return nil
}

// cachedScripts returns the steps that run the scripts of the project and of its workspaces again.
func (j job) cachedScripts() (all []plan.Step) {
	for _, dir := range slices.Concat([]string{j.project.Package.Dir}, j.project.Package.Workspaces) {
		for _, step := range j.in.Plan.Installs(plan.Script, dir, plan.Cached) {
			if step.From == plan.Cached {
				all = append(all, step)
			}
		}
	}
	return all
}

// ignoresScripts reports whether a variable keeps the scripts of an installation from running. The plan has read the
// settings files.
func ignoresScripts(env run.Env) bool {
	for name, value := range env {
		if manager.IgnoresScriptsBy(name, value) {
			return true
		}
	}
	return false
}

// manage runs steps of the package manager with its own settings. failed describes them for the rules, which learn the
// rest from the manager.
func (j job) manage(ctx context.Context, env run.Env, failed diagnose.Step, all ...plan.Step) error {
	version, err := j.version(ctx)
	if err != nil {
		return err
	}
	m, settings := j.project.ManagerData(), j.project.Settings
	failed.Words, failed.Dir = diagnose.NodeWords(m), j.project.Package.Dir
	facts := j.facts(all)
	out := j.in.Log.Output()
	defer out.Close()
	out.Fold(manager.IsProgress)
	env = env.With(manager.Node(j.project.Manager).Env(manager.Use{
		Version: version, Cache: j.downloads(), Settings: settings.Settings, Brought: settings.Brought,
		Proxies: proxies(env),
	}))
	return j.in.withCredentials(env, func(env run.Env) error {
		for _, step := range all {
			failed.Sets = step.Explain
			sh := run.Shell{Dir: filepath.Join(j.in.Root, step.Dir), Env: env, Out: out}
			tool := steps.Tool{Shell: sh, Log: j.in.Log, Step: failed, Facts: facts}
			if err := tool.Run(ctx, step.Command); err != nil {
				out.Unfold()
				return err
			}
		}
		return nil
	})
}

// facts returns what rules are told of steps of the package manager. Pruning downloads nothing, so that no address of a
// package can be the reason of a failure.
func (j job) facts(all []plan.Step) diagnose.Facts {
	facts, project := j.in.Machine(), *j.project.Package
	if slices.ContainsFunc(all, func(step plan.Step) bool { return step.Kind == plan.Prune }) {
		project.Remote = nil
	}
	facts.Project, facts.Manager = &project, j.project.ManagerData()
	return facts
}

// proxies returns the URLs of the usual variables, in lower or upper case, unless Yarn's own are set.
func proxies(env run.Env) map[string]string {
	found := map[string]string{}
	for _, scheme := range []string{"http", "https"} {
		upper := strings.ToUpper(scheme)
		url := cmp.Or(env["YARN_"+upper+"_PROXY"], env[scheme+"_proxy"], env[upper+"_PROXY"])
		if url != "" {
			found[scheme] = url
		}
	}
	return found
}

// downloads returns the download cache of the package manager, unless the app has its own. It is not kept for other
// builds: a script of this build can write to it, and Yarn 1 and pnpm install such files. npm and Yarn 4 notice, and
// fail in every later build.
func (j job) downloads() string {
	for _, file := range j.project.Files {
		brought := manager.BroughtCache(file.Lines)
		if brought != "" && file.File == ".npmrc" && j.project.Manager == manager.NPM {
			if dir, err := app.In(j.project.Package.Dir, brought); err == nil {
				return filepath.Join(j.in.Root, string(dir))
			}
		}
	}
	return filepath.Join(j.in.Private, "downloads-"+string(j.project.Manager))
}

// updates reports whether the manager can update the packages of other Files. It cannot if the installation depends on
// more than package.json and the lockfile: a script of the app may have done anything to old packages, and a changed
// package of the app's own has the version that it had.
func updates(project plan.Project) bool {
	n := project.Package
	more := func(file string) bool {
		return file != n.Path("package.json") && file != n.Path("patches") && !slices.Contains(n.Locks, file)
	}
	return project.Update != nil && !slices.ContainsFunc(project.Inputs, more)
}
