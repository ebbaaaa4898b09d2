package integration

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// server is a process of Node.js. Its page says which packages it finds and what its environment has of Node.
const server = `const find = name => { try { return String(require(name)(3)) } catch (e) { return e.code } }
const text = JSON.stringify({odd: find("is-odd"), even: find("is-even"), env: Object.keys(process.env).filter(n => /^(npm|node|yarn|pnpm)/i.test(n)).sort(), mode: process.env.NODE_ENV})
require("http").createServer((_, answer) => answer.end(text)).listen(process.env.PORT)
`

// ssr is a package with one package for the server and one for development.
const ssr = `{"name": "ssr", "version": "1.0.0", "scripts": {"start": "node server.js"}, "dependencies": {"is-odd": ` +
	`"3.0.1"}, "devDependencies": {"is-even": "1.0.0"}%s}`

// nativeModule is one in C, whose interface needs nothing but headers. https://nodejs.org/api/n-api.html
const nativeModule = "#include <node_api.h>\nNAPI_MODULE_INIT() { napi_value v; napi_get_boolean(env, true, &v); " +
	"napi_set_named_property(env, exports, \"truth\", v); return exports; }\n"

// workspacesOf is a server in one workspace that needs another one, which needs the package.
func workspacesOf(version string) map[string]string {
	return map[string]string{
		"package.json": `{"name": "root", "version": "1.0.0", "private": true, "workspaces": ` +
			`["packages/*"], "devDependencies": {"is-even": "1.0.0"}}`,
		"packages/a/package.json": fmt.Sprintf(`{"name": "a", "version": "1.0.0", "dependencies": {"b": %q, `+
			`"is-number": "4.0.0"}}`, version),
		"packages/a/server.js":    strings.Replace(server, `"is-odd"`, `"b"`, 1),
		"packages/b/package.json": `{"name": "b", "version": "1.0.0", "dependencies": {"is-odd": "3.0.1"}}`,
		"packages/b/index.js":     "module.exports = require('is-odd')\n",
	}
}

// answer is what the page of server says.
type answer struct {
	Odd, Even, Mode string
	Env             []string
}

// launched are Django apps with a process that Node.js runs. Most are built twice, and asked for both pages.
var launched = []struct {
	name    string
	files   map[string]string
	make    []command
	drop    []string
	env     map[string]string
	process string
	log     []string
	hides   []string // what the log does not have
	layers  []string // those of Node in the image
	vars    []string // Node's in the environment of the process, of which npm's own are left out
	once    bool     // a second build would show nothing that another app of the same manager does not
}{
	{
		name: "node, packages of npm", make: []command{npmLock}, process: "node server.js",
		log:    []string{"Node.js is in the image: the process ssr calls it", "$ npm prune --omit=dev"},
		layers: []string{"app-node-modules", "node"},
	},
	{
		// It is compiled for this Node.js, whose headers the image has not. A setting has it copied into node_modules.
		name: "a native module", make: []command{npmLock}, process: "node server.js",
		layers: []string{"app-node-modules", "node"},
		files: map[string]string{
			// npm-run-all hands settings of package.json to npm, which warns of those that it does not know.
			"package.json": `{"name": "ssr", "version": "1.0.0", "scripts": {"build": "run-s version", ` +
				`"version": "node --version"}, "dependencies": {"is-odd": "3.0.1"}, "devDependencies": {"is-even": ` +
				`"1.0.0", "npm-run-all": "4.1.5"}, "optionalDependencies": {"native": "file:native"}}`,
			"server.js": strings.Replace(server, `find("is-odd")`, `String(require("native").truth)`, 1),
			".npmrc":    "install-links=true\n",
			"native/package.json": `{"name": "native", "version": "1.0.0", "main": "build/Release/native.node", ` +
				`"scripts": {"install": "node-gyp rebuild"}}`,
			"native/binding.gyp": `{"targets": [{"target_name": "native", "sources": ["native.c"]}]}`,
			"native/native.c":    nativeModule,
		},
		log:   []string{"between machines): native", "run-s version"},
		hides: []string{"Unknown cli config", "Unknown env config"},
		// The headers are in the archive of Node.js: nothing is downloaded for node-gyp.
		env: map[string]string{"NODEJS_ORG_MIRROR": "http://127.0.0.1:9/"},
	},
	{name: "npm start", once: true, make: []command{npmLock}, process: "exec npm start",
		layers: []string{"app-node-modules", "node"}},
	{
		name: "Yarn 1", make: []command{yarnLock}, process: "yarn start",
		log:    []string{"$ yarn install --frozen-lockfile --production"},
		layers: []string{"app-node-modules", "node", "tool_node-modules"},
	},
	{
		name: "Yarn 4, node_modules", make: []command{berryLock}, drop: []string{".yarn"}, process: "yarn start",
		files:  map[string]string{"yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n"},
		log:    []string{"$ yarn workspaces focus --all --production"},
		layers: []string{"app-node-modules", "node", "tool_node-modules"},
	},
	{
		name: "pnpm 10", make: []command{pnpmLock("10.34.8")}, process: "pnpm start",
		log:    []string{"$ pnpm install --frozen-lockfile --prod"},
		layers: []string{"app-node-modules", "node", "tool_node-modules"},
		vars:   []string{"pnpm_config_pm_on_fail", "pnpm_config_verify_deps_before_run"},
	},
	{
		name: "pnpm 11, only node", once: true, make: []command{pnpmLock("11.28.10")}, process: "node server.js",
		layers: []string{"app-node-modules", "node"},
		files:  map[string]string{"package.json": fmt.Sprintf(ssr, `, "packageManager": "pnpm@11.28.10"`)},
	},
	{
		name: "bun", make: []command{bunLock()}, process: "bun run start",
		log:    []string{"$ bun install --frozen-lockfile --production"},
		layers: []string{"app-node-modules", "node", "tool_node-modules"},
	},
	{
		name: "npm, workspaces", once: true, make: []command{npmLock}, drop: []string{"packages/a/node_modules"},
		process: "cd packages/a && node server.js",
		files:   workspacesOf("1.0.0"), layers: []string{"app-node-modules", "node"},
	},
	{
		name: "pnpm 10, workspaces", once: true, make: []command{pnpmLock("10.34.8")},
		drop: []string{"packages/a/node_modules"}, process: "cd packages/a && node server.js",
		files:  with(workspacesOf("workspace:*"), "pnpm-workspace.yaml", "packages: [packages/*]\n"),
		layers: []string{"app-node-modules", "node"},
	},
}

// nodeApp is a Django app with a process that Node.js runs.
func nodeApp(t *testing.T, process string, files map[string]string, make []command, drop []string) string {
	t.Helper()
	all := map[string]string{"Procfile": "web: gunicorn mysite.wsgi\nssr: " + process + "\n", "server.js": server,
		"package.json": fmt.Sprintf(ssr, "")}
	app := write(t, site("", merged(all, files)))
	for _, command := range make {
		if err := env.NodeTool(t.Context(), app, command.spec, command.argv...); err != nil {
			t.Fatal(err)
		}
	}
	if err := removeAll(app, append(drop, "node_modules")...); err != nil {
		t.Fatal(err)
	}
	return app
}

// ours matches what npm, Yarn, pnpm and bun give to the scripts that they run.
var ours = regexp.MustCompile(`(?i)^(npm_|NODE$|YARN_|PNPM_SCRIPT|BUN_)`)

// askJSON starts a process and reads its page, which is JSON, into got.
func askJSON(t *testing.T, p *devenv.Phases, process string, vars map[string]string, got any) {
	t.Helper()
	s, err := p.Serve(t.Context(), process, vars)
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := devenv.Answer(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(body), got); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
}

// asks starts a process of server and compares its page; it gives Node's variables, without those of a package manager
// that runs it.
func asks(t *testing.T, p *devenv.Phases, process, command string) []string {
	t.Helper()
	var got answer
	askJSON(t, p, process, map[string]string{"HOME": "/nonexistent"}, &got)
	if got.Odd != "true" || got.Even != "MODULE_NOT_FOUND" || got.Mode != "production" {
		t.Errorf("the process finds %+v", got)
	}
	if !strings.Contains(command, "node server.js") {
		got.Env = slices.DeleteFunc(got.Env, ours.MatchString)
	}
	return got.Env
}

// ofNode are the layers of the image that are neither Python's nor the environment. No layer of the image is cached as
// a directory, and none is for later buildpacks.
func ofNode(t *testing.T, p *devenv.Phases) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var layer struct {
			Types struct{ Launch, Cache, Build bool }
		}
		if _, err := toml.DecodeFile(file, &layer); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".toml")
		if layer.Types.Launch && !slices.Contains([]string{"env", "bytecode", "python", "venv"}, name) {
			names = append(names, name)
		}
		if layer.Types.Launch && layer.Types.Cache || layer.Types.Build {
			t.Errorf("layer %s has types %+v", name, layer.Types)
		}
	}
	if _, err := os.Stat(filepath.Join(p.Layers, "node", "include")); err == nil {
		t.Error("the image has Node's headers")
	}
	return names
}

// unchanged compares those of the files that the source has.
func unchanged(t *testing.T, source, app string, names ...string) {
	t.Helper()
	for _, name := range names {
		before, err := os.ReadFile(filepath.Join(source, name))
		if err != nil {
			continue
		}
		after, err := os.ReadFile(filepath.Join(app, name))
		if err != nil || string(before) != string(after) {
			t.Errorf("%s is another than in the source (%v)", name, err)
		}
	}
}
