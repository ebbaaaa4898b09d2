package app

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/versions"
)

func TestWhereVersionsStand(t *testing.T) {
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  any
	}{
		"several lines": {files(".python-version", "3.12\n\n# old\n3.11\n"),
			PythonVersions{Files: []VersionFiles{{PythonVersion: request("3.12",
				".python-version, the first of 2 lines")}}}},
		"comments only": {files(".python-version", "# none\n"), PythonVersions{}},
		"requires-python": {files("pyproject.toml", "[project]\nrequires-python = ' >=3.9 '\n"),
			PythonVersions{RequiresPython: request(">=3.9", "requires-python in pyproject.toml")}},
		"requires-python that is no text": {files("manage.py", "", "pyproject.toml",
			"[project]\nrequires-python = 3.9\n"), PythonVersions{}},
		"Poetry": {files("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.9'\n"),
			PythonVersions{PoetryPython: request("^3.9", "tool.poetry.dependencies.python in pyproject.toml")}},
		"Poetry, a table": {files("pyproject.toml", "[tool.poetry.dependencies]\npython = {version = '~3.9'}\n"),
			PythonVersions{PoetryPython: request("~3.9", "tool.poetry.dependencies.python in pyproject.toml")}},
		"Poetry, a bare version": {files("pyproject.toml", "[tool.poetry.dependencies]\npython = '3.9'\n"),
			PythonVersions{PoetryPython: request("==3.9", "tool.poetry.dependencies.python in pyproject.toml")}},
		"uv.lock": {files("uv.lock",
			"version = 1\nrequires-python = \">=3.12, <4\"\nresolution-markers = [\n  \"a\",\n]\n\n[[package]]\n"+
				"name = \"x\"\n"),
			PythonVersions{UVLockPython: request(">=3.12, <4", "requires-python in uv.lock")}},
		"Pipfile.lock before Pipfile, full before line": {
			files("Pipfile.lock",
				`{"_meta": {"requires": {"python_version": "3.11", "python_full_version": "3.11.4"}}}`, "Pipfile",
				"[requires]\npython_version = '3.12'\n"),
			PythonVersions{Pipfile: request("3.11.4", "python_full_version in Pipfile.lock")}},
		"Pipfile.lock without a version": {files("Pipfile.lock", `{"_meta": {"requires": {}}}`, "Pipfile",
			"[requires]\npython_version = '3.12'\n"),
			PythonVersions{Pipfile: request("3.12", "python_version in Pipfile")}},
		"asdf": {files("manage.py", "", ".tool-versions", "# x\nnodejs 22.1.0\npython  3.12.1 3.11.2 # two\n"),
			PythonVersions{Files: []VersionFiles{{ToolVersions: request("3.12.1", "python in .tool-versions")}}}},
		"asdf without a version": {files("manage.py", "", ".tool-versions", "python\n"), PythonVersions{}},
		"mise, no version":       {files("manage.py", "", "mise.toml", "[tools]\npython = []\n"), PythonVersions{}},
		"the machine's own": {files("manage.py", "", ".tool-versions", "python system\n", "mise.toml",
			"[tools]\npython = 'system'\n"), PythonVersions{}},
		"mise": {files("manage.py", "", "mise.toml", "[tools]\npython = ['3.12', '3.11']\n", ".mise.toml",
			"[tools]\npython = '3.9'\n"),
			PythonVersions{Files: []VersionFiles{{Mise: request("3.12", "python in mise.toml")}}}},
		"mise, hidden": {files("manage.py", "", ".mise.toml", "[tools]\npython = {version = '3.9'}\n"),
			PythonVersions{Files: []VersionFiles{{Mise: request("3.9", "python in .mise.toml")}}}},

		"engines and Volta": {files("package.json",
			`{"engines": {"node": " >=20 ", "npm": "9"}, "volta": {"node": "20.1.0", "npm": "9"}}`),
			NodeVersions{Engines: request(">=20", "engines.node in package.json"),
				Volta: request("20.1.0", "volta.node in package.json")}},
		"fields of another form": {files("package.json",
			`{"engines": ["node >= 0.6"], "volta": 1, "devEngines": {"runtime": "node"}}`), NodeVersions{}},
		"devEngines": {files("package.json",
			`{"devEngines": {"runtime": {"name": "node", "version": "^22", "onFail": "warn"}}}`),
			NodeVersions{DevEngines: request("^22", "devEngines.runtime in package.json")}},
		"devEngines, several": {files("package.json",
			`{"devEngines": {"runtime": [{"name": "bun", "version": "1"}, {"name": "node", "version": "^22"}]}}`),
			NodeVersions{DevEngines: request("^22", "devEngines.runtime in package.json")}},
		"asdf and mise for Node": {files("package.json", "{}", ".tool-versions", "python 3.12\nnodejs lts\n",
			"mise.toml", "[tools]\nnode = '22'\n"),
			NodeVersions{ToolVersions: request("lts", "nodejs in .tool-versions"),
				Mise: request("22", "node in mise.toml")}},
	} {
		t.Run(name, func(t *testing.T) {
			a := read(c.files)
			var got any
			if want, python := c.want.(PythonVersions); python && want.Files == nil {
				want.Files = []VersionFiles{{}} // of the root
				c.want = want
			}
			if _, node := c.want.(NodeVersions); node {
				got = a.Node[0].NodeVersions
			} else {
				got = a.Python.PythonVersions
			}
			if diff := cmp.Diff(c.want, got); diff != "" || len(a.Unreadable) > 0 {
				t.Errorf("problems %v, (-want +got):\n%s", a.Unreadable, diff)
			}
		})
	}
}

func request(want, source string) versions.Request {
	return versions.Request{Want: want, Source: source}
}

func TestABrokenFileOfVersionsIsAProblem(t *testing.T) {
	for name, text := range map[string]string{"mise.toml": "[tools", "Pipfile": "["} {
		problems := read(files("manage.py", "", name, text)).Python.Unreadable
		if len(problems) == 0 || !strings.Contains(problems[0].Err.Error(), name+" is not valid") {
			t.Errorf("%s: got %v", name, problems)
		}
	}
}

func TestAFrontEndOfItsOwnHasTheVersionFilesOfTheRootToo(t *testing.T) {
	r := newReader(files(".nvmrc", "20", ".node-version", "20", ".tool-versions", "node 20", "front/.nvmrc", "22",
		"front/.tool-versions", "python 3\n", "front/mise.toml", "tools.node = '22'"))
	want := NodeVersions{Engines: request(">=20", "engines.node in front/package.json"),
		Nvmrc:       request("22", "front/.nvmrc"),
		NodeVersion: request("20", ".node-version"), ToolVersions: request("20", "node in .tool-versions"),
		Mise: request("22", "node in front/mise.toml")}
	if diff := cmp.Diff(want, r.nodeVersions("front", packageJSON{Engines: map[string]any{"node": ">=20"}},
		r.nodeFiles("."))); diff != "" || len(r.unreadable) > 0 {
		t.Errorf("problems %v, (-want +got):\n%s", r.unreadable, diff)
	}
}

func TestAFileWithTooLongAVersionIsMalformed(t *testing.T) {
	a := read(files("manage.py", "", ".python-version", strings.Repeat("3", 200_000), "package.json", "{}",
		".nvmrc", strings.Repeat("2", 200_000)))
	for _, problems := range [][]Unreadable{a.Python.PythonVersions.Unreadable, a.Node[0].NodeVersions.Unreadable} {
		if len(problems) != 1 || !strings.Contains(problems[0].Err.Error(), "It has more than 64 KB.") ||
			!strings.Contains(problems[0].Err.Error(), "(version/malformed)") {
			t.Errorf("got %v", problems)
		}
	}
}
