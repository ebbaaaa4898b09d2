package integration

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// poetryApp has what an export must say: an extra, a group, a marker and the app itself with a script. Local packages
// are not among it: Poetry would ask the index for their build backend in a way that mirrors do not know. list.py says what an environment has.
const poetryApp = `
-- pyproject.toml --
[project]
name = "mine"
version = "2.5"
requires-python = ">=3.10"
dependencies = ["six", "iniconfig ; sys_platform == 'win32'"]
[project.optional-dependencies]
fast = ["attrs"]
[project.scripts]
greet = "mine:greet"
[tool.poetry]
packages = [{ include = "mine", from = "src" }]
[tool.poetry.dependencies]
six = { path = "wheels/six-1.16.0-py2.py3-none-any.whl" }
attrs = { path = "wheels/attrs-24.3.0-py3-none-any.whl", optional = true }
iniconfig = { path = "wheels/iniconfig-2.0.0-py3-none-any.whl" }
[tool.poetry.group.prod.dependencies]
itsdangerous = { path = "wheels/itsdangerous-2.2.0-py3-none-any.whl" }
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
-- src/mine/__init__.py --
word = "root"
def greet():
    print(word)
-- list.py --
import glob, importlib.metadata, json, os, sys
site, = glob.glob(os.path.join(sys.argv[1], "lib/python3*/site-packages"))
for d in sorted(importlib.metadata.distributions(path=[site]), key=lambda d: d.metadata["Name"]):
    url = json.loads(d.read_text("direct_url.json") or "{}")
    kind = "editable" if url.get("dir_info", {}).get("editable") else ""
    scripts = [e.name for e in d.entry_points if os.path.exists(os.path.join(sys.argv[1], "bin", e.name))]
    print(d.metadata["Name"], d.version, kind, *scripts)
`

// What uv installs from an export is what Poetry installs.
func TestPoetryAndItsExportInstallTheSame(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(listing + poetryApp)).Files {
		files[f.Name] = string(f.Data)
	}
	dir := write(t, files)
	poetryLock(t, dir)
	p := warm(t)
	vars := map[string]string{"BP_PYTHON_EXTRAS": "fast", "BP_PYTHON_GROUPS": "main,prod"}
	contains(
		t,
		mustBuild(t, p, devenv.Build{App: dir, Env: vars}),
		[]string{"poetry export"},
		[]string{"poetry install"},
	)
	list := func(name, script string) string {
		locked(manager.Poetry, "sh", "-euc", script+`"$UV_PYTHON" list.py "$1" >"$0"`, name,
			map[string]string{"uv": filepath.Join(p.Layers, "venv"), "poetry": "environment"}[name])(t, dir)
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	byUV := list("uv", "")
	byPoetry := list("poetry", `uv venv --quiet --python "$UV_PYTHON" environment
export VIRTUAL_ENV=$PWD/environment POETRY_VIRTUALENVS_CREATE=false
"$UV_PYTHON" -m poetry install --no-interaction --only main,prod --extras fast
`)
	if diff := cmp.Diff(byPoetry, byUV); diff != "" {
		t.Errorf("(-Poetry +uv):\n%s", diff)
	}
	contains(t, byUV, []string{"mine 2.5 editable greet", "attrs 24.3.0", "itsdangerous 2.2.0"},
		[]string{"iniconfig"})
}
