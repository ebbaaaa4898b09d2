package build

import (
	"context"
	"fmt"
	"os"
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
	"github.com/tandem-cnb/tandem/internal/python"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// pythonInstall has the results of the Python install, for the steps.
type pythonInstall struct {
	installed   plan.Installed
	settings    *plan.Settings // nil if there are none, or they cannot be imported yet
	secretNames []string       // under which the app's own steps get a placeholder for SECRET_KEY too
}

// pythonBranch makes the interpreter and the packages of Python, and imports the settings with them.
func (b *builder) pythonBranch(ctx context.Context, log *ui.Branch) (pythonInstall, error) {
	err := log.Timed("Python", func() error {
		_, err := b.python.Contents(ctx)
		return err
	})
	if err != nil {
		return b.pythonInstall, err
	}
	err = log.Timed("Python packages", func() error {
		_, err := b.venv.Contents(ctx)
		return err
	})
	if err != nil {
		return b.pythonInstall, err
	}
	if b.installed.Packages, err = b.venv.Facts(ctx); err != nil {
		return b.pythonInstall, err
	}
	if err := b.checkServer(plan.Procfile(b.app)); err != nil { // those of the Procfile are known before Node's packages are installed
		return b.pythonInstall, err
	}
	err = log.Timed("import the settings", func() error { return b.importSettings(ctx, log) })
	return b.pythonInstall, err
}

// declarePython says what Python's layers are. Nothing is made yet.
func (b *builder) declarePython(log *ui.Branch) (err error) {
	archive := b.decided.Python.Release
	if b.app.Others.Python != nil {
		if packages, err := b.givePython(); packages || err != nil {
			return err
		}
	} else {
		archive = b.chosen(b.decided.Python, log)
		if b.python, err = b.set.Make(b.pythonSpec(archive, log)); err != nil {
			return err
		}
	}
	packages, err := b.venvSpec(archive, log)
	if err != nil {
		return err
	}
	b.venv, err = b.set.Make(packages)
	return err
}

type pythonKey struct {
	common
	Version  string `json:"Python version"`
	Checksum string `json:"archive of Python"`
}

// desktop is what draws windows, with Tcl and Tk: no server has a screen.
var desktop = []string{
	"lib/python3.*/tkinter", "lib/python3.*/turtle.py", "lib/python3.*/turtledemo", "lib/python3.*/idlelib", "lib/python3.*/lib-dynload/_tkinter*",
	"lib/tcl*", "lib/tk*", "lib/itcl*", "lib/thread*", "lib/libtcl*", "lib/libtk*", "bin/idle*", "share/man",
}

func (b *builder) pythonSpec(archive versions.Release, log *ui.Branch) layer.Spec {
	return layer.Spec{
		Name: "python", Title: "Python " + archive.Version, Ship: true, Keep: true, Log: log.Header,
		Key: pythonKey{b.common, archive.Version, archive.Checksum()}, Warn: log.Warn, Derived: byteCodeOf,
		Seal: func(ctx context.Context, dir string) (layer.Facts, archives.Manifest, error) {
			listed, err := b.unpack(ctx, archive, dir, log)
			if err != nil {
				return nil, nil, err
			}
			if err := removeListed(dir, listed, desktop...); err != nil {
				return nil, nil, err
			}
			return nil, listed, python.Relocate(dir, listed)
		},
		Finish: func(ctx context.Context, dir string) error {
			return b.compile(ctx, log, unchecked, filepath.Join(dir, "lib"))
		},
		Repeat: func(ctx context.Context, dir string) (archives.Manifest, error) { return b.compileAgain(ctx, log, dir) },
	}
}

type venvKey struct {
	common
	Version   string `json:"Python version"`
	Python    string `json:"archive of Python"`
	UV        string `json:"uv version"`
	Manager   string `json:"way to install"`
	Wanted    string `json:"choice of files and groups"`
	Files     string `json:"contents of the requirements or the lock file"`
	Local     string `json:"contents of local packages"`
	Options   string `json:"options of the requirements or the project"`
	Index     string `json:"settings of the package manager"`
	Installer string `json:"package manager or its pip settings"`
	Pip       string `json:"pip for a hook,omitempty"`
}

// filesField is the one field of venvKey that may change without a new virtual environment: uv installs what is missing.
const filesField = "contents of the requirements or the lock file"

func (b *builder) venvKey(python versions.Release, in installer) (key venvKey, err error) {
	p, from := b.plan.Python, b.plan.Python.Sources
	key = venvKey{common: b.common, Version: python.Version, Python: b.pythonID(python), UV: in.uv.Version, Manager: p.Manager.Name}
	if p.Pip {
		key.Pip = digestOf([]string{manager.PipItself().Tool})
	}
	key.Wanted = fmt.Sprint(p.Wanted)
	key.Index = settingsDigest(b.env, p.Manager.Settings...)
	key.Options = digestOf(slices.Concat(from.Options, from.Args))
	if key.Installer, err = b.digest(in); err != nil {
		return key, err
	}
	if key.Files, err = app.Digest(b.source, from.Files...); err != nil {
		return key, err
	}
	key.Local, err = app.Digest(b.source, from.Local...)
	return key, err
}

func (b *builder) venvSpec(python versions.Release, log *ui.Branch) (layer.Spec, error) {
	in, err := b.newInstaller(log)
	if err != nil {
		return layer.Spec{}, err
	}
	key, err := b.venvKey(python, in)
	start := filesField
	if in.manager.Fresh {
		start = ""
	}
	return layer.Spec{
		Name: "venv", Title: "Python packages", Ship: true, Keep: true, Log: log.Header, Key: key,
		Start: start, Unfit: unrecorded,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Override("VIRTUAL_ENV", dir)
			return vars
		},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if err := b.installPackages(ctx, in, dir, log); err != nil {
				return nil, err
			}
			return distributions(filepath.Join(dir, "lib", "python3.*", "site-packages"))
		},
		Finish: func(ctx context.Context, dir string) error {
			return b.compile(ctx, log, unchecked, filepath.Join(dir, "lib"))
		},
	}, err
}

var distInfo = regexp.MustCompile(`^(.+)-([^-]+)\.(dist|egg)-info$`)

var separators = regexp.MustCompile(`[-_.]+`)

// distributions lists what is installed in a folder site-packages, which may be a pattern: normalised name to version.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func distributions(sitePackages string) (layer.Facts, error) {
	folders, err := filepath.Glob(filepath.Join(sitePackages, "*-info"))
	if err != nil {
		return nil, err
	}
	facts := layer.Facts{}
	for _, folder := range folders {
		if m := distInfo.FindStringSubmatch(filepath.Base(folder)); m != nil {
			facts[strings.ToLower(separators.ReplaceAllString(m[1], "-"))] = m[2]
		}
	}
	return facts, nil
}

// pythonEnv is env with Python and the packages, and with what only the app's own code gets.
func (b *builder) pythonEnv(ctx context.Context, env run.Env) (run.Env, error) {
	env = b.forApp(env)
	for _, made := range []*layer.Made{b.python, b.venv} {
		if _, err := made.Contents(ctx); err != nil {
			return nil, err
		}
		env = made.Env(env)
	}
	return env.WithDefaults(map[string]string{"PYTHONUNBUFFERED": "1"}).With(map[string]string{
		"PYTHONPATH": strings.TrimSuffix(b.modules()+string(os.PathListSeparator)+env["PYTHONPATH"], string(os.PathListSeparator)),
	}), nil
}

// modules is what PYTHONPATH begins with: the app's folder, and that of manage.py, where Django's own packages lie. With both no
// process needs to change its folder (gunicorn --chdir), and relative paths mean the same in the build and in the image.
func (b *builder) modules() string {
	dir, err := app.In(".", b.plan.Manage.Dir)
	if err != nil || strings.ContainsRune(string(dir), os.PathListSeparator) { // the root, or what no such list can name
		return b.root
	}
	return b.root + string(os.PathListSeparator) + filepath.Join(b.root, string(dir))
}
