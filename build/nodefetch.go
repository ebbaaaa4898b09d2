package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/diagnose"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/purl"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/shell"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// fetchTool installs the manager below dir with npm: a version of ours by a lock with its digest and no address, one with a
// checksum in package.json from the package that has it, others as the registry says.
func (b *builder) fetchTool(ctx context.Context, project plan.Project, dir string, log *ui.Branch) error {
	env, err := b.npmEnv(ctx)
	if err != nil {
		return err
	}
	out := log.Output()
	defer out.Close()
	return b.withCredentials(binding.Node, env, func(env run.Env) error {
		return b.npmInstall(ctx, project, run.Shell{Dir: dir, Env: env.With(b.fetchEnv(project, env)), Out: out}, log)
	})
}

// fetchEnv is npm's for a package manager. It runs in another folder than the project's, whose .npmrc names the registry, perhaps.
func (b *builder) fetchEnv(project plan.Project, env run.Env) map[string]string {
	vars := map[string]string{"npm_config_cache": filepath.Join(b.Private, "npm")}
	if npmrc := project.Package.Path(".npmrc"); b.HasFile(npmrc) {
		place := "npm_config_userconfig"
		if env["npm_config_userconfig"]+env["NPM_CONFIG_USERCONFIG"] != "" { // a binding's, most often
			place = "npm_config_globalconfig"
		}
		vars[place] = filepath.Join(b.Root, npmrc)
	}
	if project.Tool.Integrity+project.Tool.Hash != "" { // what is known to the byte need not wait until others have tried it
		vars["npm_config_min_release_age"] = "0"
	}
	return vars
}

func (b *builder) npmInstall(ctx context.Context, project plan.Project, sh run.Shell, log *ui.Branch) error {
	tool, name, dir := project.Tool, project.ManagerData().Package, sh.Dir
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
	log.Body("Running %s (%s)", show.Command(install[:2]), show.Value(spec))
	return b.toolError(sh.Run(ctx, install...), project, "fetch-tool")
}

// toolError explains with a rule set why npm did not install the package manager of a project.
func (b *builder) toolError(err error, project plan.Project, set string) error {
	tool, m := project.Tool.Version, project.ManagerData()
	words := diagnose.NodeWords(manager.Node(manager.NPM).Data())
	maps.Copy(words, diagnose.Words{
		"manager": m.Name, "package_of_manager": m.Package, "version": tool.Want, "source": tool.Source,
		"spec": show.Word(m.Package + "@" + tool.Want),
	})
	return steps.Explained(err, diagnose.Step{Kind: "node-manager", Sets: []string{set}, Words: words}, b.runner(b.main).Machine())
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

// linkTool makes the folder bin with the package's programs. Names that lead out of the package are an error.
func linkTool(dir, name string) (known layer.Filled, err error) {
	within, err := tree.Open(dir)
	if err != nil {
		return known, err
	}
	defer within.Close()
	base := path.Join("node_modules", name)
	pkg, err := packageIn(filepath.Join(dir, base))
	if err != nil {
		return known, err
	}
	programs, _ := pkg.Bin.(map[string]any)
	if file, ok := pkg.Bin.(string); ok {
		programs = map[string]any{path.Base(name): file}
	}
	for program, file := range programs {
		target, err := app.In(base, fmt.Sprint(file))
		isName := fs.ValidPath(program) && path.Base(program) == program && program != "."
		if err != nil || !isName || !strings.HasPrefix(string(target), base+"/") {
			return known, fmt.Errorf("the package %s has a program %q at %q, which is not in it", name, program, file)
		}
		if err := linkProgram(within, target, filepath.Join(dir, "bin", program)); err != nil {
			return known, err
		}
	}
	known.Facts, known.BOM = layer.Facts{"version": pkg.Version}, []string{purl.Of(purl.NPM, name, pkg.Version)}
	return known, nil
}

// linkProgram makes file a command. pnpm 12 has scripts that do not say by what they are run, which is for a shell to find out.
func linkProgram(within *tree.Tree, file app.Path, link string) error {
	opened, err := within.FS().Open(string(file))
	if err != nil {
		return err
	}
	begin, err := io.ReadAll(io.LimitReader(opened, 4))
	if err := errors.Join(err, opened.Close()); err != nil {
		return err
	}
	full := filepath.Join(within.Dir(), string(file))
	if !bytes.HasPrefix(begin, []byte("#!")) && !bytes.Equal(begin, []byte("\x7fELF")) {
		return writeScript(link, "exec sh "+shell.Quote(full)+` "$@"`)
	}
	target, err := filepath.Rel(filepath.Dir(link), full)
	if err != nil {
		return err
	}
	at, err := app.In("bin", filepath.Base(link))
	if err != nil {
		return err
	}
	return errors.Join(within.Chmod(file, 0o755), within.MkdirAll("bin", 0o755), within.Symlink(target, at))
}

func writeScript(file, command string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte("#!/bin/sh\n"+command+"\n"), 0o755)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
