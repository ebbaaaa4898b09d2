package manager

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/limits"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/versions"
)

// app is a folder in memory; a name with a slash at its end is a folder.
func appOf(files map[string]string) Source {
	return Source{
		Text: func(name string) (string, bool) { text, ok := files[name]; return text, ok },
		IsDir: func(name string) bool {
			for file := range files {
				if strings.HasPrefix(file, name+"/") {
					return true
				}
			}
			return false
		},
	}
}

func notPackage(name string) []string {
	return []string{"Python packages: the app itself is not installed, because it has no directory " + show.Name(name) +
		" or " + show.Name("src/"+name) + "; to declare that, set package-mode = false in pyproject.toml"}
}

func TestWhatLocksSay(t *testing.T) {
	for name, c := range map[string]struct {
		manager PythonManager
		files   map[string]string
		want    Sources
	}{
		"uv": {newUV(), map[string]string{
			"pyproject.toml": "[project]\nname='a'\n[project.optional-dependencies]\nx=[]\n[dependency-groups]\n" +
				"dev=[]\n[tool.uv]\nno-binary = true\nrequired-version='>=0.9'",
			"uv.lock": "version = 1\n[[package]]\nname = 'a'\nsource = { editable = '.' }\n[[package]]\nname = 'b'\n" +
				"source = { directory = 'libs/b' }\n" +
				"[[package]]\nname = 'c'\nsource = { editable = 'libs/c' }\n[[package]]\nname = 'd'\n" +
				"source = { virtual = '../outside' }\n",
			"libs/c/pyproject.toml": "[project.optional-dependencies]\ny=[]\n[dependency-groups]\nprod=[]",
			"libs/c/setup.py":       "", "libs/c/c.py": "",
		}, Sources{
			Files:   []string{"uv.lock", "pyproject.toml", "libs/c/pyproject.toml", "libs/c/setup.py"},
			Local:   []string{"libs/b"},
			Options: []string{`{"no-binary":true,"required-version":"\u003e=0.9"}`}, Extras: []string{"x"},
			Groups: []string{"dev"}, Version: ">=0.9", VersionFile: "pyproject.toml",
			Members: []Member{{Name: "c", Dir: "libs/c", Extras: []string{"y"}, Groups: []string{"prod"}},
				{Name: "d", Dir: "../outside"}},
		}},
		"a lock before relative times": {newUV(), map[string]string{
			"uv.lock": "[options]\nexclude-newer = '2026-01-02T00:00:00Z'", "uv.toml": "exclude-newer = '1 week'",
		}, Sources{Files: []string{"uv.lock", "uv.toml"}, Args: []string{"--exclude-newer", "2026-01-02T00:00:00Z"}}},
		"a lock with a relative time": {newUV(), map[string]string{
			"uv.lock": "[options]\nexclude-newer = '0001-01-01T00:00:00Z'\nexclude-newer-span = 'P1W'",
			"uv.toml": "exclude-newer = '1 week'",
		}, Sources{Files: []string{"uv.lock", "uv.toml"}}},
		"a lock with the time that is set": {newUV(), map[string]string{
			"uv.lock": "[options]\nexclude-newer = '2026-01-02T00:00:00Z'",
			"uv.toml": "exclude-newer = '2026-01-02T00:00:00Z'",
		}, Sources{Files: []string{"uv.lock", "uv.toml"}}},
		"pylock": {newPylock(),
			map[string]string{"pylock.toml": "lock-version='1.0'\ncreated-by='pdm'\n[[packages]]\nname='a'\n" +
				"[packages.directory]\npath='libs/a'\n[[packages]]\nname='b'\n" +
				"wheels=[{path='wheels/b.whl'}, {url='x'}]\n" +
				"sdist={path='../outside.tar.gz'}\n"},
			Sources{Files: []string{"pylock.toml"}, Local: []string{"libs/a", "../outside.tar.gz", "wheels/b.whl"},
				Creator: "pdm"}},
		"a project without a lock": {newProject(), map[string]string{
			"pyproject.toml": "[build-system]\nrequires=['hatchling']\n[project]\nname='a'\ndependencies=['b','c']\n" +
				"[project.optional-dependencies]\nx=[]\n" +
				"[tool.uv.sources]\nb={path='libs/b'}\nc={git='https://git.example.com/c'}\n",
			"setup.cfg": "",
		}, Sources{Files: []string{"pyproject.toml", "setup.cfg"}, Local: []string{"libs/b"}, Extras: []string{"x"},
			Root:    true,
			Options: []string{`{"sources":{"b":{"path":"libs/b"},"c":{"git":"https://git.example.com/c"}}}`}}},
		"a project that is no package": {newProject(), map[string]string{
			"pyproject.toml": "[build-system]\nrequires=['hatchling']\n[project]\ndependencies=['b']\n[tool.uv]\n" +
				"package=false\n"},
			Sources{Files: []string{"pyproject.toml"}, Options: []string{`{"package":false}`}}},
		"a project with packages that setuptools reads": {newProject(), map[string]string{
			"pyproject.toml": "[project]\ndynamic=['dependencies']\n[tool.setuptools.dynamic]\n" +
				"dependencies={file=['deps.in']}\n", "deps.in": ""},
			Sources{Files: []string{"pyproject.toml", "deps.in"}}},
		"a project without packages": {newProject(), map[string]string{"pyproject.toml": "[project]\nname='a'\n"},
			Sources{}},
		"Poetry's project": {newProject(),
			map[string]string{"pyproject.toml": "[project]\ndependencies=['b']\n[tool.poetry]\n"},
			Sources{}},
		"uv for Pipenv": {newPipenv(), map[string]string{"Pipfile.lock": "{}", "uv.toml": ""},
			Sources{Files: []string{"Pipfile.lock", "uv.toml"},
				Env: map[string]string{"UV_INDEX_STRATEGY": "unsafe-best-match"}}},
		"PDM": {newPDM(), map[string]string{
			"pyproject.toml": "[project]\nname='a'\n[project.optional-dependencies]\nx=[]\nnotlocked=[]\n" +
				"[dependency-groups]\nprod=[]\n" +
				"[build-system]\nrequires=['pdm-backend']\n[tool.pdm.dev-dependencies]\nold=[]\n[[tool.pdm.source]]\n" +
				"verify_ssl=false\n",
			"pdm.lock": "[metadata]\ngroups=['default', 'prod', 'old', 'x']\n[[package]]\nname='b'\n" +
				"groups=['default']\nfiles=[\n{file='b.whl'}]\n",
		}, Sources{Files: []string{"pdm.lock", "pyproject.toml"}, Extras: []string{"x"},
			Groups: []string{"old", "prod"},
			Root:   true, Unverified: []Setting{{"verify_ssl", "pyproject.toml"}},
			Env: map[string]string{"UV_INDEX_STRATEGY": "unsafe-best-match"}}},
		"PDM with a package of the app": {newPDM(), map[string]string{
			"pyproject.toml": "[project]\nname='a'\n[build-system]\nrequires=['pdm-backend']\n[tool.pdm]\n" +
				"distribution=false\n",
			"pdm.lock": "[metadata]\ngroups=['default']\n[[package]]\nname='b'\npath='./libs/b'\n",
		}, Sources{Files: []string{"pdm.lock", "pyproject.toml"}, Local: []string{"libs/b"}, NoHashes: true,
			Notes: []string{"Python packages: hashes are not compared, because PDM's export has none next to packages " +
				"from directories or git"}}},
		"Poetry 1": {newPoetry(), map[string]string{
			"pyproject.toml": "[tool.poetry]\nname='My-App'\nrequires-poetry='<2'\n[tool.poetry.extras]\nx=[]\n" +
				"[tool.poetry.group.docs.dependencies]\n[tool.poetry.dev-dependencies]\n",
			"poetry.lock": "[[package]]\nname='b'\n[package.source]\ntype='directory'\nurl='libs/b'\n[[package]]\n" +
				"name='c'\n[package.source]\ntype='legacy'\nurl='https://packages.example.com'\n",
			"my_app.py": "",
		}, Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Local: []string{"libs/b"}, Extras: []string{"x"},
			Groups: []string{"dev", "docs"}, Root: true,
			Alone: "a package of poetry.lock is from an index that pyproject.toml does not list: " +
				"https://packages.example.com",
			Version: "<2", VersionFile: "pyproject.toml"}},
		"indexes of Poetry": {newPoetry(), map[string]string{
			"pyproject.toml": "[tool.poetry]\npackage-mode=false\n[[tool.poetry.source]]\nname='more'\n" +
				"url='https://more.example.com'\npriority='supplemental'\n" +
				"[[tool.poetry.source]]\nname='main'\nurl='https://main.example.com'\n[[tool.poetry.source]]\n" +
				"name='PyPI'\n",
			"poetry.toml": "[installer]\nno-binary=['a','b']\nonly-binary=':all:'\n",
			"poetry.lock": "[[package]]\nname='c'\n[package.source]\ntype='legacy'\nurl='https://more.example.com'\n" +
				"reference='More'\n",
		}, Sources{Files: []string{"poetry.lock", "pyproject.toml", "poetry.toml"},
			Env: map[string]string{"UV_INDEX_STRATEGY": "unsafe-best-match"},
			Args: []string{"--index", "more=https://more.example.com", "--default-index",
				"main=https://main.example.com",
				"--no-binary", "a", "--no-binary", "b", "--only-binary", ":all:"}}},
		"a build script of Poetry": {newPoetry(), map[string]string{
			"pyproject.toml": "[tool.poetry]\nname='a'\npackages=[{include='a'}]\n[tool.poetry.build]\n" +
				"script='build.py'\n", "poetry.lock": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Root: true,
				Alone: "[tool.poetry.build] in pyproject.toml has a script"}},
		"Poetry without package mode": {newPoetry(),
			map[string]string{"pyproject.toml": "[project]\nname='a'\n[tool.poetry]\npackage-mode=false",
				"poetry.lock": "", "a/x.py": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}}},
		"Poetry with another builder": {newPoetry(),
			map[string]string{"pyproject.toml": "[project]\nname='a'\n[build-system]\nbuild-backend='hatchling.build'",
				"poetry.lock": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Root: true}},
		"Poetry with packages": {newPoetry(),
			map[string]string{"pyproject.toml": "[tool.poetry]\nname='a'\npackages=[{include='b'}]", "poetry.lock": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Root: true}},
		"Poetry with packages and no name": {newPoetry(),
			map[string]string{"pyproject.toml": "[tool.poetry]\npackages=[{include='b'}]", "poetry.lock": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Notes: notPackage("")}},
		"Poetry without a module": {newPoetry(),
			map[string]string{"pyproject.toml": "[project]\nname='a'", "poetry.lock": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Notes: notPackage("a")}},
		"Poetry with its own builder": {newPoetry(),
			map[string]string{"pyproject.toml": "[project]\nname='a'\n[build-system]\n" +
				"build-backend='poetry.core.masonry.api'", "poetry.lock": ""},
			Sources{Files: []string{"poetry.lock", "pyproject.toml"}, Notes: notPackage("a")}},
		"Pipenv": {newPipenv(),
			map[string]string{"Pipfile": "",
				"Pipfile.lock": `{"_meta": {"hash": {"sha256": "x"}, "sources": [{"url": "https://packages.example.com/simple"}]}, "default": {"six": {"version": "==1"}, "b": {"path": "./libs/b", "editable": true}, "me": {"path": "."}},
			"develop": {}, "docs": {"w": {"file": "wheels/w.whl"}}}`}, Sources{
				Files: []string{"Pipfile.lock", "Pipfile"}, Local: []string{"libs/b", "wheels/w.whl"},
				Groups:  []string{"dev-packages", "docs"},
				Options: []string{"--index-url https://packages.example.com/simple"},
				Env:     map[string]string{"UV_INDEX_STRATEGY": "unsafe-best-match"},
			}},
	} {
		t.Run(name, func(t *testing.T) {
			got := c.manager.Read(appOf(c.files), nil)
			got.Packages = PackagesBy{} // has a test of its own
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSettingsOfUVAreFoundAboveItsDirectory(t *testing.T) {
	for above, want := range map[int]string{0: ">=1", 7: ">=1", 8: ""} {
		name := strings.Repeat("../", above) + "uv.toml"
		s := newUV().Read(appOf(map[string]string{"uv.lock": "", name: "required-version = '>=1'"}), nil)
		if s.Version != want || want != "" && s.VersionFile != name {
			t.Errorf("%d above: got %q in %q", above, s.Version, s.VersionFile)
		}
	}
}

func TestMembersOfUVHaveALimit(t *testing.T) {
	const member = "[[package]]\nname = 'a'\nsource = { editable = 'a' }\n"
	for n, failed := range map[int]bool{limits.Packages: false, limits.Packages + 1: true} {
		s := newUV().Read(appOf(map[string]string{"uv.lock": strings.Repeat(member, n)}), nil)
		if (s.Err != nil) != failed {
			t.Errorf("%d members: %v", n, s.Err)
		}
	}
}

func TestPathsAreThoseOfTheApp(t *testing.T) {
	s := Sources{Files: []string{"uv.lock", "../uv.toml", "../../outside"}, VersionFile: "../uv.toml",
		Members: []Member{{Name: "a", Dir: "libs/a"}, {Name: "b", Dir: "../../b"}}}.In("api")
	want := Sources{Files: []string{"api/uv.lock", "uv.toml"}, VersionFile: "uv.toml",
		Members: []Member{{Name: "a", Dir: "api/libs/a"}}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if none := (Sources{}).In("api"); none.VersionFile != "" {
		t.Errorf("a version that nothing requires is in %q", none.VersionFile)
	}
}

func TestExtrasAndGroupsAreComparedAsNames(t *testing.T) {
	for name, want := range map[string]bool{"Dev_Tools": true, "dev.tools": true, "docs": true, "dev": false,
		"": false} {
		if got := Legal(name, []string{"dev-tools", "Docs"}); got != want {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func TestManagersAreFoundByTheirIDs(t *testing.T) {
	var locks []string
	for _, m := range Pythons() {
		locks = append(locks, m.Data().Lock)
		if got := Python(m.Data().ID).Data().Lock; got != m.Data().Lock {
			t.Errorf("%s has the lockfile %q", m.Data().ID, got)
		}
	}
	if diff := cmp.Diff([]string{"uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock", "pylock.toml"},
		locks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if none := Python("conda"); none.Data().ID != "" {
		t.Errorf("conda is %s", none.Data().ID)
	}
}

// commandLines returns the commands of an installation, one a line.
func commandLines(m PythonManager, t Target) (lines []string) {
	for _, command := range m.Commands(t) {
		lines = append(lines, strings.Join(command.Argv, " "))
	}
	return lines
}

func TestCommandsNameWhatIsWanted(t *testing.T) {
	target := Target{
		Wanted:  Wanted{Files: []string{"a.txt", "b.txt"}, Extras: []string{"x", "y"}, Groups: []string{"g", "h"}},
		Python:  "PY",
		Venv:    "VENV",
		Scratch: "TMP",
		Args:    []string{"--no-index"},
	}
	venv := "uv venv --no-config --no-project --quiet --clear --python PY VENV"
	for _, c := range []struct {
		manager PythonManager
		want    []string
	}{
		{newUV(), []string{"uv sync --locked --no-default-groups --extra x --extra y --group g --group h --no-index " +
			"--python PY"}},
		{newRequirements(),
			[]string{venv,
				"uv pip install --exact --upgrade --python VENV --no-index --requirements a.txt --requirements b.txt"}},
		{newPylock(), []string{venv, "uv pip install --preview-features pylock --exact --no-deps --python VENV " +
			"--no-index --requirements a.txt --requirements b.txt"}},
		{newProject(), []string{venv, "uv pip install --exact --upgrade --python VENV --no-index --requirements " +
			"pyproject.toml --extra x --extra y --group g --group h"}},
		{newPip(), []string{venv, "pip --python VENV install --no-compile --requirement a.txt --requirement b.txt"}},
		{newPoetry(), []string{venv, "poetry export --no-interaction --no-ansi --format requirements.txt " +
			"--without-urls --only main,g,h --extras x --extras y",
			"uv pip install --exact --no-deps --python VENV --no-index --requirements TMP/poetry.lock.txt"}},
		{newPoetryInstaller(),
			[]string{venv,
				"poetry install --no-interaction --no-ansi --only main,g,h --extras x --extras y --no-root"}},
		{newPipenv(), []string{venv, "pipenv verify", "pipenv requirements --hash --categories packages g h",
			"uv pip install --exact --no-deps --python VENV --no-index --requirements TMP/Pipfile.lock.txt"}},
		{newPDM(), []string{venv, "pdm lock --check", "pdm export --format requirements -G g -G h -G x -G y",
			"uv pip install --exact --no-deps --python VENV --no-index --requirements TMP/pdm.lock.txt"}},
	} {
		if diff := cmp.Diff(c.want, commandLines(c.manager, target)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.manager.Data().Name, diff)
		}
	}
}

func TestExportsNameTheirManager(t *testing.T) {
	for text, want := range map[string]string{
		"# This file was autogenerated by uv via the following command:\n#    uv export --no-dev\nsix==1\n":        "autogenerated by uv",
		"#\n# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\n":        "autogenerated by pip-compile",
		"#\n# These requirements were autogenerated by pipenv\n# To regenerate from the project's Pipfile, run:\n": "autogenerated by pipenv",
		"six==1\n": "", "": "", strings.Repeat("six\n", 20) + "# autogenerated by uv\n": "",
	} {
		if got := Exporter(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestToolsArePinned(t *testing.T) {
	for _, m := range []PythonManager{newPoetry(), newPipenv(), newPDM()} {
		m := m.Data()
		if versions.Pinned(m.Tool, m.Name) == "" || !strings.Contains(m.Tool, "--hash=sha256:") ||
			strings.Contains(m.Tool, "://") {
			t.Errorf("the requirements of %s have no version, no hash or an address", m.Name)
		}
	}
}

func TestUVInstallsAMemberOfItsWorkspace(t *testing.T) {
	got := newUV().Try(Wanted{Package: "web", Groups: []string{"prod"}})
	if want := "uv sync --locked --no-default-groups --package web --group prod"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestUVGetsTheCredentialsOfPoetry(t *testing.T) {
	got := PoetryToUV(map[string]string{
		"POETRY_HTTP_BASIC_MY_INDEX_USERNAME": "me", "POETRY_HTTP_BASIC_MY_INDEX_PASSWORD": "x",
		"POETRY_HTTP_BASIC_X": "y", "POETRY_CACHE_DIR": "z",
	})
	want := map[string]string{"UV_INDEX_MY_INDEX_USERNAME": "me", "UV_INDEX_MY_INDEX_PASSWORD": "x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Only the build of a package sees its version if uv installs it. Poetry and pip cannot do that.
func TestVersionsAreForTheirPackages(t *testing.T) {
	of := []GitVersion{{Package: "shop", Variable: "V"}, {Package: "price", Variable: "W"}}
	if got, want := BuildVariables(of), "\n[extra-build-variables]\n\"shop\" = { V = \"0.0.0\" }\n"+
		"\"price\" = { W = \"0.0.0\" }\n"; got != want {
		t.Errorf("got %s", got)
	}
	if got := BuildVariables(nil); got != "" {
		t.Errorf("got %s", got)
	}
	for _, m := range pythons() {
		set := m.Env(Target{GitVersions: of})["V"] != ""
		if want := m.Data().ID == Pip; set != want {
			t.Errorf("%s: all builds see the variable: %t", m.Data().Name, set)
		}
	}
	if got := newPoetryInstaller().Env(Target{GitVersions: of}); got["V"] != "0.0.0" || got["W"] != "0.0.0" {
		t.Errorf("Poetry gets %v", got)
	}
}

func TestTheAppIsInstalledWithItsPackages(t *testing.T) {
	target := Target{
		Wanted:  Wanted{Root: true},
		Python:  "PY",
		Venv:    "VENV",
		Scratch: "TMP",
		Exists:  true,
	}
	for _, c := range []struct {
		manager PythonManager
		want    []string
	}{
		{newProject(),
			[]string{"uv pip install --exact --upgrade --python VENV --requirements pyproject.toml --editable ."}},
		{newPoetry(),
			[]string{"poetry export --no-interaction --no-ansi --format requirements.txt --without-urls --only main",
				"uv pip install --exact --no-deps --python VENV --requirements TMP/poetry.lock.txt --editable ."}},
		{newPDM(), []string{"pdm lock --check", "pdm export --format requirements --prod",
			"uv pip install --exact --no-deps --python VENV --requirements TMP/pdm.lock.txt --editable ."}},
	} {
		if diff := cmp.Diff(c.want, commandLines(c.manager, target)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.manager.Data().Name, diff)
		}
	}
}

// PDM installs a project that has a name and a build system, unless its own setting says otherwise.
func TestProjectsThatPDMInstalls(t *testing.T) {
	const build = "[build-system]\nrequires = ['pdm-backend']\n"
	for text, want := range map[string]bool{
		"[project]\nname = 'a'\n" + build:                                   true,
		"[project]\nname = 'a'\n":                                           false,
		"[project]\nname = ' '\n" + build:                                   false,
		"[project]\nname = 'a'\n[tool.pdm]\ndistribution = false\n" + build: false,
		"[project]\nname = 'a'\n[tool.pdm]\ndistribution = true\n":          true,
	} {
		if got := readPyproject(appOf(map[string]string{"pyproject.toml": text})).pdmRoot(); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

// The project itself is noted once, where it is installed.
func TestGitVersionsAreThoseOfWhatIsInstalled(t *testing.T) {
	const scm = "[project]\nname='a'\ndynamic=['version']\n[build-system]\nrequires=['setuptools-scm']\n"
	src := appOf(map[string]string{"pyproject.toml": scm, "libs/b/pyproject.toml": scm})
	for _, c := range []struct {
		root  bool
		local []string
		want  []string
	}{
		{true, []string{".", "libs/b"}, []string{".", "libs/b"}},
		{false, []string{".", "libs/b"}, []string{".", "libs/b"}},
		{true, nil, []string{"."}}, {false, nil, nil}, {false, []string{"libs/b", "libs/b"}, []string{"libs/b"}},
	} {
		s := Sources{Local: c.local}
		s.addGitVersions(src, readPyproject(src), c.root, nil)
		var dirs []string
		for _, v := range s.GitVersions {
			dirs = append(dirs, path.Dir(v.File))
		}
		if !slices.Equal(dirs, c.want) {
			t.Errorf("%+v: got %q", c, dirs)
		}
	}
}

func TestPluginsThatTakeTheVersionFromGit(t *testing.T) {
	for text, want := range map[string]string{
		"dynamic=['version']\n[build-system]\nrequires=['hatchling', 'hatch-vcs>=0.4']":                              "SETUPTOOLS_SCM_PRETEND_VERSION",
		"dynamic=['version']\n[build-system]\nrequires=['setuptools_scm[toml] >=8']":                                 "SETUPTOOLS_SCM_PRETEND_VERSION",
		"version='1'\n[build-system]\nrequires=['setuptools-scm']":                                                   "",
		"dynamic=['version']\n[build-system]\nrequires=['pdm-backend']\n[tool.pdm.version]\nsource='scm'":            "PDM_BUILD_SCM_VERSION",
		"dynamic=['version']\n[build-system]\nrequires=['pdm-backend']":                                              "",
		"dynamic=['version']\n[build-system]\nrequires=['uv-dynamic-versioning']":                                    "UV_DYNAMIC_VERSIONING_BYPASS",
		"dynamic=['version']\n[build-system]\nrequires=['setuptools', 'versioningit']":                               "versioningit",
		"dynamic=['version']\n[build-system]\nrequires=['versioningit']\n[tool.versioningit]\ndefault-version='0.1'": "",
		"dynamic=['version']\n[build-system]\nrequires=['', 'hatchling']":                                            "",
		"name='a'\n[build-system]\nrequires=['poetry-core', 'poetry-dynamic-versioning>=1,<2']":                      "POETRY_DYNAMIC_VERSIONING_BYPASS",
	} {
		text := "[project]\nname='a'\n" + strings.ReplaceAll(text, "name='a'\n", "")
		source := appOf(map[string]string{"pyproject.toml": text})
		var got string
		for _, v := range readPyproject(source).gitVersion(".") {
			if got = v.Variable; got == "" {
				got = v.Plugin
			}
		}
		if got != want {
			t.Errorf("%s: got %q", text, got)
		}
	}
}

func TestPackagesAreListedByExtrasAndGroups(t *testing.T) {
	files := map[string]string{
		"pyproject.toml": "[project]\ndependencies=['Django>=5', './libs/x']\n[project.optional-dependencies]\n" +
			"fast=['uvloop']\n" +
			"[dependency-groups]\nprod=['gunicorn[gevent]==23', {include-group='x'}]\n[tool.poetry.dependencies]\n" +
			"python='*'\nMy_Lib='*'\n" +
			"[tool.poetry.group.docker.dependencies]\nuvicorn='*'\n",
		"poetry.lock": "",
	}
	want := PackagesBy{
		Main:   []string{"django", "my-lib", "python"},
		Extras: map[string][]string{"fast": {"uvloop"}},
		Groups: map[string][]string{"prod": {"gunicorn"}, "docker": {"uvicorn"}},
	}
	if diff := cmp.Diff(want, newPoetry().Read(appOf(files), nil).Packages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
