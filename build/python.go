package build

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	archives "github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/plan"
	"github.com/tandem-cnb/tandem/internal/purl"
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// pythonInstall has the results of the Python install, for the steps.
type pythonInstall struct {
	installed   plan.Found
	settings    *plan.Settings // nil if there are none, or they cannot be imported yet
	secretNames []string       // under which the app's own steps get a placeholder for SECRET_KEY too
}

// pythonBranch makes the interpreter and the packages of Python, and imports the settings with them.
func (b *builder) pythonBranch(ctx context.Context, log *ui.Branch) (pythonInstall, error) {
	err := log.Timed("Python", func() error {
		return b.python.Get(ctx)
	})
	if err != nil {
		return b.pythonInstall, err
	}
	err = log.Timed("Python packages", func() error {
		return b.venv.Get(ctx)
	})
	if err != nil {
		return b.pythonInstall, err
	}
	known, err := b.venv.Filled(ctx)
	if err != nil {
		return b.pythonInstall, err
	}
	b.installed.Packages = purl.Versions(known.BOM, purl.PyPI)
	// The processes of the Procfile are known before Node's packages are installed.
	if err := b.plan.CheckServer(b.installed, plan.Procfile(b.app)); err != nil {
		return b.pythonInstall, err
	}
	err = log.Step("python/settings", "import the settings", func() error { return b.importSettings(ctx, log) })
	return b.pythonInstall, err
}

// declarePython says what Python's layers are. Nothing is made yet.
func (b *builder) declarePython(log *ui.Branch) (err error) {
	archive := b.plan.Python.Release
	if b.app.Others.Python != nil {
		if packages, err := b.adoptPython(); packages || err != nil {
			return err
		}
	} else {
		archive = b.runner(log).LogRuntime(b.plan.Python.Runtime)
		if b.python, err = b.set.Tree(b.pythonTree(archive, log)); err != nil {
			return err
		}
	}
	packages, err := b.venvTree(archive, log)
	if err != nil {
		return err
	}
	b.venv, err = b.set.Tree(packages)
	return err
}

type pythonKey struct {
	layer.Common
	Version  string `json:"version" say:"Python version"`
	Checksum string `json:"archive" say:"archive of Python"`
}

// desktop is what draws windows, with Tcl and Tk: no server has a screen.
var desktop = []string{
	"lib/python3.*/tkinter", "lib/python3.*/turtle.py", "lib/python3.*/turtledemo", "lib/python3.*/idlelib", "lib/python3.*/lib-dynload/_tkinter*",
	"lib/tcl*", "lib/tk*", "lib/itcl*", "lib/thread*", "lib/libtcl*", "lib/libtk*", "bin/idle*", "share/man",
}

func (b *builder) pythonTree(archive versions.Release, log *ui.Branch) layer.Tree {
	return layer.Tree{
		Meta: layer.Meta{
			Name: "python", Title: "Python " + archive.Version, Log: log.Header,
			Key: pythonKey{b.common, archive.Version, archive.Checksum()},
		},
		Ship: true, Keep: true,
		Finish: func(ctx context.Context, dir string) error {
			return b.compile(ctx, log, unchecked, filepath.Join(dir, "lib"))
		},
		Sealed: &layer.Sealed{
			Warn: log.Warn, Derived: byteCodeOf,
			Fill: func(ctx context.Context, dir string) (layer.Filled, archives.Manifest, error) {
				known := layer.Filled{BOM: []string{archive.PURL()}}
				listed, err := b.fetcher.InstallListed(ctx, archive, dir, log.Body)
				if err != nil {
					return known, nil, err
				}
				if err := layer.RemoveListed(dir, listed, desktop...); err != nil {
					return known, nil, err
				}
				return known, listed, python.Relocate(dir, listed)
			},
			Repeat: func(ctx context.Context, dir string) (archives.Manifest, error) {
				return b.compileAgain(ctx, log, dir)
			},
		},
	}
}

// venvKey is the key of the virtual environment. Of other Files uv installs what is missing.
type venvKey struct {
	layer.Common
	Version   string `json:"version" say:"Python version"`
	Python    string `json:"python" say:"archive of Python"`
	UV        string `json:"uv" say:"uv version"`
	Manager   string `json:"manager" say:"way to install"`
	Wanted    string `json:"wanted" say:"choice of files and groups"`
	Files     string `json:"files" say:"contents of the requirements or the lock file" layer:"start"`
	Local     string `json:"local" say:"contents of local packages"`
	Options   string `json:"options" say:"options of the requirements or the project"`
	Index     string `json:"settings" say:"settings of the package manager"`
	Installer string `json:"installer" say:"package manager or its pip settings"`
	Pip       string `json:"pip,omitempty" say:"pip for a hook"`
}

func (b *builder) venvKey(python versions.Release, in installer) (key venvKey, err error) {
	p, from := b.plan.Python, b.plan.Python.Sources
	key = venvKey{
		Common: b.common, Version: python.Version, Python: b.pythonID(python), UV: in.uv.Version,
		Manager: p.ManagerData().Name,
	}
	if p.Pip {
		key.Pip = layer.Digest(manager.Python(manager.Pip).Data().Tool)
	}
	key.Wanted = fmt.Sprint(p.Wanted)
	key.Index = layer.SettingsDigest(b.envs.Tools(), p.ManagerData().Settings...)
	key.Options = layer.Digest(slices.Concat(from.Options, from.Args)...)
	if key.Installer, err = b.digest(in); err != nil {
		return key, err
	}
	if key.Files, err = app.Digest(b.Source, from.Files...); err != nil {
		return key, err
	}
	key.Local, err = app.Digest(b.Source, from.Local...)
	return key, err
}

func (b *builder) venvTree(python versions.Release, log *ui.Branch) (layer.Tree, error) {
	in, err := b.newInstaller(log)
	if err != nil {
		return layer.Tree{}, err
	}
	key, err := b.venvKey(python, in)
	return layer.Tree{
		Meta: layer.Meta{Name: "venv", Title: "Python packages", Key: key, Log: log.Header},
		Ship: true, Keep: true, Update: !in.manager.Data().Fresh, Unfit: unrecorded,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Override("VIRTUAL_ENV", dir)
			return vars
		},
		Fill: func(ctx context.Context, dir string) (known layer.Filled, err error) {
			if err := b.installPackages(ctx, in, dir, log); err != nil {
				return known, err
			}
			known.BOM, err = distributions(filepath.Join(dir, "lib", "python3.*", "site-packages"))
			return known, err
		},
		Finish: func(ctx context.Context, dir string) error {
			return b.compile(ctx, log, unchecked, filepath.Join(dir, "lib"))
		},
	}, err
}

var distInfo = regexp.MustCompile(`^(.+)-([^-]+)\.(dist|egg)-info$`)

var separators = regexp.MustCompile(`[-_.]+`)

// distributions returns the package URLs of what is installed in a directory site-packages, which may be a pattern.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func distributions(sitePackages string) (bom []string, err error) {
	folders, err := filepath.Glob(filepath.Join(sitePackages, "*-info"))
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if m := distInfo.FindStringSubmatch(filepath.Base(folder)); m != nil {
			bom = append(bom, purl.Of(purl.PyPI, strings.ToLower(separators.ReplaceAllString(m[1], "-")), m[2]))
		}
	}
	return bom, nil
}
