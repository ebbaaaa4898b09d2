package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// findOthers looks at what earlier buildpacks of this build have made.
func (b *builder) findOthers(ctx context.Context) (app.Others, error) {
	place := app.Place{Machine: b.Machine, Layers: filepath.Dir(b.in.Layers.Path), Root: b.Root, Env: b.platform.Vars}
	others := place.Others(b.config.NodeProjectPath)
	for _, asked := range []struct {
		runtime *app.Runtime
		argv    []string
	}{
		{others.Python, []string{"bin/python3", "-S", "-s", "-c", "import platform; print(platform.python_version())"}},
		{others.Node, []string{"bin/node", "--version"}},
	} {
		if asked.runtime == nil {
			continue
		}
		asked.argv[0] = filepath.Join(asked.runtime.Dir, asked.argv[0])
		env := b.platform.Vars.Without(func(name string) bool { return name == "NODE_OPTIONS" || name == "PYTHONHOME" })
		out, err := run.Shell{Dir: b.Private, Env: env}.Quiet().Answer(ctx, asked.argv...)
		if err != nil {
			return others, fmt.Errorf("ask the %s of %s for its version: %w", filepath.Base(asked.argv[0]), asked.runtime.Buildpack, err)
		}
		asked.runtime.Version = strings.TrimPrefix(strings.TrimSpace(out), "v")
	}
	return others, nil
}

// adoptPython uses an earlier buildpack's interpreter and reports whether its packages can be used too.
func (b *builder) adoptPython() (packages bool, err error) {
	o := b.app.Others
	b.python = layer.Adopted(run.Part{Dir: o.Python.Dir}, layer.Filled{})
	if !b.plan.Python.Provided {
		return false, nil
	}
	found, err := distributions(o.Packages.Dir)
	b.venv = layer.Adopted(run.Part{Dir: o.Packages.Dir}, layer.Filled{BOM: found})
	return true, err
}

// pythonID is what tells an interpreter from others of its version: its archive's checksum, or where another buildpack
// has put it.
func (b *builder) pythonID(python versions.Release) string {
	if other := b.app.Others.Python; other != nil {
		return other.Dir
	}
	return python.Checksum()
}

// adoptNode uses the runtime of an earlier buildpack, with its headers if it has them.
func (b *builder) adoptNode() {
	o := b.app.Others.Node
	b.nodeKey = nodeKey{b.common, o.Version, o.Dir}
	b.node = layer.Adopted(run.Part{Dir: o.Dir}, layer.Filled{})
	headers := run.Part{Dir: o.Dir}
	if isDir(filepath.Join(o.Dir, "include", "node")) {
		headers.Vars = headersVars(o.Version, o.Dir)
	}
	b.headers = layer.Adopted(headers, layer.Filled{})
}

// adoptPackages puts the programs of a node_modules of an earlier buildpack on PATH.
func (b *builder) adoptPackages(project plan.Project) {
	part := run.Part{Dir: b.Root, Vars: binVars(b.Root, project.Roots)}
	b.packages[project.Package.Dir] = layer.Adopted(part, layer.Filled{})
}

// putAwayGiven takes a node_modules of an earlier buildpack out of the app, or the devDependencies out of it. One that
// is a link leads into the other's layer, which is not ours to change.
func (b *builder) putAwayGiven(ctx context.Context, project plan.Project) error {
	if !b.plan.Node.Launch.Modules {
		b.main.Header("%s: taken out of the app, no process needs them", project.Title())
		return b.Tree.Remove(project.Roots...)
	}
	if _, err := fs.ReadLink(b.Source, string(project.Roots[0])); err == nil {
		return nil
	}
	version, err := b.toolVersion(ctx, project)
	if err != nil {
		return err
	}
	return b.prune(ctx, project, project.Prune(version))
}

// givenTool tells whether the package manager of a project that an earlier buildpack has installed is there too.
func (b *builder) givenTool(project plan.Project) bool {
	for _, folder := range filepath.SplitList(b.envs.Tools()["PATH"]) {
		if project.Provided && isFile(filepath.Join(folder, project.ManagerData().Name)) {
			return true
		}
	}
	return false
}

// askedVersion is what a package manager of an earlier buildpack says of itself.
func (b *builder) askedVersion(ctx context.Context, project plan.Project) (string, error) {
	sh := run.Shell{Dir: b.Private, Env: b.envs.Tools()}.Quiet()
	out, err := sh.Answer(ctx, project.ManagerData().Name, "--version")
	return strings.TrimSpace(out), err
}

// npmIn is the version of the npm that comes with a Node.js; "": none does, which only an earlier buildpack's may be
// like.
func (b *builder) npmIn(dir string) (string, error) {
	npm, err := packageIn(filepath.Join(dir, "lib", "node_modules", "npm"))
	if b.app.Others.Node != nil && errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return npm.Version, err
}
