package node

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// fetchTool runs the steps that install the package manager with npm.
func (j job) fetchTool(ctx context.Context, all []plan.Step) error {
	needed, err := j.env(ctx, all[0])
	if err != nil {
		return err
	}
	out := j.in.Log.Output()
	defer out.Close()
	out.Watch("npm install")
	out.Fold(func(string) bool { return true })
	env := needed.Filled()
	err = j.in.withCredentials(env, func(env run.Env) error {
		env = env.With(j.fetchEnv(env))
		for _, step := range all {
			install := j.npmInstall
			if step.Kind == plan.Fetch {
				install = j.packTool
			}
			if err := install(ctx, step, env, out); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		out.Unfold()
	}
	return err
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

// npmInstall installs the package manager. Install scripts never run. The error is the user's if a rule explains it.
func (j job) npmInstall(ctx context.Context, step plan.Step, env run.Env, out io.Writer) error {
	tool, name := j.project.Tool, j.project.Tool.Package
	if tool.Integrity != "" {
		if err := writeToolLock(step.In, name, tool); err != nil {
			return err
		}
	}
	j.in.Log.Typed("", show.Command(step.Argv[:2])+" ("+show.Value(name+"@"+tool.Version.Want)+")")
	_, err := j.in.Start(ctx, step, steps.Call{Env: env, Out: out})
	return j.in.Explained(err, step)
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
