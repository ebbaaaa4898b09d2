package node

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// adopt returns the runtime of an earlier buildpack. If it has headers, commands with the variables env find them.
func adopt(other app.Runtime, env run.Env) Runtime {
	contents := layer.Adopted(run.Part{Dir: other.Dir}, layer.Filled{})
	rt := Runtime{Contents: contents, Headers: contents, Version: other.Version, ID: other.Dir}
	if tree.IsDir(os.DirFS(other.Dir), "include/node") {
		rt.Headers = gypHeaders{contents, env, other.Version}
	}
	return rt
}

// bundledVersion returns the version of the npm that Node.js includes; the runtime must have its contents. Only that of
// an earlier buildpack may have none: "".
func (j job) bundledVersion() (string, error) {
	npm, err := packageIn(filepath.Join(j.runtime.Dir(), "lib", "node_modules", "npm"))
	if j.in.App.Others.Node != nil && errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return npm.Version, err
}

// adoptsTool reports whether an earlier buildpack has installed the packages of the project and its package manager.
func (j job) adoptsTool() bool {
	_, err := run.LookPath(j.project.ManagerData().Name, j.in.Envs.Tools()["PATH"], j.in.Private)
	return err == nil && j.project.Provided
}

// adoptedVersion returns what a package manager of an earlier buildpack says of itself.
func (j job) adoptedVersion(ctx context.Context) (string, error) {
	sh := run.Shell{Dir: j.in.Private, Env: j.in.Envs.Tools()}.Quiet()
	out, err := sh.Answer(ctx, j.project.ManagerData().Name, "--version")
	return strings.TrimSpace(out), err
}

// adoptPackages puts the programs of a node_modules of an earlier buildpack on PATH.
func (j job) adoptPackages() layer.Contents {
	root := j.in.Root
	return layer.Adopted(run.Part{Dir: root, Vars: binVars(root, j.project.Roots)}, layer.Filled{})
}
