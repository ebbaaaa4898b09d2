package node

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// installPackages runs the commands that install the packages: others if the layer has put old ones in place. It
// returns the packages whose install scripts were not run.
func (j job) installPackages(ctx context.Context) (blocked []string, err error) {
	from := plan.Fresh
	if j.project.Update != nil && j.in.HasDir(string(j.project.Roots[0])) {
		from = plan.Update
	}
	return j.manage(ctx, j.in.Plan.Filling(j.project.Layer(), from)...)
}

// scriptsAgain runs the app's own scripts of an installation whose packages are cached ones, with what the installation
// sees.
func (j job) scriptsAgain(ctx context.Context) error {
	_, err := j.manage(ctx, j.in.Plan.Filling(j.project.Layer(), plan.Cached)...)
	return err
}

// manage runs steps of the package manager with its own settings. All of them need the same. It returns the packages
// whose install scripts were not run.
func (j job) manage(ctx context.Context, all ...plan.Step) (blocked []string, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	needed, err := j.env(ctx, all[0])
	if err != nil {
		return nil, err
	}
	version, err := j.version(ctx)
	if err != nil {
		return nil, err
	}
	settings := j.project.Settings
	out := j.in.Log.Output()
	defer out.Close()
	out.Fold(manager.IsProgress)
	watched := watchScripts(out, func(name string) { blocked = append(blocked, name) })
	env := needed.Filled()
	env = env.With(manager.Node(j.project.Manager).Env(manager.Use{
		Version: version, Cache: j.downloads(), Settings: settings.Settings, Brought: settings.Brought,
		Proxies: proxies(env),
	}))
	err = j.in.withCredentials(env, func(env run.Env) error {
		for _, step := range all {
			err := j.fed(ctx, step, env, func(npm []string) error {
				return j.in.Tool(ctx, step, steps.Call{Env: env, Out: watched, Instead: npm})
			})
			if err != nil {
				out.Unfold()
				return err
			}
		}
		return nil
	})
	return blocked, err
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
	if dir := j.broughtCache(); dir != "" {
		return filepath.Join(j.in.Root, string(dir))
	}
	return filepath.Join(j.in.Private, "downloads-"+string(j.project.Manager))
}

// broughtCache returns the directory of the app that is npm's download cache; empty if there is none.
func (j job) broughtCache() app.Path {
	for _, file := range j.project.Files {
		brought := manager.BroughtCache(file.Lines)
		if brought != "" && file.File == ".npmrc" && j.project.Manager == manager.NPM {
			if dir, err := app.In(j.project.Package.Dir, brought); err == nil {
				return dir
			}
		}
	}
	return ""
}

// updates reports whether the manager can update the packages of other Files. It cannot if the installation depends on
// more than package.json and the lockfile. A script of the app may have changed old packages, and a changed package of
// the app may still have the same version.
func updates(project plan.Project, inputs []string) bool {
	n := project.Package
	more := func(file string) bool {
		return file != n.Path("package.json") && file != n.Path("patches") && !slices.Contains(n.Locks, file)
	}
	return project.Update != nil && !slices.ContainsFunc(inputs, more)
}
