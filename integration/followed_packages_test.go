package integration

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/manager"
)

// number is a front end with a script and a package.
func number(version, script string) map[string]string {
	return map[string]string{"requirements.txt": "",
		"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"is-number": "` + version +
			`"}, "scripts": {"build": "` + script + `"}}`}
}

// onlyScript is one that installs nothing, which is most of the time of such a build.
func onlyScript(script string) map[string]string {
	return map[string]string{"requirements.txt": "",
		"package.json": `{"name": "a", "version": "1.0.0", "scripts": {"build": "` + script + `"}}`}
}

// lockOf is a lock of npm for is-number.
func lockOf(integrity string) string {
	return `{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a", "version": ` +
		`"1.0.0", "dependencies": {"is-number": "7.0.0"}}, "node_modules/is-number": {"version": "7.0.0", ` +
		`"integrity": "` + integrity + `"}}}`
}

// What is left out: a package behind a login and an address that is not reached (company_test.go has them), git and the
// compiler that a build image lacks and this machine has, and pnpm approve-builds, which asks its user questions.
var nodeRows = []followed{
	{name: "no such version", files: number("7.99.99", "true"), says: []string{"[node/no-such-package]"},
		fix: []act{corrected("Correct it in package.json", "package.json", "7.99.99", "7.0.0")}},
	{name: "another checksum",
		files: merged(number("7.0.0", "true"),
			map[string]string{"package-lock.json": lockOf("sha512-" + strings.Repeat("A", 86) + "==")}),
		says: []string{"[node/integrity]"},
		fix:  []act{ran("rm package-lock.json && npm install --package-lock-only")}},
	{name: "another version of Node.js",
		files: map[string]string{"requirements.txt": "", ".npmrc": "engine-strict=true\n",
			"package.json":     `{"name": "a", "version": "1.0.0", "dependencies": {"old": "file:old"}}`,
			"old/package.json": `{"name": "old", "version": "1.0.0", "engines": {"node": "22.x"}}`},
		says: []string{"[node/engine]"}, fix: []act{ran("echo 22 > .nvmrc")}, log: []string{"Node.js 22."}},
	{name: "a package for macOS",
		files: map[string]string{"requirements.txt": "",
			"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"fsevents": "2.3.3"}}`},
		says: []string{"[node/platform]", "fsevents@2.3.3"},
		fix:  []act{ran("npm install --save-optional fsevents")}},
	{name: "a command that is not there", files: onlyScript("semver 1.2.3"),
		says: []string{"[step/command-not-found]", "No package.json of the app has it"},
		fix:  []act{ran("npm install --save-dev semver")}},
	{name: "the same with Yarn",
		files: merged(number("7.0.0", "semver 1.2.3"),
			map[string]string{"yarn.lock": "# yarn lockfile v1\n\n\nis-number@7.0.0:\n  version \"7.0.0\"\n"}),
		says: []string{"[step/command-not-found]"},
		fix:  []act{withNode("yarn@1.22.22", "yarn add --dev semver")},
		log:  []string{"yarn install --frozen-lockfile"}},
	{name: "a module that is not there", files: onlyScript("node -e \\\"require('is-odd')\\\""),
		says: []string{"[step/module-not-found]"}, fix: []act{ran("npm install --save-dev is-odd")}},
	{name: "the hash of webpack 4", files: onlyScript("node -e \\\"require('crypto').createHash('md4')\\\""),
		says: []string{"[step/old-openssl]"}, fix: []act{given("NODE_OPTIONS=--openssl-legacy-provider")}},
	{name: "Node.js's heap", files: onlyScript("node -e \\\"a = []; for (i = 0; i < 6e6; i++) a.push({})\\\""),
		env:  map[string]string{"NODE_OPTIONS": "--max-old-space-size=200"},
		says: []string{"[build/out-of-memory]"}, fix: []act{given("NODE_OPTIONS=--max-old-space-size=4096")}},
}

func TestWhoFollowsTheErrorsGetsAGreenBuildNode(t *testing.T) { follow(t, nil, nodeRows) }

const sixProject = "[project]\nname = \"app\"\nversion = \"1\"\nrequires-python = \">=3.10\"\n" +
	"dependencies = [\"six==1.16.0\"]\n"

var pythonRows = []followed{
	{name: "uv.lock",
		files: map[string]string{"pyproject.toml": sixProject,
			"uv.lock": "version = 1\nrequires-python = \">=3.10\"\n\n[[package]]\nname = \"app\"\nversion = \"1\"\n" +
				"source = { virtual = \".\" }\n"},
		says: []string{"[python/lock-out-of-sync]"}, fix: []act{withPython(manager.UV, "uv lock")}},
	{name: "poetry.lock",
		files: map[string]string{"pyproject.toml": "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\n" +
			"python = \"^3.10\"\n",
			"poetry.lock": "package = []\n\n[metadata]\nlock-version = \"2.1\"\npython-versions = \"^3.9\"\n" +
				"content-hash = \"00\"\n"}, says: []string{"[python/lock-out-of-sync]"},
		fix: []act{withPython(manager.Poetry, "poetry lock")}},
	{name: "contradictions",
		files: map[string]string{"requirements.txt": "six==1.16.0\n-r more.txt\n", "more.txt": "six==1.17.0\n"},
		says:  []string{"[python/conflict]"},
		fix:   []act{corrected("Change one of the versions above", "more.txt", "six==1.17.0", "six")}},
	{name: "some hashes",
		files: map[string]string{"requirements.txt": "six==1.17.0 " + sixHash + "\nattrs==24.3.0\n",
			"requirements.in": "six==1.17.0\nattrs==24.3.0\n"}, says: []string{"[python/hash-missing]"},
		fix: []act{withPython(manager.UV,
			"uv pip compile --generate-hashes requirements.in --output-file requirements.txt")}},
	{name: "another Python",
		files: map[string]string{"requirements.txt": "./libs/mine\n", "libs/mine/mine.py": "",
			"libs/mine/pyproject.toml": "[project]\nname = \"mine\"\nversion = \"1\"\nrequires-python = \">=3.14\"\n" +
				"[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n"},
		says: []string{"[python/requires-python]"}, fix: []act{ran("echo 3.14 > .python-version")},
		log: []string{"Python 3.14."}},
}

func TestWhoFollowsTheErrorsGetsAGreenBuildPython(t *testing.T) { follow(t, nil, pythonRows) }

// A package of which there is only the source, and a library for it that this machine has not either.
func TestWhoFollowsTheErrorsGetsAGreenBuildLibrary(t *testing.T) {
	for _, program := range []string{"mysql_config", "mariadb_config"} {
		if path, err := exec.LookPath(program); err == nil {
			skip(t, "mysql", errorOf(path))
		}
	}
	follow(t, nil,
		[]followed{{name: "mysqlclient", files: map[string]string{"requirements.txt": "mysqlclient==2.2.7\n"},
			env:  map[string]string{"BP_APT": "off"}, // or the build installs it
			says: []string{"[python/missing-library]", "Can not find valid pkg-config name"},
			fix:  []act{replaced("requirements.txt", "mysqlclient==2.2.7", "PyMySQL")}}})
}

type errorOf string

func (e errorOf) Error() string { return "this machine has " + string(e) }
