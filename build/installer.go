package build

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/binding"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/tree"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// newInstaller finds what installs the packages, before anything is installed.
func (b *builder) newInstaller(log *ui.Branch) (in installer, err error) {
	p := b.plan.Python
	in.facts = b.runner(log).Machine()
	in.manager, in.tool, in.options = manager.Python(p.Manager), p.ManagerData().Tool, p.Sources.Options
	uv, err := b.deps.Choose(versions.Ask{ID: versions.UV}, b.common.Arch)
	if err != nil {
		return in, err
	}
	in.uv = uv.Release
	chosen := p.Installer
	if in.name, in.tool = chosen.Name, chosen.Tool; chosen.Note != "" {
		log.Header("%s", chosen.Note)
	}
	if b.pip.err != nil {
		return in, b.pip.err
	}
	in.keyed = in.settle(b.pip.public)
	in.settle(b.pip.all)
	// A variable was named before.
	if o := b.pip.all["trusted-host"]; o.Value != "" && !strings.HasPrefix(o.Source, "PIP_") {
		log.Warn("%s", plan.UnverifiedBy("trusted-host in "+o.Source))
	}
	if b.pip.bound && in.manager.Data().Pip == manager.PipIgnored {
		log.Header("Python packages: %s does not read the pip binding; one of type netrc, uv or poetry is for it", in.name)
	}
	for _, note := range in.pip.Notes {
		log.Header("%s", note)
	}
	return in, nil
}

// pipRead has pip's settings, as they were after bin/pre_compile.
type pipRead struct {
	public map[string]manager.PipOption // without those of a binding, for the layer's key
	all    map[string]manager.PipOption
	bound  bool  // a binding has a pip.conf
	err    error // the user's, about one of the files
}

// readPip reads pip's settings. Variables win over the binding, and the binding over files.
func (b *builder) readPip() (read pipRead) {
	private, err := pipBinding(b.credentials[binding.Python])
	public, publicErr := b.pipSettings()
	if publicErr != nil || err != nil {
		return pipRead{err: cmp.Or(publicErr, err)}
	}
	read = pipRead{public: public, all: maps.Clone(public), bound: private != nil}
	for name, o := range private {
		if old, set := public[name]; !set || !strings.HasPrefix(old.Source, "PIP_") {
			read.all[name] = o
		}
	}
	return read
}

// settle notes what pip's settings mean to the installer, and returns what of it the layer's key has.
func (in *installer) settle(settings map[string]manager.PipOption) (keyed []string) {
	in.toolEnv = indexes(manager.PipToUV(settings, nil).Env)
	switch in.manager.Data().Pip {
	case manager.PipForPip:
		in.env = manager.PipEnv(settings)
	case manager.PipForUV:
		in.pip = manager.PipToUV(settings, in.options)
		in.env = in.pip.Env
	}
	return append([]string{layer.SettingsDigest(in.env, "UV_", "PIP_")}, in.pip.Args...)
}

// pipBinding are the settings of the binding's pip.conf. They are no part of a layer's key: an address may have a token
// anywhere.
func pipBinding(access binding.Access) (map[string]manager.PipOption, error) {
	text, ok := access.File("pip.conf")
	if !ok {
		return nil, nil
	}
	found, err := manager.ReadPipConf(text)
	if err != nil {
		return nil, &fail.Error{
			ID: "python/pip-conf", What: "pip.conf of the pip binding cannot be understood", Err: err,
			Why: "It is not in the form of pip's settings.", // err may repeat a line
			Fix: fail.Fix{
				fail.Say{Text: "Correct it. It has sections and settings, such as"},
				fail.Edit{Lines: []string{"[global]", "index-url = https://packages.example.com/simple"}},
			},
		}
	}
	for name, o := range found {
		o.Source = "the pip binding"
		found[name] = o
	}
	return found, nil
}

// indexes are the variables among env that say where packages come from: a tool comes from there too.
func indexes(env run.Env) run.Env {
	return env.Without(func(name string) bool { return name == "UV_CONSTRAINT" || name == "UV_BUILD_CONSTRAINT" })
}

// pipSettings are pip's, of the build image's files and of the platform's variables, which win.
func (b *builder) pipSettings() (map[string]manager.PipOption, error) {
	all := map[string]manager.PipOption{}
	for _, file := range b.pipFiles() {
		if _, err := os.Stat(file); err != nil {
			continue // pip ignores unreadable files too, such as those in the HOME of another user
		}
		text, err := os.ReadFile(file)
		found, parseErr := manager.ReadPipConf(string(text))
		if err := errors.Join(err, parseErr); err != nil {
			return nil, &fail.Error{
				ID: "python/pip-conf", What: show.Name(file) + " cannot be understood", Why: show.Reason(err), Err: err,
				Fix: fail.Fix{
					fail.Say{Text: "Correct the file in the build image, or build without it:"},
					fail.Set{Name: "PIP_CONFIG_FILE", Value: "/dev/null"},
				},
			}
		}
		for name, o := range found {
			o.Source = file
			all[name] = o
		}
	}
	// The variables are not split yet.
	for name, o := range manager.PipVariables(b.envs.Tools().Without(manager.Misleads)) {
		all[name] = o
	}
	return all, nil
}

// pipFiles are the places of pip.conf, the strongest last. https://pip.pypa.io/en/stable/topics/configuration/#location
func (b *builder) pipFiles() []string {
	own := b.envs.Tools()["PIP_CONFIG_FILE"]
	if own == os.DevNull {
		return nil
	}
	files := []string{"/etc/xdg/pip/pip.conf", "/etc/pip.conf"}
	_, err := os.Stat(own)
	switch {
	case own != "" && err == nil:
		files = append(files, own)
	case b.platform.Home != "":
		home := b.platform.Home
		files = append(files, filepath.Join(home, ".pip", "pip.conf"), filepath.Join(home, ".config", "pip", "pip.conf"))
	}
	return files
}

// digest is one sum of all that the installer is and is told. No credentials: see layer.SettingsDigest.
func (b *builder) digest(in installer) (string, error) {
	lines := append([]string{in.tool}, in.keyed...)
	for _, name := range []string{"UV_CONSTRAINT", "UV_BUILD_CONSTRAINT", "UV_OVERRIDE"} {
		for _, file := range strings.Fields(in.env.With(b.envs.Tools())[name]) {
			text, err := b.constraints(file)
			if err != nil {
				return "", err
			}
			lines = append(lines, name, text)
		}
	}
	return layer.Digest(lines...), nil
}

// constraints returns the text of a file that a variable of uv names: on the machine, or relative to where uv runs.
func (b *builder) constraints(file string) (string, error) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(b.Root, b.plan.Python.Dir, file)
	}
	fsys, name := b.At(file)
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
