package manager

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/versions"
)

func TestALockTellsItsManagerAndFormat(t *testing.T) {
	for text, c := range map[string]struct {
		file   string
		id     ID
		format string
	}{
		`{"lockfileVersion": 1}`:                 {"package-lock.json", "npm", "1"},
		`{"packages": {}}`:                       {"npm-shrinkwrap.json", "npm", "1"},
		`{"lockfileVersion": 3, "packages": {}}`: {"web/package-lock.json", "npm", "3"},
		"# yarn lockfile v1\n\na@1:\n":           {"yarn.lock", "yarn-classic", "1"},
		"":                                       {"yarn.lock", "yarn-classic", "1"},
		"# x\n\n__metadata:\n  version: 8\n":     {"yarn.lock", "yarn-berry", "8"},
		"__metadata:\r\n  version: 4\r\n  cacheKey: 7\r\n": {"yarn.lock", "yarn-berry", "4"},
		"lockfileVersion: 5.4\n":                           {"pnpm-lock.yaml", "pnpm", "5.4"},
		"lockfileVersion: '6.0'\n":                         {"pnpm-lock.yaml", "pnpm", "6.0"},
		"---\nlockfileVersion: '9.0'\n":                    {"pnpm-lock.yaml", "pnpm", "9.0"},
		"// x\n{\n  \"lockfileVersion\": 1,\n}\n":          {"bun.lock", "bun", "1"},
		"{}": {"bun.lock", "bun", ""},
	} {
		m, ok := NodeLock(c.file, text)
		if !ok || m.Data().ID != c.id {
			t.Errorf("%s %q is of %q", c.file, text, m.Data().ID)
			continue
		}
		if lock, err := m.ReadLock(text); err != nil || lock.Format != c.format {
			t.Errorf("%s %q has the format %q, %v", c.file, text, lock.Format, err)
		}
	}
	if m, ok := NodeLock("bun.lockb", "#!/usr/bin/env bun\n"); ok {
		t.Errorf("bun.lockb is of %q", m.Data().ID)
	}
	if m, ok := BinaryLock("web/bun.lockb"); !ok || m.ID != Bun {
		t.Errorf("bun.lockb is of %q", m.ID)
	}
	if m, ok := BinaryLock("bun.lock"); ok {
		t.Errorf("bun.lock is binary, of %q", m.ID)
	}
}

func TestLocksNameWhatComesFromElsewhere(t *testing.T) {
	git := "git+ssh://git@example.com/a/x.git#0123"
	for name, c := range map[string]struct{ file, text, address string }{
		"npm 1": {"package-lock.json",
			`{"dependencies": {"a": {"version": "1.0.0", "dependencies": {"x": {"version": "` + git + `"}}}}}`, git},
		"npm 3": {"package-lock.json",
			`{"lockfileVersion": 3, "packages": {"": {}, "node_modules/a/node_modules/x": {"resolved": "` + git +
				`"}, "node_modules/b": {"resolved": "https://r.example/b/-/b-1.tgz"}}}`, git},
		"yarn 1": {"yarn.lock",
			"x@" + git + ":\n  version \"1.0.0\"\n  resolved \"" + git +
				"\"\n\nb@1:\n  version \"1.0.0\"\n  resolved \"https://r.example/b/-/b-1.tgz#x\"\n", git},
		"yarn 4": {"yarn.lock",
			"__metadata:\n  version: 8\n\n\"x@git+ssh\":\n  version: 1.0.0\n  resolution: \"x@" + git +
				"\"\n\n\"b@npm:1\":\n  resolution: \"b@npm:1.0.0\"\n", git},
		"pnpm 9": {"pnpm-lock.yaml",
			"lockfileVersion: '9.0'\npackages:\n\n  x@git+https://example.com/a/x.git#0123:\n" +
				"    resolution: {commit: x}\n\n  b@1.0.0:\n", "git+https://example.com/a/x.git#0123"},
		"bun": {"bun.lock",
			"{\n  \"packages\": {\n    \"x\": [\"x@" + git + "\", {}, \"0123\"],\n\n" +
				"    \"@a/b\": [\"@a/b@1.0.0\", \"\", {}, \"sha512-x==\"],\n" +
				"    \"c\": [\"c@file:parts/c\", {}],\n  }\n}\n", git},
	} {
		m, _ := NodeLock(c.file, c.text)
		lock, err := m.ReadLock(c.text)
		if diff := cmp.Diff(map[string]string{"x": c.address}, lock.Remote); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestPNPMsLockHasEngines(t *testing.T) {
	const text = `---
lockfileVersion: '9.0'
packages:
  'pnpm@12.21.0':
    engines: {node: '>=18'}
---
lockfileVersion: '9.0'
importers:
  .:
    engines: {node: '>=99'}
packages:

  '@tailwindcss/cli@4.1.17':
    resolution: {integrity: sha512-x==}
    engines: {node: '>= 20'}
    hasBin: true

  bare@1.0.0:
    engines: {node: 22.x, npm: '>=9'}

  twice@1.0.0:
    engines: {node: '>=8'}

  twice@2.0.0:
    resolution: {integrity: sha512-x==}

  other@1.0.0:
    engines: {vscode: ^1.0.0}

snapshots:
  late@1.0.0:
    engines: {node: '>=8'}
`
	lock, err := newPNPM().ReadLock(text)
	want := map[string]string{"pnpm": ">=18", "@tailwindcss/cli": ">= 20", "bare": "22.x"}
	if diff := cmp.Diff(want, lock.Engines); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestNPMsLockNamesLocalPackages(t *testing.T) {
	for text, want := range map[string]Lock{
		`{"dependencies": {"own": {"version": "file:libs/own"}, "packed": {"version": "file:p.tgz"}}}`: {Format: "1",
			Local: []string{"libs/own", "p.tgz"}, Linked: []string{"libs/own"}},
		`{"lockfileVersion": 2, "packages": {"": {}, "own": {"hasInstallScript": true}, "libs/b": {}, ` +
			`"node_modules/own": {"link": true, "resolved": "own"}}}`: {
			Format: "2", Local: []string{"libs/b", "own"}, Linked: []string{"own"}},
	} {
		got, err := newNPM().ReadLock(text)
		want.Remote = map[string]string{}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestNodeNamed(t *testing.T) {
	for want, id := range map[string]ID{
		"yarn@1.22.22": "yarn-classic", "yarn@4.1.0": "yarn-berry", "yarn@^3": "yarn-berry", "yarn@": "yarn-berry",
		"yarn@~0.27": "yarn-classic",
		"npm@11":     "npm", "pnpm@9.0.0": "pnpm", "pnpm@": "pnpm", "bun@1.0.0": "bun", "deno@2": "",
		"yarn@>=1.22": "yarn-classic",
	} {
		name, version, _ := strings.Cut(want, "@")
		if m, ok := NodeNamed(name, version); m.Data().ID != id || ok != (id != "") {
			t.Errorf("%s is %q, %v", want, m.Data().ID, ok)
		}
	}
}

// A release that is ours has a digest, and reads a format that no other one of its major version is for.
func TestReleases(t *testing.T) {
	for _, m := range Nodes() {
		for _, r := range m.Data().releases("amd64") {
			if !strings.HasPrefix(r.Integrity, "sha512-") || len(r.Integrity) != 95 || len(r.Formats) == 0 {
				t.Errorf("%s %+v", m.Data().ID, r)
			}
			if number, _ := versions.Major(r.Version); !m.Data().has(number) {
				t.Errorf("%s is not %s", r.Version, m.Data().ID)
			}
			if found, ok := m.Data().Release("amd64", r.Formats[0], r.Version); !ok || found.Version != r.Version {
				t.Errorf("%s %s is not found: %+v", m.Data().ID, r.Version, found)
			}
		}
	}
	pnpm := newPNPM().Data()
	latest := map[int]string{}
	for _, r := range slices.Backward(pnpm.releases("amd64")) { // the latest of a major version is its first
		number, _ := versions.Major(r.Version)
		latest[number] = r.Version
	}
	for in, want := range map[[2]string]string{
		{"9.0", ""}: latest[10], {"9.0", ">=8"}: latest[10], {"9.0", "^9"}: latest[9], {"6.0", ">=8"}: latest[8],
		{"9.0", "8.x"}: "", {"7", ""}: "", {"9.0", "10.34.8"}: "10.34.8",
	} {
		if r, _ := pnpm.Release("amd64", in[0], in[1]); r.Version != want {
			t.Errorf("%v: got %q, want %q", in, r.Version, want)
		}
	}
}

func TestOwnSettings(t *testing.T) {
	for name, c := range map[string]struct {
		m    NodeManager
		file string
		text string
		want Settings
	}{
		"workspace": {newPNPM(), "pnpm-workspace.yaml", "packages:\n  - 'a/*'\n  - \"!b\"\nminimumReleaseAge: 5\n",
			Settings{Workspaces: []string{"a/*", "!b"}}},
		"classic": {newYarn(), ".yarnrc",
			"yarn-path \".yarn/releases/yarn-1.22.19.js\"\n\"yarn-offline-mirror\" ./mirror\nlastUpdateCheck 1\n",
			Settings{Program: ".yarn/releases/yarn-1.22.19.js", Inputs: []string{"mirror"}}},
	} {
		got, err := c.m.ReadSettings(func(file string) (string, bool) { return c.text, file == c.file })
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
	for text, want := range map[string]bool{"": true, "nodeLinker: pnp": true, "nodeLinker: node-modules": false,
		"nodeLinker: pnpm": false} {
		if own, err := newBerry().ReadSettings(func(string) (string, bool) { return text, true }); err != nil ||
			own.PnP != want {
			t.Errorf("%q: PnP is %v, %v", text, own.PnP, err)
		}
	}
	note := []string{`cacheFolder ("vendor/c") is not used, since packages are in node_modules`}
	for text, want := range map[string]struct {
		outputs int // of cacheFolder
		notes   []string
	}{
		"cacheFolder: vendor/c": {1, nil}, "cacheFolder: ./vendor/c": {1, nil},
		"cacheFolder: ./.yarn/cache\nnodeLinker: node-modules": {}, "nodeLinker: node-modules": {},
		"cacheFolder: vendor/c\nnodeLinker: node-modules": {0, note},
	} {
		own, err := newBerry().ReadSettings(func(string) (string, bool) { return text, true })
		if got := len(own.Outputs) - 8; err != nil || got != want.outputs || !slices.Equal(own.Notes, want.notes) {
			t.Errorf("%q: %d more outputs, notes %q, %v", text, got, own.Notes, err)
		}
	}
	if _, err := newBerry().ReadSettings(func(string) (string, bool) { return "a: [", true }); err == nil {
		t.Error("settings that are no YAML are read")
	}
}

func TestNPM6GetsDevDependenciesToo(t *testing.T) {
	for version, want := range map[string]string{"6.14.18": "dev", "7.0.0": "", "11.19.1": ""} {
		if got := newNPM().Env(Use{Version: version})["npm_config_also"]; got != want {
			t.Errorf("%s: got %q", version, got)
		}
	}
}

func TestBerryKeepsPackagesWhereTheyRun(t *testing.T) {
	for want, u := range map[string]Use{
		"true": {}, "false": {Settings: Settings{PnP: true}}, " false": {Brought: []string{".yarn/cache"}},
	} {
		if got := newBerry().Env(u)["YARN_ENABLE_GLOBAL_CACHE"]; got != strings.TrimSpace(want) {
			t.Errorf("%+v: got %s", u, got)
		}
	}
}

func TestAsksFindsWhoWantsAnAddress(t *testing.T) {
	remote := map[string]string{
		"ssh": "git+ssh://git@a.example/o/x.git#v1", "https": "git+https://b.example/o/y.git", "short": "github:o/z",
		"archive": "https://c.example/z.tgz",
		"scoped":  "https://c.example/@org/o/a.tgz",
	}
	for output, want := range map[string][]string{
		"npm error command git ls-remote ssh://git@a.example/o/x.git\n": {"ssh"},
		"Repository URL: https://b.example/o/y.git\n":                   {"https"},
		"git ls-remote ssh://git@hub.example/o/z.git":                   {"short"},
		"network request to https://c.example/z.tgz failed":             {"archive"},
		"npm error 404 Not Found":                                       nil,
		"network request to https://other.example/org/o/a.tgz failed":   nil,
	} {
		if diff := cmp.Diff(want, Asks(remote, output)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", output, diff)
		}
	}
}

func TestAnAppMayBringNpmsDownloads(t *testing.T) {
	for line, want := range map[string]string{
		"cache=npm-cache": "npm-cache", `cache = "./vendor/npm"`: "vendor/npm", "cache=~/.npm": "", "cache=/tmp/x": "",
		"cache=${HOME}/x": "", "cache-min=1": "", "cache=../x": "",
	} {
		if got := BroughtCache([]string{"offline=true", line}); got != want {
			t.Errorf("%s: got %q", line, got)
		}
	}
}

func TestCommandsWithoutDevDependencies(t *testing.T) {
	want := []string{"npm", "ci", "--omit=dev", "--no-audit"}
	if got := WithoutDev([]string{"npm", "ci", "--include=dev", "--no-audit"}); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// Without a lockfile, a package may have the command of its name, unless it has a scope.
func TestCommandsOfPackages(t *testing.T) {
	for name, want := range map[string][]string{
		"left-pad": {"left-pad"}, "@scope/left-pad": nil, "postcss-cli": {"postcss"}, "@angular/cli": {"ng"},
	} {
		if got := Programs(name); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// A line of bun.lock is a package only if it is whole.
func TestLinesOfBunsLock(t *testing.T) {
	for line, remote := range map[string]bool{
		`"a": ["a@git+https://git.example.com/a.git#1", {}],`: true,
		`"@s/a": ["@s/a@https://example.com/a.tgz", {}],`:     true,
		`"a": ["a@git+https://git.example.com/a.git#1`:        false,
		`"a": "a@git+https://git.example.com/a.git#1",`:       false,
		`"a": ["@git+https://git.example.com/a.git#1", {}],`:  false,
		`"a": ["git+https://git.example.com/a.git", {}],`:     false,
		`"a": ["", {}],`:  false,
		`"a": ["@", {}],`: false,
		`"a": ["a", {}],`: false,
	} {
		lock, err := Node(Bun).ReadLock(line)
		if err != nil || (len(lock.Remote) > 0) != remote {
			t.Errorf("%s: %v, %v", line, lock.Remote, err)
		}
	}
}

// Of the packages of a lockfile of npm, those in node_modules itself have programs and engines.
func TestNPMsLockNamesWhatIsInstalledAtTheTop(t *testing.T) {
	lock, err := Node(NPM).ReadLock(`{"lockfileVersion": 3, "packages": {"": {"name": "x"},
"node_modules/a": {"version": "1", "bin": {"a": "a.js"}, "engines": {"node": ">=20"}},
"node_modules/b": {"version": "1", "engines": {"node": ">=22"}},
"node_modules/a/node_modules/c": {"version": "1", "bin": {"c": "c.js"}, "engines": {"node": ">=24"}}}}`)
	if err != nil || len(lock.Engines) != 2 || lock.Engines["a"] != ">=20" || lock.Engines["b"] != ">=22" {
		t.Errorf("%v, %v", lock.Engines, err)
	}
	if len(lock.Programs["a"]) != 1 || lock.Programs["c"] != nil {
		t.Errorf("%v", lock.Programs)
	}
}

func TestInstallScriptsThatNpmBlocks(t *testing.T) {
	for line, want := range map[string]string{
		"npm warn install-scripts   esbuild@0.25.0 (postinstall: node install.js)":  "esbuild",
		"npm warn install-scripts   @parcel/watcher@2.5.1 (install: node a.js)":     "@parcel/watcher",
		"npm warn install-scripts 2 packages had install scripts blocked (because)": "",
		"npm warn install-scripts   $(id)@1 (postinstall: x)":                       "",
		"npm warn install-scripts   aA09zZ@1 (postinstall: x)":                      "aA09zZ",
		"npm warn install-scripts   a{@1 (postinstall: x)":                          "",
		"npm warn install-scripts   a:@1 (postinstall: x)":                          "",
		"npm warn install-scripts   a@b":                                            "",
		"npm warn install-scripts   esbuild (postinstall: x)":                       "",
		"npm warn install-scripts   --yes@1 (postinstall: x)":                       "",
		"npm warn install-scripts   esbuild":                                        "",
		"esbuild@0.25.0 (postinstall: node install.js)":                             "",
	} {
		if got, ok := BlockedScript(line); ok != (want != "") || ok && got != want {
			t.Errorf("%q: got %q, %v", line, got, ok)
		}
	}
}
