package devenv

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/run"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// lock describes a lockfile of an example that contains the URL of a package index. It may not be checked in, so it is
// generated when the example is staged.
type lock struct {
	name string
	from []string                                            // files that it is generated from
	make func(e *Env, ctx context.Context, dir string) error // generates it in dir, which has those of from
}

// locks are those of the package managers.
var locks = []lock{
	{"uv.lock", []string{"pyproject.toml"}, pythonLock(manager.UV, "uv", "lock")},
	{"Pipfile.lock", []string{"Pipfile"}, pythonLock(manager.Pipenv, "pipenv", "lock")},
	{"pdm.lock", []string{"pyproject.toml"}, pythonLock(manager.PDM, "pdm", "lock")},
	{"yarn.lock", []string{"package.json"}, lockYarn},
	{"poetry.lock", []string{"pyproject.toml", "poetry.lock"}, lockPoetry},
}

func pythonLock(id manager.ID, argv ...string) func(*Env, context.Context, string) error {
	return func(e *Env, ctx context.Context, dir string) error { return e.PythonTool(ctx, dir, id, argv...) }
}

// lockPoetry leaves the files as they are if the index answers Poetry. Mirrors often have only the pages that pip and
// uv read. Poetry reads those of an index that pyproject.toml names: then the index gets a name there.
func lockPoetry(e *Env, ctx context.Context, dir string) error {
	index := cmp.Or(e.vars["UV_DEFAULT_INDEX"], e.vars["PIP_INDEX_URL"])
	return e.PythonTool(ctx, dir, manager.Poetry, "sh", "-euc", `
poetry() { "$UV_PYTHON" -m poetry "$@"; }
cp poetry.lock checked-in
if poetry lock --regenerate; then exec mv checked-in poetry.lock; fi
index=${0:-$("$UV_PYTHON" -c "import inspect
from poetry.repositories.pypi_repository import PyPiRepository
print(inspect.signature(PyPiRepository.__init__).parameters['url'].default + 'simple/')")}
poetry source add --priority primary index "$index"
poetry lock`, index)
}

// lockYarn installs, since Yarn 1 cannot generate a lockfile alone.
func lockYarn(e *Env, ctx context.Context, dir string) error {
	err := e.NodeTool(ctx, dir, "yarn@1.22.22", "yarn", "install", "--ignore-scripts")
	return errors.Join(err, os.RemoveAll(filepath.Join(dir, "node_modules")))
}

// Stage returns the directory to build app from. It is app itself, unless app is an example that needs generated
// lockfiles: then it is a copy in the directory parent that has them.
func (e *Env) Stage(ctx context.Context, app, parent string) (string, error) {
	app, err := filepath.Abs(app)
	if err != nil {
		return "", err
	}
	missing, err := e.missingLocks(app)
	if err != nil || len(missing) == 0 {
		return app, err
	}
	dir := filepath.Join(parent, filepath.Base(app))
	if err := copyTree(app, dir, false); err != nil {
		return "", err
	}
	for _, l := range missing {
		if err := e.addLock(ctx, dir, l); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// missingLocks returns the locks of an example: those that .gitignore excludes, and that of Poetry, see lockPoetry.
func (e *Env) missingLocks(app string) (missing []lock, err error) {
	examples := filepath.Join(e.Root, "examples")
	if filepath.Dir(app) != examples {
		return nil, nil
	}
	ignored, err := os.ReadFile(filepath.Join(examples, ".gitignore"))
	if err != nil {
		return nil, err
	}
	for _, l := range locks {
		_, absent := os.Stat(filepath.Join(app, l.name))
		listed := strings.Contains("\n"+string(ignored), "\n"+filepath.Base(app)+"/"+l.name+"\n")
		if listed && absent != nil || l.name == "poetry.lock" && absent == nil {
			missing = append(missing, l)
		}
	}
	return missing, nil
}

// addLock puts a lockfile into an app, with the files that it is generated from: Poetry may change one of them. It is
// generated once for equal contents of these.
func (e *Env) addLock(ctx context.Context, app string, l lock) error {
	var sums []string
	for _, name := range l.from {
		sum, err := DigestFile(filepath.Join(app, name))
		if err != nil {
			return err
		}
		sums = append(sums, sum)
	}
	made, err := e.Kept(filepath.Join("lockfiles", l.name+"-"+inputs(sums...)[:16]), func(dir string) error {
		return e.Step("generate "+l.name+" of "+filepath.Base(app), func() error {
			if err := copyFiles(app, dir, l.from); err != nil {
				return err
			}
			return l.make(e, ctx, dir)
		})
	})
	if err != nil {
		return err
	}
	return copyFiles(made, app, append(slices.Clone(l.from), l.name))
}

func copyFiles(from, to string, names []string) error {
	for _, name := range names {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

// NodeTool runs a package manager of Node.js in dir. spec is what npm installs ("pnpm@9.15.9"); "" is npm itself.
func (e *Env) NodeTool(ctx context.Context, dir, spec string, argv ...string) error {
	node, err := e.Runtime(ctx, string(versions.Node))
	if err != nil {
		return err
	}
	home := filepath.Join(e.Home, "node-home") // so that no settings of this machine's user get into a lockfile
	sh := e.shell(dir, run.Env{
		"PATH": filepath.Join(node, "bin") + ":" + e.vars["PATH"], "HOME": home,
		"npm_config_cache": filepath.Join(home, "npm"), "npm_config_update_notifier": "false",
		"YARN_ENABLE_IMMUTABLE_INSTALLS": "false", "YARN_ENABLE_TELEMETRY": "0",
	})
	if spec != "" {
		tool, err := e.Kept(filepath.Join("node-tools", strings.ReplaceAll(spec, "/", "_")), func(out string) error {
			return told(sh.Run(ctx, "npm", "install", "--prefix", out, "--ignore-scripts", "--no-audit", "--no-fund",
				spec))
		})
		if err != nil {
			return err
		}
		// The package of bun's program for one architecture names no commands.
		programs := filepath.Join(tool, "node_modules", spec[:strings.LastIndex(spec, "@")], "bin")
		sh.Env = sh.Env.With(run.Env{
			"PATH": filepath.Join(tool, "node_modules/.bin") + ":" + programs + ":" + sh.Env["PATH"],
		})
	}
	return told(sh.Run(ctx, argv...))
}

// PythonTool runs argv in dir with a package manager of Python, of the version that builds use. uv is on PATH; the
// others are modules of the interpreter UV_PYTHON, which a shell script finds as well.
func (e *Env) PythonTool(ctx context.Context, dir string, id manager.ID, argv ...string) error {
	sh, err := e.uvShell(ctx, dir)
	if err != nil {
		return err
	}
	if tool := manager.Python(id).Data().Tool; tool != "" {
		made, err := e.Kept(fmt.Sprintf("tool-%x", sha256.Sum256([]byte(tool)))[:21], func(out string) error {
			file := filepath.Join(out, "requirements.txt")
			if err := os.WriteFile(file, []byte(tool), 0o644); err != nil {
				return err
			}
			// Not an environment: Kept moves the directory, and the programs of an environment contain its path.
			return told(sh.Run(ctx, "uv", "pip", "install", "--no-config", "--require-hashes", "--requirements", file,
				"--target", filepath.Join(out, "lib")))
		})
		if err != nil {
			return err
		}
		sh.Env = sh.Env.With(run.Env{
			"PYTHONPATH": filepath.Join(made, "lib"), "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_VERBOSITY": "-1",
			"PIPENV_CACHE_DIR": filepath.Join(e.Home, "pipenv"), "WORKON_HOME": filepath.Join(e.Home, "pipenv"),
			"POETRY_CACHE_DIR": filepath.Join(e.Home, "poetry"), "PDM_CACHE_DIR": filepath.Join(e.Home, "pdm"),
			"PDM_CHECK_UPDATE": "0", "PDM_PYTHON": sh.Env["UV_PYTHON"],
		})
		if argv[0] == string(id) {
			argv = append([]string{sh.Env["UV_PYTHON"], "-m"}, argv...)
		}
	}
	return told(sh.Run(ctx, argv...))
}

// uvShell returns a shell with the uv that builds use on PATH, and the default Python for it.
func (e *Env) uvShell(ctx context.Context, dir string) (run.Shell, error) {
	uv, err := e.Kept("uv-"+uvVersion, func(dir string) error { return e.fillUV(ctx, uvVersion, "", dir) })
	if err != nil {
		return run.Shell{}, err
	}
	sh := e.shell(dir, run.Env{
		"PATH": uv + ":" + e.vars["PATH"], "UV_CACHE_DIR": filepath.Join(e.Home, "uv-cache"), "UV_SYSTEM_CERTS": "true",
	})
	python, err := e.Runtime(ctx, string(versions.Python))
	if runtime.GOOS == "linux" {
		python = filepath.Join(python, "bin/python3")
	} else { // that one runs on Linux only
		python, err = sh.Output(ctx, "uv", "python", "find", "--no-project", versions.Python.DefaultSeries())
	}
	sh.Env = sh.Env.With(run.Env{"UV_PYTHON": strings.TrimSpace(python)})
	return sh, told(err)
}
