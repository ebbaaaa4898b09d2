package integration

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/sclevine/spec"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// serve.py says what is installed, and that a module of the app's own can be imported.
const listing = `
-- Procfile --
web: python serve.py
-- serve.py --
import http.server, importlib, importlib.metadata, os
lines = sorted(f"{d.metadata['Name'].lower()}=={d.version}" for d in importlib.metadata.distributions())
for name in ("mine", "yours"):
    try:
        lines.append(f"{name} says {importlib.import_module(name).word}")
    except ImportError:
        pass
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write("<br>\n".join(lines).encode())
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
`

const localSetup = `
-- libs/mine/pyproject.toml --
[project]
name = "mine"
version = "1.5"
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
-- libs/mine/mine.py --
word = "hello"
`

const sixHash = "--hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"

// pythonApps are apps of each way to describe Python packages. page is in the running app's list, notPage is not.
var pythonApps = []struct {
	name, files   string
	lock          func(t *testing.T, dir string)
	env           map[string]string
	log, notLog   []string
	page, notPage []string
	leftovers     bool // the sources of a local package may not be changed
}{
	{
		name: "requirements that include others, with a constraint",
		files: "-- requirements.txt --\n-r deps/base.txt\n-c deps/limits.txt\n-- deps/base.txt --\nsix\n" +
			"-- deps/limits.txt --\nsix<1.17\n",
		log: []string{"uv pip install", "--requirements requirements.txt"}, page: []string{"six==1.16.0"},
	},
	{
		name: "requirements with hashes", files: "-- requirements.txt --\nsix==1.17.0 " + sixHash + "\n",
		log: []string{"--require-hashes"}, page: []string{"six==1.17.0"},
	},
	{
		name: "local requirements, one of them editable",
		files: "-- requirements.txt --\n./libs/mine\n-e ./libs/yours\n" + localSetup +
			strings.ReplaceAll(localSetup, "mine", "yours"),
		page: []string{"mine==1.5", "mine says hello", "yours==1.5", "yours says hello"}, leftovers: true,
	},
	{
		name: "a package of a repository", files: "-- requirements.txt --\nmine @ git+REPOSITORY/mine.git@v1\n",
		lock: fromRepository, log: []string{"between machines): mine"}, page: []string{"mine==1.5", "mine says hello"},
	},
	{
		name:  "wheels in the app and no index",
		files: "-- requirements.txt --\n--no-index\n--find-links ./wheels\nsix\n", lock: wheels("six==1.16.0"),
		page: []string{"six==1.16.0"},
	},
	{
		name: "a wheel that is named", files: "-- requirements.txt --\n./wheels/six-1.16.0-py2.py3-none-any.whl\n",
		lock: wheels("six==1.16.0"), page: []string{"six==1.16.0"},
	},
	{
		name: "pip itself",
		files: "-- requirements.txt --\nsix\n./libs/mine\n-e ./libs/yours\n" + localSetup +
			strings.ReplaceAll(localSetup, "mine", "yours"),
		env: map[string]string{"BP_PYTHON_INSTALLER": "pip", "PIP_CONSTRAINT": "limits.txt"},
		lock: func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, "limits.txt"), "six<1.17\n")
		},
		log:  []string{"Installing pip itself", "$ pip install --no-compile"},
		page: []string{"six==1.16.0", "mine says hello", "yours says hello"}, leftovers: true,
	},
	{
		name: "pip's variables", files: "-- requirements.txt --\nsix\n-- limits.txt --\nsix<1.17\n",
		env: map[string]string{"PIP_CONSTRAINT": "limits.txt", "PIP_PREFER_BINARY": "1", "PIP_NO_BINARY": ":none:"},
		log: []string{"uv has no option --prefer-binary (PIP_PREFER_BINARY)"}, page: []string{"six==1.16.0"},
	},
	{
		name: "a uv workspace with extras and groups", files: `
-- pyproject.toml --
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["six==1.16.0", "mine"]
[project.optional-dependencies]
fast = ["attrs==24.3.0"]
[dependency-groups]
dev = ["iniconfig"]
prod = ["itsdangerous"]
[tool.uv]
exclude-newer = "1 week"
[tool.uv.sources]
mine = { workspace = true }
[tool.uv.workspace]
members = ["libs/*"]
` + localSetup, lock: locked(manager.UV, "uv", "lock"),
		env:     map[string]string{"BP_PYTHON_EXTRAS": "fast", "BP_PYTHON_GROUPS": "prod"},
		log:     []string{"--extra fast --group prod"},
		page:    []string{"six==1.16.0", "attrs==24.3.0", "itsdangerous==", "mine==1.5", "mine says hello"},
		notPage: []string{"iniconfig"}, leftovers: true,
	},
	{
		name: "a member of a uv workspace", files: `
-- pyproject.toml --
[tool.uv.workspace]
members = ["webapp", "libs/*"]
-- webapp/pyproject.toml --
[project]
name = "webapp"
version = "1"
requires-python = ">=3.12"
dependencies = ["six==1.16.0", "mine"]
[dependency-groups]
prod = ["itsdangerous"]
[tool.uv.sources]
mine = { workspace = true }
-- webapp/uv.lock --
version = 1
requires-python = ">=3.9"
-- libs/docs/pyproject.toml --
[project]
name = "docs"
version = "1"
requires-python = ">=3.10"
dependencies = ["iniconfig"]
` + localSetup, lock: locked(manager.UV, "uv", "lock"),
		env: map[string]string{"BP_PYTHON_PACKAGE": "webapp", "BP_PYTHON_GROUPS": "prod"},
		log: []string{"uv sync --locked --no-default-groups --package webapp --group prod",
			"webapp/uv.lock is not used"},
		page:    []string{"six==1.16.0", "itsdangerous==", "mine==1.5", "mine says hello"},
		notPage: []string{"iniconfig"}, leftovers: true,
	},
	{
		name: "a project without a lock, which is a package", files: `
-- pyproject.toml --
[project]
name = "mine"
version = "2.5"
requires-python = ">=3.10"
dependencies = ["six==1.16.0"]
[project.optional-dependencies]
fast = ["attrs==24.3.0"]
[dependency-groups]
dev = ["iniconfig"]
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
-- src/mine/__init__.py --
word = "root"
`, env: map[string]string{"BP_PYTHON_EXTRAS": "fast"},
		log: []string{"no lockfile, so the versions may differ",
			"--requirements pyproject.toml --extra fast --editable ."},
		page: []string{"six==1.16.0", "attrs==24.3.0", "mine==2.5", "mine says root"}, notPage: []string{"iniconfig"},
		leftovers: true,
	},
	{
		name: "pylock.toml", files: `
-- pyproject.toml --
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["six==1.16.0", "mine"]
[tool.uv.sources]
mine = { path = "libs/mine" }
` + localSetup, lock: locked(manager.UV, "sh", "-euc",
			"uv lock && uv export --format pylock.toml --no-emit-project --output-file pylock.toml && rm uv.lock"),
		log:  []string{"--no-deps --requirements pylock.toml"},
		page: []string{"six==1.16.0", "mine==1.5", "mine says hello"}, leftovers: true,
	},
	{
		name: "another uv",
		files: "-- pyproject.toml --\n[project]\nname = \"app\"\nversion = \"1\"\nrequires-python = \">=3.10\"\n" +
			"dependencies = [\"six==1.16.0\"]\n",
		lock: func(t *testing.T, dir string) {
			locked(manager.UV, "uv", "lock")(t, dir)
			more(t, filepath.Join(dir, "pyproject.toml"), "[tool.uv]\nrequired-version = \"<0.12,>=0.9\"\n")
		},
		log: []string{"uv <0.12,>=0.9 is required by the app"}, page: []string{"six==1.16.0"},
	},
	{
		name: "Poetry without a package", files: `
-- pyproject.toml --
[project]
name = "app"
version = "1"
requires-python = ">=3.10"
dependencies = ["six (==1.16.0)"]
[project.optional-dependencies]
fast = ["attrs"]
[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
six = { path = "wheels/six-1.16.0-py2.py3-none-any.whl" }
attrs = { path = "wheels/attrs-24.3.0-py3-none-any.whl", optional = true }
[tool.poetry.group.dev.dependencies]
iniconfig = { path = "wheels/iniconfig-2.0.0-py3-none-any.whl" }
[tool.poetry.group.prod.dependencies]
itsdangerous = { path = "wheels/itsdangerous-2.2.0-py3-none-any.whl" }
`, lock: poetryLock, env: map[string]string{"BP_PYTHON_EXTRAS": "fast", "BP_PYTHON_GROUPS": "prod"},
		log: []string{"Installing Poetry itself",
			"poetry export --format requirements.txt --without-urls --only main,prod --extras fast",
			"--no-deps --requirements poetry.lock.txt"},
		page: []string{"six==1.16.0", "attrs==24.3.0", "itsdangerous==2.2.0"}, notPage: []string{"iniconfig", "poetry"},
	},
	{
		name: "Poetry with the app as a package", files: `
-- pyproject.toml --
[tool.poetry]
name = "mine"
version = "2.5"
description = ""
authors = []
[tool.poetry.dependencies]
python = "^3.10"
six = { path = "wheels/six-1.16.0-py2.py3-none-any.whl" }
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
-- src/mine/__init__.py --
word = "root"
`, lock: poetryLock, page: []string{"six==1.16.0", "mine==2.5", "mine says root"}, leftovers: true,
	},
	{
		name: "PDM", files: `
-- pyproject.toml --
[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = ["six==1.16.0"]
[project.optional-dependencies]
fast = ["attrs==24.3.0"]
[dependency-groups]
docs = ["iniconfig"]
prod = ["itsdangerous==2.2.0"]
[tool.pdm]
distribution = false
`, lock: locked(manager.PDM, "pdm", "lock", "-G:all"), env: map[string]string{
			"BP_PYTHON_EXTRAS": "fast", "BP_PYTHON_GROUPS": "default,prod"},
		log: []string{"Installing PDM itself", "pdm lock --check", "pdm export --format requirements -G prod -G fast",
			"--no-deps --requirements pdm.lock.txt"},
		page:    []string{"six==1.16.0", "attrs==24.3.0", "itsdangerous==2.2.0"},
		notPage: []string{"iniconfig", "pdm", "shop"},
	},
	{
		// iniconfig is built from source by hatch-vcs too, and keeps its version.
		name: "versions from git", files: `
-- requirements.txt --
--no-binary iniconfig
iniconfig==2.0.0
./libs/price
-e .
-- pyproject.toml --
[project]
name = "shop"
dynamic = ["version"]
[build-system]
requires = ["setuptools", "setuptools-scm"]
build-backend = "setuptools.build_meta"
[tool.setuptools]
py-modules = []
[tool.setuptools_scm]
-- libs/price/pyproject.toml --
[project]
name = "price"
dynamic = ["version"]
[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"
[tool.hatch.version]
source = "vcs"
-- libs/price/price/__init__.py --
`, log: []string{"the app's version comes from git", "the version of libs/price comes from git"},
		page: []string{"iniconfig==2.0.0", "price==0.0.0", "shop==0.0.0"},
	},
	{
		name: "Pipenv",
		files: "-- Pipfile --\n[packages]\nsix = \"==1.16.0\"\nmine = {path = \"./libs/mine\", editable = true}\n" +
			"[dev-packages]\niniconfig = \"*\"\n[extra]\nattrs = \"==24.3.0\"\n" + localSetup,
		lock: locked(manager.Pipenv, "pipenv", "lock"), env: map[string]string{"BP_PYTHON_GROUPS": "extra"},
		log: []string{"Installing Pipenv itself", "pipenv verify",
			"pipenv requirements --hash --categories 'packages extra'"},
		page: []string{"six==1.16.0", "attrs==24.3.0", "mine says hello"}, notPage: []string{"iniconfig", "pipenv"},
		leftovers: true,
	},
}

// Each is built from nothing and from its caches alone; those with local packages, which are built and not only
// unpacked, a third time, from nothing again, which must give the same bytes.
func TestPythonManagers(t *testing.T) {
	t.Parallel()
	spec.Run(t, "manager", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range pythonApps {
			it(c.name, func() {
				files := map[string]string{}
				for _, f := range txtar.Parse([]byte(listing + c.files)).Files {
					files[f.Name] = string(f.Data)
				}
				dir := write(t, files)
				if c.lock != nil {
					c.lock(t, dir)
					// of the tool that has made the lock
					if err := removeAll(dir, "libs/mine/mine.egg-info"); err != nil {
						t.Fatal(err)
					}
				}
				p := warm(t)
				var first map[string]string
				rounds := 2
				if c.leftovers {
					rounds = 3
				}
				for round := range rounds {
					log := mustBuild(t, p, devenv.Build{App: dir, Env: c.env})
					switch round {
					case 0:
						contains(t, log, c.log, c.notLog)
						page(t, p, c.page, c.notPage)
						first = ids(t, p)
					case 1:
						contains(t, log, []string{"Python packages: unchanged, cached"}, nil)
						page(t, p, c.page, c.notPage)
					case 2:
						if second := ids(t, p); !maps.Equal(first, second) {
							t.Errorf("another build gives other bytes: %v, %v", first, second)
						}
					}
					if c.leftovers {
						noLeftovers(t, p)
					}
					if round == 0 {
						if err := p.Restore(); err != nil {
							t.Fatal(err)
						}
					} else if err := p.Rewind(); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}, spec.Parallel())
}

// noLeftovers: setuptools writes beside the sources of a local package.
func noLeftovers(t *testing.T, p *devenv.Phases) {
	t.Helper()
	for _, name := range []string{"build", "*.egg-info", "libs/*/build", "libs/*/*.egg-info", "src/*.egg-info"} {
		if found, err := filepath.Glob(filepath.Join(p.Dir, "app", name)); err != nil || len(found) > 0 {
			t.Errorf("the installation left %v in the app (%v)", found, err)
		}
	}
}

func page(t *testing.T, p *devenv.Phases, want, notWant []string) {
	t.Helper()
	server, err := p.Serve(t.Context(), "web", nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := fetch(t.Context(), server.URL, "text/html")
	if err != nil {
		t.Error(err)
	}
	contains(t, body, want, notWant)
	if err := server.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// ids are the digests of what was made for the image.
func ids(t *testing.T, p *devenv.Phases) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range []string{"python", "venv"} {
		var layer struct{ Metadata struct{ ID string } }
		if _,
			err := toml.DecodeFile(filepath.Join(p.Layers, name+".toml"), &layer); err != nil ||
			layer.Metadata.ID == "" {
			t.Fatalf("layer %s has no id: %v", name, err)
		}
		out[name] = layer.Metadata.ID
	}
	return out
}

// locked makes a lock file, which is not in the repository since it holds the address of a package index.
func locked(m manager.ID, argv ...string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		if err := env.PythonTool(t.Context(), dir, m, argv...); err != nil {
			t.Fatal(err)
		}
	}
}

// wheels puts real packages into the app.
func wheels(requirements ...string) func(*testing.T, string) {
	return locked(manager.Pip, append([]string{"pip", "download", "--no-deps", "--dest", "wheels"}, requirements...)...)
}

// poetryLock locks packages that lie in the app: Poetry asks the public index in another way than pip and uv, which
// mirrors do not know.
func poetryLock(t *testing.T, dir string) {
	t.Helper()
	wheels("six==1.16.0", "attrs==24.3.0", "itsdangerous==2.2.0", "iniconfig==2.0.0")(t, dir)
	locked(manager.Poetry, "poetry", "lock")(t, dir)
}

// fromRepository serves the package mine from one of git's own, as any web server can, and names it in
// requirements.txt.
func fromRepository(t *testing.T, dir string) {
	t.Helper()
	source, root := t.TempDir(), t.TempDir()
	for _, file := range txtar.Parse([]byte(localSetup)).Files {
		put(t, filepath.Join(source, strings.TrimPrefix(file.Name, "libs/mine/")), string(file.Data))
	}
	for _, argv := range [][]string{
		{"git", "init", "--quiet"}, {"git", "add", "."},
		{"git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "one"},
		{"git", "tag", "v1"},
		{"git", "clone", "--quiet", "--bare", ".", filepath.Join(root, "mine.git")},
		{"git", "--git-dir", filepath.Join(root, "mine.git"), "update-server-info"},
	} {
		typed(t, source, argv...)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(root)))
	t.Cleanup(server.Close)
	put(t, filepath.Join(dir, "requirements.txt"),
		strings.ReplaceAll(read(t, filepath.Join(dir, "requirements.txt")), "REPOSITORY", server.URL))
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func more(t *testing.T, path, text string) {
	t.Helper()
	put(t, path, read(t, path)+text)
}
