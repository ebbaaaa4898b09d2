package devenv

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// lock describes files of an example that contain the URL of a package index. They may not be checked in, so they are
// generated when the example is staged.
type lock struct {
	files []string                                            // the last one is the lockfile
	from  []string                                            // files that they are generated from
	make  func(e *Env, ctx context.Context, dir string) error // generates files in dir, which has those of from
}

// locks are those of the package managers, by the name of the lockfile.
var locks = []lock{
	{[]string{"uv.lock"}, []string{"pyproject.toml"}, (*Env).lockUV},
	{[]string{"Pipfile.lock"}, []string{"Pipfile"}, (*Env).lockPipenv},
	{[]string{"yarn.lock"}, []string{"package.json"}, (*Env).lockYarn},
	{[]string{"pyproject.toml", "poetry.lock"}, []string{"pyproject.toml", "poetry.lock"}, (*Env).lockPoetry},
}

func (l lock) name() string { return l.files[len(l.files)-1] }

// Stage returns the directory to build app from, and a function that removes it again. It is app itself, unless app is
// an example that needs generated lockfiles: then it is a copy that has them.
func (e *Env) Stage(ctx context.Context, app string) (dir string, remove func() error, err error) {
	if app, err = filepath.Abs(app); err != nil {
		return "", nil, err
	}
	missing, err := e.missingLocks(app)
	if err != nil || len(missing) == 0 {
		return app, func() error { return nil }, err
	}
	parent, err := os.MkdirTemp("", "tandem-stage-")
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(parent) }
	dir = filepath.Join(parent, filepath.Base(app))
	err = copyTree(app, dir, false)
	for _, l := range missing {
		if err == nil {
			err = e.addLock(ctx, dir, l)
		}
	}
	if err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return dir, remove, nil
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
		_, absent := os.Stat(filepath.Join(app, l.name()))
		listed := strings.Contains("\n"+string(ignored), "\n"+filepath.Base(app)+"/"+l.name()+"\n")
		if listed && absent != nil || l.name() == "poetry.lock" && absent == nil {
			missing = append(missing, l)
		}
	}
	return missing, nil
}

// addLock puts the files of a lock into an app. They are generated once for equal contents of the file from.
func (e *Env) addLock(ctx context.Context, app string, l lock) error {
	var sums []string
	for _, name := range l.from {
		sum, err := digestFile(filepath.Join(app, name))
		if err != nil {
			return err
		}
		sums = append(sums, sum)
	}
	made, err := e.kept(filepath.Join("locks", l.name()+"-"+inputs(sums...)[:16]), func(out string) error {
		return e.step("generate "+l.name()+" of "+filepath.Base(app), func() error {
			return e.scratch(func(dir string) error {
				if err := copyFiles(app, dir, l.from); err != nil {
					return err
				}
				if err := l.make(e, ctx, dir); err != nil {
					return err
				}
				return copyFiles(dir, out, l.files)
			})
		})
	})
	if err != nil {
		return err
	}
	return copyFiles(made, app, l.files)
}

func copyFiles(from, to string, names []string) error {
	for _, name := range names {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

func (e *Env) lockUV(ctx context.Context, dir string) error {
	return e.PythonTool(ctx, dir, manager.UV, "uv", "lock")
}

func (e *Env) lockPipenv(ctx context.Context, dir string) error {
	return e.PythonTool(ctx, dir, manager.Pipenv, "pipenv", "lock")
}

// lockPoetry leaves the files as they are if the index answers Poetry. Mirrors often have only the pages that pip and
// uv read. Poetry reads those of an index that pyproject.toml names: then the index gets a name there.
func (e *Env) lockPoetry(ctx context.Context, dir string) error {
	sh, python, err := e.pythonTool(ctx, dir, manager.Poetry)
	if err != nil {
		return err
	}
	index := cmp.Or(e.vars["UV_DEFAULT_INDEX"], e.vars["PIP_INDEX_URL"])
	return told(sh.Run(ctx, "sh", "-euc", `
cp poetry.lock checked-in
if "$0" -m poetry lock --regenerate; then exec mv checked-in poetry.lock; fi
index=${1:-$("$0" -c "import inspect
from poetry.repositories.pypi_repository import PyPiRepository
print(inspect.signature(PyPiRepository.__init__).parameters['url'].default + 'simple/')")}
"$0" -m poetry source add --priority primary index "$index"
"$0" -m poetry lock`, python, index))
}

// lockYarn installs, since Yarn 1 cannot generate a lockfile alone.
func (e *Env) lockYarn(ctx context.Context, dir string) error {
	content, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return err
	}
	var project struct{ PackageManager string } // yarn@1.22.22, maybe with a checksum after a plus sign
	if err := json.Unmarshal(content, &project); err != nil {
		return fmt.Errorf("parse package.json: %w", err)
	}
	version, _, _ := strings.Cut(project.PackageManager, "+")
	return e.NodeTool(ctx, dir, version, "yarn", "install", "--ignore-scripts")
}
