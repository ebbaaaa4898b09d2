// Package node installs Node.js, package managers and the packages of projects, and ships what the image needs of
// them. It knows nothing of Python but the directory of its interpreter, which node-gyp runs.
package node

import (
	"context"
	"slices"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// In is what the functions of this package are given. The plan must have a Node.
type In struct {
	steps.Runner
	Envs   environ.Envs
	Layers *layer.Set
	Common layer.Common
	Fetch  fetch.Fetcher
	Access binding.Access // of the package managers
	Python layer.Contents // the interpreter
}

// withCredentials calls do with an environment in which the package managers find their credentials. The files are
// there only meanwhile.
func (in In) withCredentials(env run.Env, do func(run.Env) error) error {
	dir := binding.Node.Dir(in.Private)
	return in.Access.During(dir, func(vars map[string]string) error { return do(env.With(vars)) })
}

// Result is what an installation has shown.
type Result struct {
	Runtime  Runtime
	Projects []Installed       // in the order of the plan
	Managers map[string]string // versions of the package managers that installed packages, by the project's directory
	Ran      []string          // the scripts of package.json that have run, as commands
}

// Install gets the runtime, and then the packages of each project. The errors are the user's, or internal.
func Install(ctx context.Context, in In, rt Runtime) (r Result, err error) {
	r = Result{Runtime: rt, Managers: map[string]string{}}
	if err := in.Log.Timed("Node.js", func() error { return rt.Get(ctx) }); err != nil {
		return r, err
	}
	for _, project := range in.Plan.Projects() {
		in.Done.Ran = r.Ran
		j := job{in: in, runtime: rt, project: project}
		if j.tool, err = j.declareTool(r.Projects); err != nil {
			return r, err
		}
		installed, err := j.install(ctx)
		if err != nil {
			return r, err
		}
		r.Projects = append(r.Projects, installed)
		r.Ran = slices.Concat(r.Ran, installed.ran)
		if installed.made != nil {
			r.Managers[project.Package.Dir] = installed.version
		}
	}
	return r, nil
}

// Parts gets what the app's own commands see of Node.js and the packages. A command that may compile something sees
// the headers too.
func (r Result) Parts(ctx context.Context, compiles bool) (parts environ.Parts, err error) {
	var needs, tools []layer.Contents
	parts.Tools, parts.Modules = map[string]run.Part{}, map[string]run.Part{}
	for _, p := range slices.Backward(r.Projects) {
		needs, tools = append(needs, p.packages), append(tools, p.tool)
	}
	if compiles {
		needs = append(needs, r.Runtime.Headers)
	}
	if err := layer.Get(ctx, slices.Concat(append(needs, r.Runtime.Contents), tools)...); err != nil {
		return parts, err
	}
	parts.Node = layer.PartOf(r.Runtime.Contents)
	if compiles {
		parts.Headers = layer.PartOf(r.Runtime.Headers)
	}
	for _, p := range r.Projects {
		dir := p.project.Package.Dir
		parts.Tools[dir], parts.Modules[dir] = layer.PartOf(p.tool), layer.PartOf(p.packages)
	}
	return parts, nil
}
