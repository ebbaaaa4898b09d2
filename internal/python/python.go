// Package python installs the interpreter and the Python packages of a build, and imports Django's settings with them.
// It decides nothing and knows nothing of Node.js.
package python

import (
	"context"
	"errors"

	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/environ"
	"github.com/tandem-cnb/tandem/internal/fetch"
	"github.com/tandem-cnb/tandem/internal/installed"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/needed"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/purl"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// In has the inputs of an installation. It is never modified.
type In struct {
	steps.Runner
	Layers    *layer.Set
	Common    layer.Common
	Fetch     fetch.Fetcher
	Access    binding.Access
	Inventory versions.Inventory
	Pip       PipSettings
}

// Result describes a finished installation.
type Result struct {
	Runtime     Runtime
	Venv        layer.Contents
	Parts       environ.Parts       // Python and Venv, which are there
	Packages    map[string]string   // as in installed.Found
	Libraries   needed.Libraries    // that the packages need and do not have
	Settings    *installed.Settings // nil if there are none, or they cannot be imported yet
	SecretNames []string            // variables that app steps get a placeholder for, besides SECRET_KEY
}

// found returns what the installation has shown so far.
func (r Result) found() installed.Found {
	return installed.Found{Packages: r.Packages, Settings: r.Settings}
}

// Declare declares the layers of the interpreter and of the packages: it compares their keys and creates nothing. The
// error is the user's, or internal.
func Declare(in In) (rt Runtime, venv layer.Contents, err error) {
	rt, err = declareRuntime(in)
	if err != nil {
		return rt, nil, err
	}
	if in.Plan.Python.Provided {
		venv, err = adoptPackages(in.App.Others.Packages.Dir)
		return rt, venv, err
	}
	packages, err := venvTree(in, rt)
	if err != nil {
		return rt, nil, err
	}
	venv, err = in.Layers.Tree(packages)
	return rt, venv, err
}

// Libraries returns the shared libraries that the Python packages in venv need and do not have.
func Libraries(ctx context.Context, venv layer.Contents) (needed.Libraries, error) {
	known, err := venv.Filled(ctx)
	return needed.Parse(known.Facts[librariesFact]), err
}

// Install creates the interpreter and the packages, and imports the settings with them. The error is the user's, or
// internal.
func Install(ctx context.Context, in In, rt Runtime, venv layer.Contents) (r Result, err error) {
	if err := in.Log.Timed("install Python", func() error { return rt.Get(ctx) }); err != nil {
		return r, err
	}
	if err := in.Log.Timed("install Python packages", func() error { return venv.Get(ctx) }); err != nil {
		return r, err
	}
	known, err := venv.Filled(ctx)
	if err != nil {
		return r, err
	}
	r.Runtime, r.Venv, r.Packages = rt, venv, bom.Versions(known.BOM, purl.PyPI)
	if err := errors.Join(makeTargets(r.compiled(in.Plan)), in.lendBytecode(ctx)); err != nil {
		return r, err
	}
	steps.LogNotes(in.Log, gpuNotes(known.Facts, r.Packages, in.Plan.Python.Manager))
	r.Libraries = needed.Parse(known.Facts[librariesFact])
	r.Parts = environ.Parts{plan.PythonLayer: rt.Part(), plan.VenvLayer: venv.Part()}
	// The processes of the Procfile are known before Node's packages are installed.
	if err := in.Plan.CheckServer(r.found(), process.Procfile(in.App)); err != nil {
		return r, err
	}
	err = in.Log.Timed("import the settings", func() error {
		r, err = importSettings(ctx, in, r)
		return err
	})
	return r, err
}
