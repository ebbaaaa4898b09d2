package build

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/buildpacks/libcnb/v2"
	"github.com/paketo-buildpacks/libpak/v2"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/deps"
	"github.com/tandem-cnb/tandem/internal/layer"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// pythonBranch makes the interpreter and the packages of Python, and imports the settings with them.
func (b *builder) pythonBranch(ctx context.Context, log *ui.Branch) error {
	err := log.Timed("Python", func() error {
		_, err := b.python.Contents(ctx)
		return err
	})
	if err != nil {
		return err
	}
	err = log.Timed("Python packages", func() error {
		_, err := b.venv.Contents(ctx)
		b.uvCache.Grown()
		return err
	})
	if err != nil {
		return err
	}
	if b.installed.Packages, err = b.venv.Facts(ctx); err != nil {
		return err
	}
	return log.Timed("import the settings", func() error { return b.importSettings(ctx, log) })
}

// declarePython says what Python's layers are. Nothing is made yet.
func (b *builder) declarePython(log *ui.Branch) (err error) {
	runtime, archive, err := b.pythonSpec(log)
	if err != nil {
		return err
	}
	if b.python, err = b.set.Make(runtime); err != nil {
		return err
	}
	if b.uvCache, err = b.set.Make(b.cacheSpec("uv", "uv's downloads", log)); err != nil {
		return err
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

func (b *builder) pythonSpec(log *ui.Branch) (layer.Spec, libpak.BuildModuleDependency, error) {
	archive, err := b.resolve("cpython", b.plan.Python.Version)
	if err != nil {
		return layer.Spec{}, archive, err
	}
	log.Header("Python %s, from %s", archive.Version, b.plan.Python.Version.Source)
	return layer.Spec{
		Name: "python", Title: "Python " + archive.Version, Ship: true, Keep: true, Log: log.Header,
		Key: pythonKey{b.common, archive.Version, string(archive.GetChecksum())},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if err := b.unpack(ctx, archive, dir, log); err != nil {
				return nil, err
			}
			if err := deps.RelocatePython(dir); err != nil {
				return nil, err
			}
			return nil, b.compile(ctx, dir, log)
		},
	}, archive, nil
}

// compile makes the standard library's byte code, which python-build-standalone leaves out: without it every start of a
// container would compile it again. Hash-based files depend on the source's contents alone.
// https://docs.python.org/3/reference/import.html#pyc-invalidation
func (b *builder) compile(ctx context.Context, dir string, log *ui.Branch) error {
	out := log.Output()
	defer out.Close()
	sh := run.Shell{Dir: b.scratch, Env: b.env, Out: out}
	libraries, err := filepath.Glob(filepath.Join(dir, "lib", "python3.*"))
	if err != nil {
		return err
	}
	argv := []string{filepath.Join(dir, "bin", "python3"), "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash"}
	return sh.Run(ctx, append(argv, libraries...)...)
}

type venvKey struct {
	common
	Version string `json:"Python version"`
	Python  string `json:"archive of Python"`
	UV      string `json:"uv version"`
	Manager string `json:"way to install"`
	Files   string `json:"contents of the requirements or the lock file"`
	Index   string `json:"settings of uv"`
}

func (b *builder) venvSpec(python libpak.BuildModuleDependency, log *ui.Branch) (layer.Spec, error) {
	uv, err := b.deps.Resolve(deps.Want{ID: "uv", Arch: b.common.Arch})
	if err != nil {
		return layer.Spec{}, err
	}
	files, err := app.Digest(b.source, b.plan.Python.Files...)
	key := venvKey{b.common, python.Version, string(python.GetChecksum()), uv.Version, b.plan.Python.Manager, files, settingsDigest(b.env, "UV_")}
	return layer.Spec{
		Name: "venv", Title: "Python packages", Ship: true, Keep: true, Log: log.Header, Key: key,
		Vars: func(dir string) libcnb.Environment {
			vars := libcnb.Environment{}
			vars.Override("VIRTUAL_ENV", dir)
			return vars
		},
		Fill: func(ctx context.Context, dir string) (layer.Facts, error) {
			if err := b.installPackages(ctx, uv, dir, log); err != nil {
				return nil, err
			}
			return distributions(dir)
		},
	}, err
}

var distInfo = regexp.MustCompile(`^(.+)-([^-]+)\.(dist|egg)-info$`)

var separators = regexp.MustCompile(`[-_.]+`)

// distributions lists what is installed in a virtual environment: normalised name to version.
// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
func distributions(venv string) (layer.Facts, error) {
	folders, err := filepath.Glob(filepath.Join(venv, "lib", "python3.*", "site-packages", "*-info"))
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

// pythonEnv is env with Python and the packages.
func (b *builder) pythonEnv(ctx context.Context, env run.Env) (run.Env, error) {
	for _, made := range []*layer.Made{b.python, b.venv} {
		if _, err := made.Contents(ctx); err != nil {
			return nil, err
		}
		env = made.Env(env)
	}
	return env.WithDefaults(map[string]string{"PYTHONUNBUFFERED": "1"}).With(map[string]string{
		"PYTHONPATH": strings.TrimSuffix(b.root+string(os.PathListSeparator)+env["PYTHONPATH"], string(os.PathListSeparator)),
	}), nil
}
