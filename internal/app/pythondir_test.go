package app

import (
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

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
				"-r ../shared/common.txt\n-e ../libs/tax\n./libs/cart\n--find-links wheels\n-r ../../outside.txt\n"+
					"../../outside\n",
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
				"[[package]]\nsource = { editable = '../libs/tax' }\n[[package]]\n"+
					"source = { directory = '../libs/toll' }\n[[package]]\nsource = { directory = '../../outside' }\n")).Python,
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
		"a lock": {[]string{"api/uv.lock", lock}, "api"},
		"a pyproject.toml": {[]string{"api/pyproject.toml",
			"[project]\ndependencies = ['fastapi[standard]>=0.1']"}, "api"},
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
	if got := read(files("requirements/README.md", "")).Elsewhere; len(got) > 0 {
		t.Errorf("not a list: %q", got)
	}
	many := fstest.MapFS{}
	for i := range maxCandidates + 1 {
		many[fmt.Sprint("d", i, "/requirements.txt")] = &fstest.MapFile{}
	}
	if got := len(read(many).Elsewhere); got != maxCandidates {
		t.Errorf("of many: %d", got)
	}
}

// A Procfile of another directory than the one that is read is named.
func TestOtherProcfiles(t *testing.T) {
	const django = "os.environ['DJANGO_SETTINGS_MODULE']\nfrom django.core.management import x\n"
	for name, c := range map[string]struct {
		files []string
		want  []string
	}{
		"next to manage.py": {[]string{"requirements.txt", "", "backend/manage.py", django, "backend/Procfile",
			"web: x\n"},
			[]string{"backend/Procfile"}},
		"in the root too": {[]string{"requirements.txt", "", "backend/manage.py", django, "backend/Procfile",
			"web: x\n",
			"Procfile", "web: y\n"}, nil},
	} {
		if a := read(files(c.files...)); !slices.Equal(a.OtherProcfiles, c.want) {
			t.Errorf("%s: got %q, the Procfile of %q is read", name, a.OtherProcfiles, a.ProcfileDir)
		}
	}
	a := Read(files("backend/pyproject.toml", "[project]\nname = 'a'\ndependencies = ['b']\n", "backend/uv.lock",
		"version = 1\n",
		"backend/main.py", "", "backend/Procfile", "web: x\n"), Requested{Python: "backend"})
	if len(a.OtherProcfiles) > 0 || a.ProcfileDir != "backend" {
		t.Errorf("in the directory of the project: %q, %q is read", a.OtherProcfiles, a.ProcfileDir)
	}
	if a.Python.Unlocked == nil || len(a.Python.Unlocked.Files) == 0 {
		t.Errorf("pyproject.toml lists packages: %+v", a.Python.Unlocked)
	}
}

func TestMembersOfAWorkspace(t *testing.T) {
	const lock = "version = 1\n[manifest]\nmembers = ['a', 'web']\n" +
		"[[package]]\nname = 'web'\nsource = { editable = 'web' }\n[[package]]\nname = 'a'\n" +
		"source = { virtual = '.' }\n"
	r := newReader(files("uv.lock", lock, "pyproject.toml", "[tool.uv.workspace]\nmembers = ['web']\n",
		"web/pyproject.toml", ""))
	for dir, want := range map[string]bool{"web": true, "other": false} {
		if got := r.isMember(dir); got != want {
			t.Errorf("%s: got %v", dir, got)
		}
	}
	if newReader(files("web/uv.lock", lock)).isMember("web") {
		t.Error("without a lockfile in the root")
	}
	py := &Python{Dir: ".", Members: []Member{{Member: manager.Member{Name: "web", Dir: "web"}}},
		WebModules: WebModules{Web: []Web{{Module: "web", Object: "a"}}}}
	if got := newReader(files("web/main.py", "app = FastAPI()\n")).memberWeb(py); slices.ContainsFunc(got,
		func(w Web) bool { return w.Object == "a" }) {
		t.Errorf("what the member has as a module of the root: %+v", got)
	}
	py.Web[0].Module = "website"
	if got := newReader(files()).memberWeb(py); len(got) != 1 {
		t.Errorf("what the root itself has: %+v", got)
	}
	py.Web[0].Module, py.Manage = "web", []Manage{{Path: "manage.py"}}
	if got := newReader(files("web/main.py", "app = FastAPI()\n")).memberWeb(py); len(got) != 1 ||
		got[0].Object != "a" {
		t.Errorf("an app of Django: %+v", got)
	}
}

func TestRequirementsToChooseFrom(t *testing.T) {
	got := newReader(files("requirements.lock", "", "requirements/requirements.lock", "", "requirements/prod.txt", "",
		"dev-requirements.txt", "", "notes.txt", "", "requirements.txt.txt", "", "requirements.txt",
		"")).candidates(".")
	want := []string{"requirements.txt", "dev-requirements.txt", "requirements.lock", "requirements/prod.txt"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
