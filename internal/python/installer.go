package python

import (
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/steps"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// installer makes the virtual environment: uv, and the manager that the app is made for.
type installer struct {
	In
	manager manager.PythonManager
	uv      versions.Release
	keyed   []string           // of the settings, what the layer's key has
	toolEnv run.Env            // where the tool comes from
	pip     manager.UVSettings // what pip's settings mean to uv, for the packages
	env     run.Env            // its variables, or pip's own for pip itself
}

// newInstaller finds what installs the packages, before anything is installed.
func newInstaller(in In) (i installer, err error) {
	p := in.Plan.Python
	i = installer{In: in, manager: manager.Python(p.Manager)}
	uv, err := in.Inventory.Choose(versions.Ask{ID: versions.UV}, in.Common.Arch)
	if err != nil {
		return i, err
	}
	i.uv = uv.Release
	if p.Installer.Note != "" {
		in.Log.Header("%s", p.Installer.Note)
	}
	if in.Pip.err != nil {
		return i, in.Pip.err
	}
	i.keyed = i.withPip(in.Pip.public).keys()
	i = i.withPip(in.Pip.All)
	// A variable was named before.
	if o := in.Pip.All["trusted-host"]; o.Value != "" && !strings.HasPrefix(o.Source, "PIP_") {
		steps.LogNotes(in.Log, plan.Unverified("trusted-host in "+o.Source))
	}
	if in.Pip.bound && i.manager.Data().Pip == manager.PipIgnored {
		in.Log.Header("Python packages: %s does not read the pip binding; one of type netrc, uv or poetry is for it",
			p.Installer.Name)
	}
	for _, note := range i.pip.Notes {
		in.Log.Header("%s", note)
	}
	return i, nil
}

// withPip returns the installer with what pip's settings mean to it.
func (i installer) withPip(settings map[string]manager.PipOption) installer {
	// The variables that say where packages come from: a tool comes from there too.
	i.toolEnv = manager.PipToUV(settings, nil).Env
	switch i.manager.Data().Pip {
	case manager.PipForPip:
		i.env = manager.PipEnv(settings)
	case manager.PipForUV:
		i.pip = manager.PipToUV(settings, i.Plan.Python.Sources.Options)
		i.env = i.pip.Env
	case manager.PipIgnored:
	}
	return i
}

// keys returns what the layer's key has of pip's settings.
func (i installer) keys() []string {
	return append([]string{layer.SettingsDigest(i.env, "UV_", "PIP_")}, i.pip.Args...)
}

// digest returns a digest of the installer and of its settings. It does not depend on credentials, see
// layer.SettingsDigest.
func (i installer) digest() (string, error) {
	lines := append([]string{i.Plan.Python.Installer.Tool}, i.keyed...)
	for _, name := range constraintVariables() {
		for _, file := range strings.Fields(i.env.With(i.Envs.Tools())[name]) {
			text, err := i.constraints(file)
			if err != nil {
				return "", err
			}
			lines = append(lines, name, text)
		}
	}
	return layer.Digest(lines...), nil
}

// constraintVariables lists the variables by which uv finds files of constraints on the app's packages.
// https://docs.astral.sh/uv/reference/environment/#uv_constraint
func constraintVariables() []string {
	return []string{"UV_CONSTRAINT", "UV_BUILD_CONSTRAINT", "UV_OVERRIDE"}
}

// constraints returns the text of a file that a variable of uv names: on the machine, or relative to where uv runs.
func (i installer) constraints(file string) (string, error) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(i.Root, i.Plan.Python.Dir, file)
	}
	fsys, name := i.Locate(file)
	if !tree.IsFile(fsys, name) {
		return "", nil // uv reports that the file does not exist
	}
	text, err := limits.Read(fsys, name, limits.Size(name))
	if err != nil {
		return "", &fail.Error{
			ID: "app/unreadable", What: file + " cannot be read", Why: app.Reason(err), Err: err,
			Fix: fail.Fix{
				fail.Say{Text: "Make it a readable file, or do not name it in UV_CONSTRAINT, UV_BUILD_CONSTRAINT " +
					"or UV_OVERRIDE."},
			},
		}
	}
	return string(text), nil
}
