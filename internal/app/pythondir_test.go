package app

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// Where the packages are described below the root folder, local paths begin there, and all of it that is the app's
// decides what is installed.
func TestSourcesOfAFolderArePathsOfTheApp(t *testing.T) {
	const django = "from django.core.management import execute_from_command_line"
	for name, c := range map[string]struct {
		files, local []string
		app          *Python
	}{
		"requirements": {
			[]string{"api/requirements.txt", "shared/common.txt", "api/uv.toml"},
			[]string{"libs/tax", "api/libs/cart", "api/wheels"},
			read(files("api/manage.py", django, "api/requirements.txt",
				"-r ../shared/common.txt\n-e ../libs/tax\n./libs/cart\n--find-links wheels\n-r ../../outside.txt\n../../outside\n",
				"shared/common.txt", "six", "libs/tax/setup.py", "", "api/libs/cart/setup.py", "", "api/wheels/a.whl",
				"", "api/uv.toml", "")).Python,
		},
		"settings of the root folder": {
			[]string{"api/requirements.txt", "uv.toml"}, nil,
			read(files("api/manage.py", django, "api/requirements.txt", "six", "uv.toml", "")).Python,
		},
		"the nearest settings": {
			[]string{"api/requirements.txt"}, nil,
			read(files("api/manage.py", django, "api/requirements.txt", "six", "api/pyproject.toml", "[tool.uv]",
				"uv.toml", "")).Python,
		},
		"uv": {
			[]string{"api/uv.lock", "api/pyproject.toml", "libs/tax/pyproject.toml"}, []string{"libs/toll"},
			read(files("api/manage.py", django, "api/pyproject.toml", "", "libs/tax/pyproject.toml", "",
				"libs/toll/x.py", "",
				"api/uv.lock",
				"[[package]]\nsource = { editable = '../libs/tax' }\n[[package]]\nsource = { directory = '../libs/toll' }\n[[package]]\nsource = { directory = '../../outside' }\n")).Python,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if c.app.Dir != "api" {
				t.Errorf("the folder is %s", c.app.Dir)
			}
			from := append(c.app.Requirements, Requirements{})[0].Sources
			if len(c.app.Locks) > 0 {
				from = c.app.Locks[0].Sources
			}
			if diff := cmp.Diff([][]string{c.files, c.local}, [][]string{from.Files, from.Local}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Each lock is one of the files by which a folder describes packages.
func TestLocksDescribePackages(t *testing.T) {
	for _, m := range manager.Pythons() {
		if !slices.Contains(packageFiles(), m.Data().Lock) {
			t.Errorf("%s is not among %v", m.Data().Lock, packageFiles())
		}
	}
}

func TestTheFolderThatDescribesThePackages(t *testing.T) {
	for name, c := range map[string]struct{ file, text, dir string }{
		"a project":          {"api/pyproject.toml", "[project]\nname = 'a'", "api"},
		"tools alone":        {"api/pyproject.toml", "[tool.ruff]", "."},
		"what is not TOML":   {"api/pyproject.toml", "[[", "api"},
		"requirements":       {"api/requirements.txt", "six", "api"},
		"of the root folder": {"requirements.txt", "six", "."},
		"a lock of PDM":      {"api/pdm.lock", "", "api"},
	} {
		py := read(files("api/manage.py", djangoManage, c.file, c.text)).Python
		if py.Dir != c.dir || py.Home != c.dir {
			t.Errorf("%s: got %s and %s", name, py.Dir, py.Home)
		}
	}
}

// A project without a manage.py is found by the server among its packages.
func TestTheFolderOfAWebProject(t *testing.T) {
	lock := "[[package]]\nname = \"uvicorn\"\n"
	for name, c := range map[string]struct {
		files []string
		dir   string
	}{
		"a lock":                   {[]string{"api/uv.lock", lock}, "api"},
		"a pyproject.toml":         {[]string{"api/pyproject.toml", "[project]\ndependencies = ['fastapi[standard]>=0.1']"}, "api"},
		"two levels deep":          {[]string{"apps/api/poetry.lock", lock}, "apps/api"},
		"another package's name":   {[]string{"api/uv.lock", "name = \"uvicorn-worker\""}, ""},
		"a tool's settings":        {[]string{"api/pyproject.toml", "[tool.x]\nserver = 'uvicorn'"}, ""},
		"requirements":             {[]string{"api/requirements.txt", "uvicorn"}, ""},
		"two of them":              {[]string{"api/uv.lock", lock, "bot/uv.lock", lock}, ""},
		"an app in Go":             {[]string{"api/uv.lock", lock, "go.mod", ""}, ""},
		"a front end in the root":  {[]string{"api/uv.lock", lock, "package.json", "{}"}, "api"},
		"examples":                 {[]string{"examples/uv.lock", lock}, ""},
		"packages of the root too": {[]string{"api/uv.lock", lock, "requirements.txt", ""}, "."},
	} {
		py := read(files(c.files...)).Python
		if got := py; (got == nil) != (c.dir == "") || got != nil && got.Home != c.dir {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// Without a Python app in the root folder, an error names what may be one.
func TestRequirementsElsewhere(t *testing.T) {
	others := []string{"backend/requirements.txt", "", "backend/other.txt", "", "node_modules/a/requirements.txt", "",
		"tests/requirements.txt", "", "e2e/requirements.txt", "", "Samples/requirements.txt", "",
		"sample/requirements.txt", "", "a/b/c/requirements.txt", "", "a/requirements.txt/x", ""}
	if diff := cmp.Diff([]string{"backend/requirements.txt"}, read(files(others...)).Elsewhere); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := read(files(append(others, "requirements.txt", "")...)).Elsewhere; got != nil {
		t.Errorf("beside an app: %q", got)
	}
}
