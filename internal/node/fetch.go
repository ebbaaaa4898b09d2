package node

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// fetchTool installs the package manager below dir with npm: a version of ours by a lockfile with its digest and no
// URL, one with a checksum in package.json from the package that has it, others as the registry says.
func (j job) fetchTool(ctx context.Context, dir string) error {
	if err := layer.Get(ctx, j.in.Python, j.runtime.Contents); err != nil {
		return err
	}
	parts := environ.Parts{Python: layer.PartOf(j.in.Python), Node: layer.PartOf(j.runtime.Contents)}
	env := j.in.Envs.With(parts, nil).For(plan.EnvNodeTools, "").Filled()
	out := j.in.Log.Output()
	defer out.Close()
	out.Watch("npm install")
	return j.in.withCredentials(env, func(env run.Env) error {
		return j.npmInstall(ctx, run.Shell{Dir: dir, Env: env.With(j.fetchEnv(env)), Out: out})
	})
}

// fetchEnv returns npm's variables for a package manager. It runs in another directory than the project's, whose .npmrc
// may name the registry.
func (j job) fetchEnv(env run.Env) map[string]string {
	vars := map[string]string{"npm_config_cache": filepath.Join(j.in.Private, "npm")}
	if npmrc := j.project.Package.Path(".npmrc"); j.in.HasFile(npmrc) {
		place := "npm_config_userconfig"
		if env["npm_config_userconfig"]+env["NPM_CONFIG_USERCONFIG"] != "" { // a binding's, most often
			place = "npm_config_globalconfig"
		}
		vars[place] = filepath.Join(j.in.Root, npmrc)
	}
	if j.project.Tool.Integrity+j.project.Tool.Hash != "" { // its bytes are known, so that its age does not matter
		vars["npm_config_min_release_age"] = "0"
	}
	return vars
}

// npmInstall installs the package manager in the directory of sh. Install scripts never run. The error is the user's if
// a rule explains it.
func (j job) npmInstall(ctx context.Context, sh run.Shell) error {
	tool, name, dir := j.project.Tool, j.project.ManagerData().Package, sh.Dir
	// Without a package.json npm looks for one in the directories above.
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte("{}\n"), 0o644); err != nil {
		return err
	}
	install := []string{
		"npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund",
	}
	switch {
	case tool.Integrity != "":
		if err := writeToolLock(dir, name, tool); err != nil {
			return err
		}
		install = []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--package-lock"}
	case tool.Hash != "":
		archive, err := j.packTool(ctx, sh)
		if err != nil {
			return err
		}
		install = append(install, archive)
	default:
		install = append(install, j.spec())
	}
	j.in.Log.Command(show.Command(install[:2]) + " (" + show.Value(j.spec()) + ")")
	return j.toolError(sh.Run(ctx, install...), "fetch-tool")
}

// spec returns how npm names the package manager with its version.
func (j job) spec() string {
	return j.project.ManagerData().Package + "@" + j.project.Tool.Version.Want
}

// toolError explains with a rule set why npm did not install the package manager of the project.
func (j job) toolError(err error, set string) error {
	tool, m := j.project.Tool.Version, j.project.ManagerData()
	words := diagnose.NodeWords(manager.Node(manager.NPM).Data())
	maps.Copy(words, diagnose.Words{
		"manager": m.Name, "package_of_manager": m.Package, "version": tool.Want, "source": tool.Source,
		"spec": show.Word(j.spec()),
	})
	failed := diagnose.Step{Kind: "node-manager", Sets: []string{set}, Words: words}
	return steps.Explained(err, failed, j.in.Machine())
}

// writeToolLock writes what npm ci needs, in the format that every npm reads: npm 6 reads "dependencies", later ones
// read "packages". https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#lockfileversion
func writeToolLock(dir, name string, tool plan.Tool) error {
	entry := map[string]any{"version": tool.Version.Want, "integrity": tool.Integrity}
	wanted := map[string]string{name: tool.Version.Want}
	root := map[string]any{"name": "tools", "version": "1.0.0", "dependencies": wanted}
	for file, content := range map[string]any{
		"package.json": root,
		"package-lock.json": map[string]any{
			"name": "tools", "version": "1.0.0", "lockfileVersion": 2, "requires": true,
			"packages":     map[string]any{"": root, "node_modules/" + name: entry},
			"dependencies": map[string]any{name: entry},
		},
	} {
		data, err := json.Marshal(content)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
