package app

import (
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/manager"
	"github.com/tandem-cnb/tandem/internal/versions"
)

func files(pairs ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		fsys[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1]), Mode: 0o644}
	}
	return fsys
}

// read returns the facts of an app in which nothing is requested.
func read(fsys fs.FS) App { return Read(fsys, Requested{}) }

func TestPythonSigns(t *testing.T) {
	for name, c := range map[string]struct {
		files  fstest.MapFS
		signs  []string
		strong bool
	}{
		"nothing":          {files("README.md", ""), nil, false},
		"manage.py":        {files("manage.py", ""), []string{"manage.py"}, true},
		"requirements.txt": {files("requirements.txt", ""), []string{"requirements.txt"}, true},
		"requirements of another name": {files("requirements-prod.txt", ""), []string{"requirements-prod.txt"},
			true},
		"uv project": {files("uv.lock", "", "pyproject.toml", "[project]\nname='a'"),
			[]string{"uv.lock", "pyproject.toml"}, true},
		"poetry project": {files("pyproject.toml", "[tool.poetry]\nname='a'"),
			[]string{"pyproject.toml"}, true},
		"pyproject with tools only": {files("pyproject.toml", "[tool.ruff]\n"), []string{"pyproject.toml"},
			false},
		"setup.py":                        {files("setup.py", ""), []string{"setup.py"}, false},
		"misspelling":                     {files("requirments.txt", ""), []string{"requirments.txt"}, false},
		"requirements.txt.txt is no lock": {files("requirements.txt.txt", ""), []string{"requirements.txt.txt"}, false},
		"requirements of two folders": {files("requirements.txt", "", "requirements/dev.txt", "", "setup.py", ""),
			[]string{"requirements.txt", "requirements/dev.txt", "setup.py"}, true},
		"requirements below alone": {files("requirements/dev.txt", ""), []string{"requirements/dev.txt"}, false},
		"manage.py of a folder":    {files("api/manage.py", djangoManage), []string{"api/manage.py"}, true},
		"a folder is no file":      {files("manage.py/x", ""), nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			py := read(c.files).Python
			if py == nil {
				py = &Python{}
			}
			if diff := cmp.Diff(c.signs, py.Signs); diff != "" || py.Strong != c.strong {
				t.Errorf("strong = %v, signs (-want +got):\n%s", py.Strong, diff)
			}
		})
	}
}

func TestNamedRequirementsAreASignOnce(t *testing.T) {
	py := Read(files("requirements/prod.txt", "", "requirements/dev.txt", ""),
		Requested{Requirements: []string{"requirements/prod.txt"}}).Python
	if diff := cmp.Diff([]string{"requirements/prod.txt", "requirements/dev.txt"}, py.Signs); diff != "" || !py.Strong {
		t.Errorf("strong = %v, signs (-want +got):\n%s", py.Strong, diff)
	}
}

func TestRequirementsFollowIncludesAndLocalPaths(t *testing.T) {
	got := read(files(
		"requirements.txt",
		"-r deps/base.txt\n-c constraints.txt # pinned\n./libs/mine[extra]\n-e ./libs/yours\nflask>=2\n"+
			"git+https://example.com/x.git#egg=x\nname @ file:libs/third\nwheels/a-1-py3-none-any.whl\n"+
			"--no-binary lxml\n--requirement=deps/more.txt\n-r requirements.txt\n",
		"deps/base.txt", "-rmore.txt\ndjango\n", "deps/more.txt", "", "constraints.txt", "",
		"libs/mine/setup.py", "", "libs/yours/setup.py", "", "libs/third/setup.py", "", "wheels/a-1-py3-none-any.whl",
		"",
	)).Python.Requirements[0].Sources
	want := manager.Sources{
		Files:   []string{"requirements.txt", "deps/base.txt", "deps/more.txt", "constraints.txt"},
		Local:   []string{"libs/mine", "libs/yours", "libs/third", "wheels/a-1-py3-none-any.whl"},
		Options: []string{"--no-binary lxml"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVersionFiles(t *testing.T) {
	a := read(files("manage.py", "", ".python-version", "# ours\n\n3.12.4 # security\n", "runtime.txt",
		"python-3.11.2\r\n",
		"package.json", `{"engines": {"node": ">=20"}}`, ".nvmrc", "v22\n", ".node-version", "22.1.0"))
	got := []versions.Request{a.Python.Files[0].PythonVersion, a.Python.Files[0].RuntimeTxt, a.Node[0].Engines,
		a.Node[0].Nvmrc,
		a.Node[0].NodeVersion}
	want := []versions.Request{request("3.12.4", ".python-version"), request("python-3.11.2", "runtime.txt"),
		request(">=20", "engines.node in package.json"), request("v22", ".nvmrc"), request("22.1.0", ".node-version")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNode(t *testing.T) {
	n := read(files("package.json", "\xef\xbb\xbf"+`{"scripts": {"build": "vite build", "postinstall": "x", "odd": 1},
		"dependencies": {"b": "1", "a": "1"}, "devDependencies": {"vite": "8"}, "engines": ["node >= 0.6"]}`,
		".npmrc", "//registry/:_authToken=secret\nlegacy-peer-deps=true\n",
		"package-lock.json",
		`{"packages": {"": {}, "node_modules/a": {}, "node_modules/own": {"link": true, "resolved": "own"}, "own": `+
			`{"hasInstallScript": true}}}`)).Node
	want := []*Node{{
		Dir:     ".",
		Scripts: map[string]string{"build": "vite build", "postinstall": "x"}, Dependencies: []string{"a", "b"},
		DevDependencies: []string{"vite"},
		Locks:           []string{"package-lock.json"}, Lock: Lock{"npm", "1", nil, nil},
		Settings: map[manager.ID]ManagerSettings{manager.NPM: {}}, Remote: map[string]string{},
		Inputs: []string{"package.json", "package-lock.json", "own", "."}, Linked: []Path{"own"},
		SettingsFiles: []SettingsFile{{File: ".npmrc", Lines: []string{"legacy-peer-deps=true"}}},
	}}
	if diff := cmp.Diff(want, n); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWorkspacesCountByTheirPackageJSONAlone(t *testing.T) {
	n := read(files("package.json", `{"workspaces": ["./packages/*", "apps/**", "!apps/old"]}`,
		"packages/a/package.json",
		`{"dependencies": {"b": "workspace:*", "lib": "file:../../libs/lib", "up": "file:../../../out"}}`,
		"packages/a/src.js", "",
		"packages/b/package.json", `{"scripts": {"postinstall": "x"}}`, "packages/c/readme", "",
		"packages/deep/d/package.json", "{}",
		"apps/x/y/package.json", "{}", "apps/old/package.json", "{}", "apps/x/node_modules/z/package.json", "{}",
		"package-lock.json",
		`{"lockfileVersion": 3, "packages": {"": {}, "packages/a": {}, "packages/b": {"hasInstallScript": true}}}`)).NodeIn(".")
	if diff := cmp.Diff([]string{"apps/x/y", "packages/a", "packages/b"}, n.Workspaces); diff != "" {
		t.Errorf("workspaces (-want +got):\n%s", diff)
	}
	want := []string{"package.json", "package-lock.json", "apps/x/y/package.json", "packages/a/package.json",
		"libs/lib", "packages/b/package.json", "packages/b"}
	if diff := cmp.Diff(want, n.Inputs); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
}

func TestManagersAreNamedInThreePlaces(t *testing.T) {
	n := read(files("package.json", `{"packageManager": "pnpm@9.1.0+sha512.ab", "engines": {"pnpm": ">=9", "npm": 1},
		"devEngines": {"packageManager": {"name": "pnpm", "version": "^9"}}}`)).NodeIn(".")
	want := []Manager{
		{"pnpm", request("9.1.0", "packageManager in package.json"), "sha512.ab", true},
		{"pnpm", request("^9", "devEngines.packageManager in package.json"), "", true},
		{"pnpm", request(">=9", "engines.pnpm in package.json"), "", false},
	}
	if diff := cmp.Diff(want, n.Managers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPackageJSONMayHoldAnythingWhereNobodyLooks(t *testing.T) {
	a := read(files("package.json",
		`{"devEngines": ["x", {"packageManager": 1}], "packageManager": {}, "engines": ["node"], "workspaces": `+
			`{"packages": "x"}, "dependencies": {"a": {}}}`))
	if n := a.NodeIn("."); len(n.Unreadable) > 0 || len(n.Managers) > 0 || len(n.Workspaces) > 0 {
		t.Errorf("got %+v", n)
	}
	tolerant := read(files("package.json",
		`{"devEngines": {"packageManager": [{"name": "yarn", "onFail": "warn"}, {"version": "1"}, 2]}}`)).NodeIn(".").Managers
	if diff := cmp.Diff([]Manager{{Name: "yarn", Version: request("", "devEngines.packageManager in package.json")}},
		tolerant); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSettingsNameTheVariablesThatTheyNeed(t *testing.T) {
	n := read(files("package.json", "{}", ".npmrc",
		"# ${COMMENT}\nregistry=https://r.example\n//r.example/:_authToken=${TOKEN}\n"+
			"//s.example/:_authToken=${OTHER:-none}\na=${ONE?}\n",
		".yarnrc.yml", "npmAuthToken: \"${YARN_TOKEN}\"\nnodeLinker: pnp\n")).NodeIn(".")
	want := []SettingsFile{
		{".npmrc", []string{"registry=https://r.example", "a=${ONE?}"}, []Variable{{"TOKEN", ".npmrc, line 3"}}},
		{".yarnrc.yml", []string{"nodeLinker: pnp"}, []Variable{{"YARN_TOKEN", ".yarnrc.yml, line 1"}}},
	}
	if diff := cmp.Diff(want, n.SettingsFiles); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What an installation makes and what is committed must not be taken for one another: the former is removed.
func TestWhatIsCommittedIsNotMade(t *testing.T) {
	own := read(files("front/package.json", "{}", "front/yarn.lock", "__metadata:\n  version: 8\n", "front/.pnp.cjs",
		"", "front/.yarn/cache/a.zip", "")).NodeIn("front").Settings[manager.YarnBerry]
	if diff := cmp.Diff([]string{".pnp.cjs", ".yarn/cache"}, own.Brought); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, name := range own.Outputs {
		if name == ".pnp.cjs" || name == ".yarn/cache" {
			t.Errorf("%s would be removed", name)
		}
	}
}

func TestProcfile(t *testing.T) {
	a := read(files("Procfile",
		"# comment\r\nweb: gunicorn a.wsgi --bind 0.0.0.0:$PORT\r\n\r\nworker:celery -A a worker\nnot a process\n"+
			"release: python manage.py migrate"))
	want := []Process{{Type: "web", Command: "gunicorn a.wsgi --bind 0.0.0.0:$PORT", Line: 2},
		{Type: "worker", Command: "celery -A a worker", Line: 4},
		{Type: "release", Command: "python manage.py migrate", Line: 6}}
	if diff := cmp.Diff(want, a.Procfile); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(a.Unreadable) != 1 || !strings.Contains(a.Unreadable[0].Err.Error(), "line 5") {
		t.Errorf("got problems %v, want one about line 5", a.Unreadable)
	}
}

func TestHooksThatCallPip(t *testing.T) {
	for script, want := range map[string]bool{
		"pip install x": true, "set -e; pip3 install -r more.txt": true, "python -m pip list": true,
		"echo a && python3.12 -m pip check": true, "#!/bin/sh\n  pip install -U pip": true,
		"# pip install x": false, "echo a # pip install x": false, "npm i pip-installer": false, "bin/pip.sh": false,
		"pipenv sync": false, "uvx pip-audit": false, "uv pip install x": false,
	} {
		if got := read(files("bin/post_compile", script)).Hooks.PostCompile.CallsPip; got != want {
			t.Errorf("%q calls pip: %v, want %v", script, got, want)
		}
	}
}

func TestHooks(t *testing.T) {
	hooks := read(files("bin/pre-compile", "echo", "bin/post_compile", "#!/usr/bin/env python\n", "bin/post-compile",
		"never")).Hooks
	want := Hooks{PreCompile: &Hook{Path: "bin/pre-compile", Shebang: false, Text: "echo"},
		PostCompile: &Hook{Path: "bin/post_compile", Shebang: true, Text: "#!/usr/bin/env python\n"}}
	if diff := cmp.Diff(want, hooks); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNamesNode(t *testing.T) {
	for text, want := range map[string]bool{
		"npm run build": true, "pnpx serve dist": true, "cd x && node server.js": true, "node_modules/.bin/gulp": true,
		"/app/.heroku/node/bin": true,
		"python nodes.py":       false, "echo my-node": false, "gunicorn app.node": false,
	} {
		if got := NamesNode(text); got != want {
			t.Errorf("NamesNode(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestUploadedAndPrivateFiles(t *testing.T) {
	a := read(files("manage.py", "", "node_modules/a/key.pem", "", "venv/pyvenv.cfg", "", "venv/x.key", "",
		"front/node_modules/x", "", ".env", "", ".env.example", "",
		".git/HEAD", "", "db.sqlite3", "", "conf/id_rsa", "", "conf/id_rsa.pub", "", "conf/server.key", "",
		"conf/private-key.pem", "", "conf/ca.pem", ""))
	if diff := cmp.Diff([]Path{"front/node_modules", "node_modules", "venv"}, a.Uploaded); diff != "" {
		t.Errorf("uploaded (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".env", ".git/", "conf/id_rsa", "conf/private-key.pem", "conf/server.key",
		"db.sqlite3"}, a.Private); diff != "" {
		t.Errorf("private (-want +got):\n%s", diff)
	}
}

func TestRevision(t *testing.T) {
	sum := strings.Repeat("ab", 20)
	for name, fsys := range map[string]fs.FS{
		"detached": files(".git/HEAD", sum+"\n"),
		"branch":   files(".git/HEAD", "ref: refs/heads/main\n", ".git/refs/heads/main", sum+"\n"),
		"packed": files(".git/HEAD", "ref: refs/heads/main\n", ".git/packed-refs",
			"# pack-refs\n"+sum+" refs/heads/main\n"),
		"packed, one of several": files(".git/HEAD", "ref: refs/heads/main\n", ".git/packed-refs",
			sum+" refs/heads/main\n"+strings.Repeat("cd", 20)+" refs/heads/other\n^"+strings.Repeat("ef", 20)+"\n"),
	} {
		if got := PreCompile(fsys).Revision; got != sum {
			t.Errorf("%s: got %q, want %q", name, got, sum)
		}
	}
	if sha256 := strings.Repeat("ab", 32); read(files(".git/HEAD", sha256)).Revision != sha256 {
		t.Error("a commit of a repository with SHA-256 is not known")
	}
	for _, head := range []string{"abc", sum + sum, strings.Repeat("x", 40), ""} {
		if got := read(files(".git/HEAD", head)).Revision; got != "" {
			t.Errorf("%q is a commit: %q", head, got)
		}
	}
	if got := read(files(".git/HEAD", "ref: ../../etc/passwd")).Revision; got != "" {
		t.Errorf("got %q for a reference out of .git", got)
	}
}

func TestTagsAndOriginOfAClone(t *testing.T) {
	sum, other := strings.Repeat("ab", 20), strings.Repeat("cd", 20)
	for name, c := range map[string]struct {
		fsys fs.FS
		want string
	}{
		"loose":  {files(".git/HEAD", sum, ".git/refs/tags/v1", sum+"\n", ".git/refs/tags/v2", other), "v1"},
		"packed": {files(".git/HEAD", sum, ".git/packed-refs", sum+" refs/tags/v1\n"+other+" refs/tags/v2\n"), "v1"},
		"annotated": {files(".git/HEAD", sum, ".git/packed-refs", other+" refs/tags/v1\n^"+sum+"\n"+other+
			" refs/tags/v2\n"), "v1"},
		"several": {files(".git/HEAD", sum, ".git/refs/tags/v1", sum, ".git/refs/tags/v2", sum), "v2"},
		"none":    {files(".git/HEAD", sum, ".git/packed-refs", sum+" refs/heads/main\n"), ""},
		"unknown": {files(".git/HEAD", "x", ".git/refs/tags/v1", sum), ""},
	} {
		if got := read(c.fsys).Tag; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	a := read(files(".git/config", "[remote \"origin\"]\n\turl = https://u:p@git.example.com/a.git\n"))
	if a.Origin != "https://git.example.com/a.git" {
		t.Errorf("origin: %q", a.Origin)
	}
}

func TestWhatACloneHasNotFetched(t *testing.T) {
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:" + strings.Repeat("ab", 32) + "\nsize 12345\n"
	a := read(files("static/logo.svg", pointer, "node_modules/a/b", pointer, "docs/lfs.md", pointer+
		strings.Repeat("x", 100),
		"a.txt", strings.Repeat("x", 150), "package.json", pointer, "requirements.txt", "",
		".gitmodules", "[submodule \"a\"]\n\tpath = vendor/a\n[submodule \"b\"]\n\tpath = b\n[submodule \"c\"]\n"+
			"\tpath = c\n[submodule \"d\"]\n\tpath = ../d\n",
		"c/README.md", "", "vendor/x", ""))
	if diff := cmp.Diff([]string{"package.json", "static/logo.svg"}, a.Pointers); diff != "" {
		t.Errorf("pointers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Path{"vendor/a", "b"}, a.Submodules); diff != "" {
		t.Errorf("submodules (-want +got):\n%s", diff)
	}
	var about *fail.Error
	if err := a.Node[0].Unreadable[0].Err; !errors.As(err, &about) || about.ID != "app/git-lfs" {
		t.Errorf("the error about package.json is %v", err)
	}
}

func TestDigestDependsOnNamesAndContentsAlone(t *testing.T) {
	sum := func(fsys fs.FS) string {
		t.Helper()
		s, err := Digest(fsys, "a", "absent")
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	base := sum(files("a/x", "1", "a/y", "2"))
	if got := sum(files("a/x", "1", "a/y", "2", "a/node_modules/z", "3", "b", "")); got != base {
		t.Error("a folder made by tools, or one that was not asked for, changed the digest")
	}
	for name, fsys := range map[string]fs.FS{
		"contents": files("a/x", "1", "a/y", "3"), "name": files("a/x", "1", "a/z", "2"),
		"cut": files("a/x", "12", "a/y", ""), "more": files("a/x", "1", "a/y", "2", "a/z", ""),
	} {
		if sum(fsys) == base {
			t.Errorf("other %s, same digest", name)
		}
	}
}

// Whatever lies in the app: Read comes back and what it cannot understand is a problem, never a crash.
func TestReadSurvivesAnything(t *testing.T) {
	names := []string{"package.json", "pyproject.toml", "uv.lock", "requirements.txt", "Procfile", ".python-version",
		"runtime.txt", ".nvmrc",
		"bin/post_compile", "package-lock.json", ".git/HEAD", "manage.py", ".tool-versions", "mise.toml", "Pipfile",
		"Pipfile.lock",
		"yarn.lock", "pnpm-lock.yaml", ".npmrc", ".yarnrc", ".yarnrc.yml",
		"pnpm-workspace.yaml", "front/package.json", "front/yarn.lock"}
	random := rand.New(rand.NewSource(1))
	for range 300 {
		fsys := fstest.MapFS{}
		for _, name := range names {
			data := make([]byte, random.Intn(200))
			random.Read(data)
			switch random.Intn(5) {
			case 0:
				fsys[name+"/inside"] = &fstest.MapFile{Data: data}
			case 1:
				fsys[name] = &fstest.MapFile{Data: data, Mode: fs.ModeNamedPipe}
			case 2, 3:
				fsys[name] = &fstest.MapFile{Data: data}
			}
		}
		read(fsys)
	}
}

func TestProblemsNameTheFileAndThePlace(t *testing.T) {
	for want, fsys := range map[string]fs.FS{
		"line 2, column 8":  files("package.json", "{\n  \"a\": }"),
		"The file is empty": files("package.json", ""),
		"it is a directory": files("package.json/x", ""),
		"pyproject.toml is": files("pyproject.toml", "[["),
	} {
		a := read(fsys)
		problems := a.Unreadable
		for _, n := range a.Node {
			problems = append(problems, n.Unreadable...)
		}
		if len(problems) == 0 || !strings.Contains(problems[0].Err.Error(), want) {
			t.Errorf("got %v, want %q", problems, want)
		}
	}
}

func TestFormOfProcessTypes(t *testing.T) {
	for line, want := range map[string][]string{
		"a_b-z9AZ0: x y": {"a_b-z9AZ0", "x y"}, "web : x": {"web", "x"}, "web:x:y": {"web", "x:y"},
		"web:": nil, ": x": nil, "web": nil, "we b: x": nil, "a@b: x": nil, "a[b: x": nil, "ä: x": nil, "a{: x": nil,
	} {
		name, command, ok := cutProcess(line)
		if ok != (want != nil) || ok && (name != want[0] || command != want[1]) {
			t.Errorf("%q: got %q, %q, %v", line, name, command, ok)
		}
	}
}

func TestProfilesAreScripts(t *testing.T) {
	a := read(files(".profile.d/a.sh", "", ".profile.d/README.md", "", ".profile", ""))
	if diff := cmp.Diff([]string{".profile.d/a.sh", ".profile"}, a.Profiles); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhichFoldersAreProjects(t *testing.T) {
	a := read(files("web/package.json", "{}", "static/package.json", "{}", "static/lib/package.json", "{}",
		"node_modules/a/package.json", "{}", "venv/pyvenv.cfg", "", "venv/a/package.json", "{}",
		"a/b/c/package.json", "{}", "a/b/c/d/package.json", "{}"))
	var dirs, static []string
	for _, n := range a.Node {
		dirs = append(dirs, n.Dir)
		if n.OfStatic() {
			static = append(static, n.Dir)
		}
	}
	if diff := cmp.Diff([]string{"a/b/c", "static", "web"}, dirs) + cmp.Diff([]string{"static"}, static); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What the root says about versions of managers is for the folders below it too, but not which manager they have.
func TestManagersOfTheRootAreInherited(t *testing.T) {
	const named = `{"packageManager": "pnpm@9.1.0"}`
	web := read(files("package.json", named, "web/package.json", "{}")).NodeIn("web")
	want := []Manager{{Name: "pnpm", Version: request("9.1.0", "packageManager in package.json")}}
	if diff := cmp.Diff(want, web.Managers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	beside := read(files("api/package.json", named, "web/package.json", `{"packageManager": ""}`)).NodeIn("web")
	if len(beside.Managers) > 0 {
		t.Errorf("from the folder beside: %+v", beside.Managers)
	}
}

func TestDependenciesThatAreFoldersAreInputs(t *testing.T) {
	n := read(files("package.json", `{"workspaces": ["a"], "dependencies":
		{"a": "file:a", "b": "./libs/b", "c": "link:../c", "d": "1", "e": "file:.", "f": "file:/f"}}`,
		"a/package.json", "{}", "libs/b/package.json", "{}")).NodeIn(".")
	if diff := cmp.Diff([]string{"package.json", "a/package.json", "libs/b"}, n.Inputs); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReasonsOfJSON(t *testing.T) {
	for want, c := range map[string]struct {
		text string
		err  error
	}{
		"The file is empty.": {" \n", errors.New("x")},
		"too deep":           {"{}", errors.New("too deep")},
		"line 2, column 1: json: cannot unmarshal array into Go value of type int\n    [": {"{\n[",
			&json.UnmarshalTypeError{Value: "array", Type: reflect.TypeFor[int](), Offset: 3}},
	} {
		if got := jsonReason(c.text, c.err); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if where(".") != "the root directory" || where("web") != "web" {
		t.Errorf("got %s and %s", where("."), where("web"))
	}
}

func TestTheRootIsThereOnceItIsListed(t *testing.T) {
	r := newReader(files("a/x", ""))
	r.list(".")
	for name, want := range map[string]bool{".": true, "a": true, "a/x": false, "b": false} {
		if got := r.isDir(name); got != want {
			t.Errorf("%s is a directory: %v", name, got)
		}
	}
}
