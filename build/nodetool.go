package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

type toolKey struct {
	nodeKey
	Version string `json:"wanted version"`
	Hash    string `json:"checksum in package.json"`
}

// installTool declares the package manager of a project, unless it is the one that Node.js brings. It is installed by that one,
// into a folder of its own: nothing of it reaches the app or the image.
func (b *builder) installTool(ctx context.Context, project plan.Project, log *ui.Branch) (err error) {
	m, tool := project.Manager, project.Tool
	if tool == (plan.Tool{}) {
		return nil
	}
	if m.Program.Bundled {
		bundled, err := packageIn(filepath.Join(b.node.Dir(), "lib", "node_modules", "npm"))
		if err != nil {
			return err
		}
		if manager.Fits(bundled.Version, tool.Version.Want) {
			log.Header("%s %s, which Node.js brings, is in %s", m.Name, bundled.Version, tool.Version.Source)
			return nil
		}
	}
	if other := b.sameTool(project); other != nil {
		b.tools[project.Package.Dir] = other
		return nil
	}
	log.Header("%s %s, from %s", m.Name, tool.Version.Want+tool.File, tool.Version.Source)
	made, err := b.set.Make(b.toolSpec(project, log))
	b.tools[project.Package.Dir] = made
	return err
}

// sameTool is the package manager of an earlier project that wants the same.
func (b *builder) sameTool(project plan.Project) *layer.Made {
	for _, other := range b.plan.Node.Projects {
		if made := b.tools[other.Package.Dir]; made != nil && other.Manager.ID == project.Manager.ID && other.Tool == project.Tool {
			return made
		}
	}
	return nil
}

func (b *builder) toolSpec(project plan.Project, log *ui.Branch) layer.Spec {
	tool := project.Tool
	return layer.Spec{
		Name: "tool_" + packagesName(project.Package.Dir), Title: project.Manager.Name, Keep: tool.File == "", Log: log.Header,
		Key: toolKey{b.nodeKey, project.Manager.Package + " " + tool.Version.Want + tool.File, tool.Hash + tool.Integrity},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if tool.File != "" {
				return layer.Facts{"version": tool.File}, b.wrapTool(project, dir)
			}
			if err := b.fetchTool(ctx, project, dir, log); err != nil {
				return nil, err
			}
			return linkTool(dir, project.Manager.Package)
		},
	}
}

// wrapTool makes a program of the file that the app brings.
func (b *builder) wrapTool(project plan.Project, dir string) error {
	file := filepath.Join(b.root, project.Tool.File)
	if _, err := os.Stat(file); err != nil {
		return &fail.Error{
			ID: "node/manager-missing", What: "The settings name a " + project.Manager.Name + " that is not there", Err: err,
			Why: project.Tool.File + " does not exist. It may be left out by .gitignore.",
			Fix: "Commit the file, or take the line that names it out of the settings:\n    git add --force " + project.Tool.File,
		}
	}
	script := fmt.Sprintf("#!/bin/sh\nexec node '%s' \"$@\"\n", strings.ReplaceAll(file, "'", `'\''`))
	bin := filepath.Join(dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bin, project.Manager.Name), []byte(script), 0o755)
}

// fetchTool installs the manager below dir with npm: a version of ours by a lock with its digest and no address, one with a
// checksum in package.json from the package that has it, others as the registry says.
func (b *builder) fetchTool(ctx context.Context, project plan.Project, dir string, log *ui.Branch) error {
	env, err := b.nodeEnv(ctx, b.env)
	if err != nil {
		return err
	}
	vars := map[string]string{"npm_config_cache": filepath.Join(b.scratch, "npm")}
	if npmrc := filepath.Join(b.root, project.Package.Path(".npmrc")); isFile(npmrc) { // names the registry, perhaps
		vars["npm_config_userconfig"] = npmrc
	}
	out := log.Output()
	defer out.Close()
	sh := run.Shell{Dir: dir, Env: env.With(vars), Out: out}
	tool, name := project.Tool, project.Manager.Package
	spec := name + "@" + tool.Version.Want
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte("{}\n"), 0o644); err != nil { // else npm looks for one above
		return err
	}
	install := []string{"npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"}
	switch {
	case tool.Integrity != "":
		if err := writeToolLock(dir, name, tool); err != nil {
			return err
		}
		install = []string{"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--package-lock"}
	case tool.Hash != "":
		archive, err := b.packTool(ctx, sh, project)
		if err != nil {
			return err
		}
		install = append(install, archive)
	default:
		install = append(install, spec)
	}
	log.Body("Running %s (%s)", strings.Join(install[:2], " "), spec)
	return toolError(sh.Run(ctx, install...), project)
}

func toolError(err error, project plan.Project) error {
	npm, _ := manager.NodeID("npm")
	tool := project.Tool.Version
	e := installError(err, fail.Error{
		ID: "node/manager-install", What: fmt.Sprintf("%s %s could not be installed", project.Manager.Name, tool.Want), Why: "npm",
		Fix: "Try the same on your machine:\n    npm view " + project.Manager.Package + "@" + tool.Want + " version",
	}, npm.Failures)
	if user, ok := fail.User(e); ok && user.ID == "node/no-such-package" {
		user.ID, user.What = "node/manager-version", fmt.Sprintf("There is no %s %s", project.Manager.Name, tool.Want)
		user.Why = tool.Source + " asks for it.\n" + user.Why
		user.Fix = "Correct the version. These there are:\n    npm view " + project.Manager.Package + " versions"
	}
	return e
}

// writeToolLock writes what npm ci wants, in the format that every npm reads.
func writeToolLock(dir, name string, tool plan.Tool) error {
	entry := map[string]any{"version": tool.Version.Want, "integrity": tool.Integrity}
	wanted := map[string]string{name: tool.Version.Want}
	for file, content := range map[string]any{
		"package.json": map[string]any{"name": "tools", "version": "1.0.0", "dependencies": wanted},
		"package-lock.json": map[string]any{
			"name": "tools", "version": "1.0.0", "lockfileVersion": 2, "requires": true,
			"packages":     map[string]any{"": map[string]any{"name": "tools", "version": "1.0.0", "dependencies": wanted}, "node_modules/" + name: entry},
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

// packageIn reads the package.json of a folder.
func packageIn(dir string) (pkg struct {
	Version string
	Bin     any
}, err error) {
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err == nil {
		err = json.Unmarshal(data, &pkg)
	}
	return pkg, err
}

// linkTool makes the folder bin with the package's programs.
func linkTool(dir, name string) (layer.Facts, error) {
	pkg, err := packageIn(filepath.Join(dir, "node_modules", name))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "bin"), 0o755); err != nil {
		return nil, err
	}
	programs, _ := pkg.Bin.(map[string]any)
	if file, ok := pkg.Bin.(string); ok {
		programs = map[string]any{path.Base(name): file}
	}
	for program, file := range programs {
		file := filepath.Join("node_modules", name, fmt.Sprint(file))
		if err := os.Chmod(filepath.Join(dir, file), 0o755); err != nil {
			return nil, err
		}
		if err := os.Symlink(filepath.Join("..", file), filepath.Join(dir, "bin", program)); err != nil {
			return nil, err
		}
	}
	return layer.Facts{"version": pkg.Version}, nil
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
