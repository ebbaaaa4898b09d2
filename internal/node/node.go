// Package node installs Node.js, package managers and the packages of projects, and ships what the image needs of
// them. It knows nothing of Python but the directory of its interpreter, which node-gyp runs.
package node

import (
	"context"
	"errors"
	"slices"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
)

// In has the inputs of this package's functions. The plan must have a Node.
type In struct {
	steps.Runner
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

// Result describes a finished installation.
type Result struct {
	Runtime  Runtime
	Projects []Installed       // in the order of the plan
	Managers map[string]string // versions of the package managers of packages in the app, by the project's directory
	Ran      []string          // the scripts of package.json that have run, as commands
	Blocked  []string          // the packages whose install scripts were not run
}

// Install gets the runtime, and then the packages of each project. The errors are the user's, or internal.
func Install(ctx context.Context, in In, rt Runtime) (r Result, err error) {
	r = Result{Runtime: rt, Managers: map[string]string{}}
	early := in.feedNew(ctx)
	defer func() { err = errors.Join(err, early.close()) }()
	if err := in.Log.Timed("install Node.js", func() error { return rt.Get(ctx) }); err != nil {
		return r, err
	}
	for _, project := range in.Plan.Projects() {
		in.Done.Ran = r.Ran
		j := job{in: in, runtime: rt, project: project, feed: early[project.Package.Dir]}
		if j.tool, err = j.declareTool(r.Projects); err != nil {
			return r, err
		}
		installed, err := j.install(ctx)
		if err != nil {
			return r, err
		}
		r.Projects = append(r.Projects, installed)
		r.Ran, r.Blocked = slices.Concat(r.Ran, installed.ran), slices.Concat(r.Blocked, installed.blocked)
		if installed.made != nil || project.Provided && j.prunesAdopted() {
			r.Managers[project.Package.Dir] = installed.version
		}
	}
	return r, nil
}

// Parts gets those of the layers that are of Node.js, of the packages, or the interpreter's, in this order. It returns
// what commands see of them.
func (r Result) Parts(ctx context.Context, layers []string) (environ.Parts, error) {
	known := map[string]layer.Contents{plan.NodeLayer: r.Runtime.Contents, plan.HeadersLayer: r.Runtime.Headers}
	for _, p := range r.Projects {
		known[plan.PythonLayer], known[p.toolLayer()], known[p.project.Layer()] = p.in.Python, p.tool, p.packages
	}
	parts := environ.Parts{}
	for _, name := range layers {
		if c := known[name]; c != nil {
			if err := c.Get(ctx); err != nil {
				return nil, err
			}
			parts[name] = c.Part()
		}
	}
	return parts, nil
}
