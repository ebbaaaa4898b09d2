package devenv

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// A lockKind is a lock file that names the address of a package index, and so is made when an example is staged.
type lockKind struct {
	name   string
	root   bool                                      // only for the app's root folder
	wanted func(dir string) (bool, error)            // in this folder it has to be made
	from   []string                                  // files it is made from
	make   func(*Env, context.Context, string) error // makes it in a copy of the folder
	files  []string                                  // what of the copy counts then
}

var lockKinds = []lockKind{
	{"uv", true, wantsUVLock, []string{"pyproject.toml"}, (*Env).uvLock, []string{"uv.lock"}},
	{"pipenv", true, wantsPipenvLock, []string{"Pipfile"}, (*Env).pipenvLock, []string{"Pipfile.lock"}},
	{"poetry", true, wantsPoetryLock, []string{"pyproject.toml", "poetry.lock"}, (*Env).poetryLock, []string{"pyproject.toml", "poetry.lock"}},
	{"yarn", false, wantsYarnLock, []string{"package.json"}, (*Env).yarnLock, []string{"yarn.lock"}},
}

// A wantedLock is one of a folder of an app.
type wantedLock struct {
	lockKind
	dir string // relative to the app's root folder
}

func wantedLocks(app string) (all []wantedLock, err error) {
	err = filepath.WalkDir(app, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if d.Name() == "node_modules" {
			return fs.SkipDir
		}
		for _, kind := range lockKinds {
			if kind.root && path != app {
				continue
			}
			wanted, err := kind.wanted(path)
			if err != nil {
				return err
			}
			if dir, err := filepath.Rel(app, path); err != nil {
				return err
			} else if wanted {
				all = append(all, wantedLock{kind, dir})
			}
		}
		return nil
	})
	return all, err
}

// makeLock puts the lock into app's folder; it is made once for equal contents of what it is made from.
func (e *Env) makeLock(ctx context.Context, app string, lock wantedLock) error {
	dir := filepath.Join(app, lock.dir)
	var sums []string
	for _, name := range lock.from {
		sum, err := digestFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		sums = append(sums, sum)
	}
	made, err := e.kept(filepath.Join("locks", lock.name+"-"+inputs(sums...)[:16]), func(out string) error {
		return e.step("lock the packages of "+filepath.Base(dir)+" for "+lock.name, func() error {
			project := filepath.Join(out, "project")
			if err := copyTree(dir, project, false); err != nil {
				return err
			}
			if err := lock.make(e, ctx, project); err != nil {
				return err
			}
			return keepFiles(project, out, lock.files)
		})
	})
	if err != nil {
		return err
	}
	for _, name := range lock.files {
		if err := copyFile(filepath.Join(made, name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// keepFiles moves files of project to out and removes the rest.
func keepFiles(project, out string, files []string) error {
	for _, name := range files {
		if err := os.Rename(filepath.Join(project, name), filepath.Join(out, name)); err != nil {
			return err
		}
	}
	return os.RemoveAll(project)
}

func has(dir string, names ...string) (bool, error) {
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	return false, nil
}

// wantsUVLock: a project for uv with nothing locked and no requirements.
func wantsUVLock(dir string) (bool, error) {
	if found, err := has(dir, "uv.lock", "requirements.txt", "poetry.lock", "Pipfile"); found || err != nil {
		return false, err
	}
	content, err := os.ReadFile(filepath.Join(dir, "pyproject.toml"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	var project struct{ Project map[string]any }
	if _, err := toml.Decode(string(content), &project); err != nil {
		return false, nil // some examples are broken on purpose
	}
	return project.Project != nil, nil
}

func (e *Env) uvLock(ctx context.Context, dir string) error {
	sh, err := e.uvShell(ctx, dir)
	if err != nil {
		return err
	}
	return told(sh.Run(ctx, "uv", "lock"))
}

func wantsPipenvLock(dir string) (bool, error) {
	if found, err := has(dir, "Pipfile"); !found || err != nil {
		return false, err
	}
	found, err := has(dir, "Pipfile.lock")
	return !found, err
}

func (e *Env) pipenvLock(ctx context.Context, dir string) error {
	return e.PythonTool(ctx, dir, manager.Pipenv, "pipenv", "lock")
}

func wantsPoetryLock(dir string) (bool, error) { return has(dir, "poetry.lock") }

// poetryLock leaves the lock that is checked in where the index answers Poetry. Mirrors often have only the pages that pip and uv
// read, and Poetry reads those of an index that is named in pyproject.toml: then it gets a name there, and the packages a lock of it.
func (e *Env) poetryLock(ctx context.Context, dir string) error {
	file := filepath.Join(dir, "poetry.lock")
	lock, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sh, python, err := e.pythonTool(ctx, dir, manager.Poetry)
	if err != nil {
		return err
	}
	if sh.Run(ctx, python, "-m", "poetry", "lock", "--regenerate") == nil {
		return os.WriteFile(file, lock, 0o644)
	}
	index, err := sh.Output(ctx, python, "-c", poetryIndex)
	if err != nil {
		return told(err)
	}
	index = firstSet(e.vars["UV_DEFAULT_INDEX"], e.vars["PIP_INDEX_URL"], strings.TrimSpace(index))
	if err := told(sh.Run(ctx, python, "-m", "poetry", "source", "add", "--priority", "primary", "index", index)); err != nil {
		return err
	}
	return told(sh.Run(ctx, python, "-m", "poetry", "lock"))
}

// poetryIndex prints the address at which the index that Poetry uses has its pages for pip.
const poetryIndex = "import inspect\nfrom poetry.repositories.pypi_repository import PyPiRepository\n" +
	"print(inspect.signature(PyPiRepository.__init__).parameters['url'].default + 'simple/')"

// wantsYarnLock: package.json names Yarn in packageManager, and there is no lock.
func wantsYarnLock(dir string) (bool, error) {
	version, err := yarnVersion(dir)
	if version == "" || err != nil {
		return false, err
	}
	found, err := has(dir, "yarn.lock")
	return !found, err
}

// yarnVersion is the one that packageManager names; "": none.
func yarnVersion(dir string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	var content struct{ PackageManager string }
	if json.Unmarshal(data, &content) != nil {
		return "", nil // some examples are broken on purpose
	}
	version, ok := strings.CutPrefix(content.PackageManager, "yarn@")
	if !ok {
		return "", nil
	}
	version, _, _ = strings.Cut(version, "+")
	return version, nil
}

// yarnLock installs, since not every Yarn can make a lock alone.
func (e *Env) yarnLock(ctx context.Context, dir string) error {
	version, err := yarnVersion(dir)
	if err != nil {
		return err
	}
	spec, argv := "@yarnpkg/cli-dist@"+version, []string{"yarn", "install"}
	if strings.HasPrefix(version, "1.") {
		spec, argv = "yarn@"+version, []string{"yarn", "install", "--ignore-scripts"}
	}
	if err := os.WriteFile(filepath.Join(dir, "yarn.lock"), nil, 0o644); err != nil { // by it Yarn 2 and later know a project
		return err
	}
	return e.NodeTool(ctx, dir, spec, argv...)
}
