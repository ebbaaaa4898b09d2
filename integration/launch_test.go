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
	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/internal/devenv"
)

// server is a process of Node.js. Its page says which packages it finds and what its environment has of Node.
const server = `const find = name => { try { return String(require(name)(3)) } catch (e) { return e.code } }
const text = JSON.stringify({odd: find("is-odd"), even: find("is-even"), env: Object.keys(process.env).filter(n => /^(npm|node|yarn|pnpm)/i.test(n)).sort(), mode: process.env.NODE_ENV})
require("http").createServer((_, answer) => answer.end(text)).listen(process.env.PORT)
`

// ssr is a package with one package for the server and one for development.
const ssr = `{"name": "ssr", "version": "1.0.0", "scripts": {"start": "node server.js"}, "dependencies": {"is-odd": "3.0.1"}, "devDependencies": {"is-even": "1.0.0"}%s}`

// answer is what the page of server says.
type answer struct {
	Odd, Even, Mode string
	Env             []string
}

// launched are Django apps with a process that Node.js runs. Each is built twice and asked for both pages.
var launched = []struct {
	name    string
	files   map[string]string
	make    []command
	drop    []string
	env     map[string]string
	process string
	log     []string
	layers  []string // those of Node in the image
	vars    []string // Node's in the environment of the process, of which npm's own are left out
}{
	{
		name: "node, packages of npm", make: []command{npmLock}, process: "node server.js",
		log:    []string{"Node.js is in the image: the process ssr calls it", "Running npm prune --omit=dev"},
		layers: []string{"app-node-modules", "node"},
	},
	{name: "npm start", make: []command{npmLock}, process: "exec npm start", layers: []string{"app-node-modules", "node"}},
	{
		name: "Yarn 1", make: []command{yarnLock}, process: "yarn start", log: []string{"Running yarn install --frozen-lockfile --production"},
		layers: []string{"app-node-modules", "node", "tool_node-modules"},
	},
	{
		name: "Yarn 4, node_modules", make: []command{berryLock}, drop: []string{".yarn"}, process: "yarn start",
		files: map[string]string{"yarn.lock": "", ".yarnrc.yml": "nodeLinker: node-modules\n"},
		log:   []string{"Running yarn workspaces focus --all --production"}, layers: []string{"app-node-modules", "node", "tool_node-modules"},
	},
	{
		name: "pnpm 10", make: []command{pnpmLock("10.34.8")}, process: "pnpm start", log: []string{"Running pnpm install --frozen-lockfile --prod"},
		layers: []string{"app-node-modules", "node", "tool_node-modules"}, vars: []string{"pnpm_config_pm_on_fail", "pnpm_config_verify_deps_before_run"},
	},
	{
		name: "pnpm 11, only node", make: []command{pnpmLock("11.28.10")}, process: "node server.js", layers: []string{"app-node-modules", "node"},
		files: map[string]string{"package.json": fmt.Sprintf(ssr, `, "packageManager": "pnpm@11.28.10"`)},
	},
	{
		name: "npm, workspaces", make: []command{npmLock}, drop: []string{"packages/a/node_modules"}, process: "cd packages/a && node server.js",
		files: map[string]string{
			"package.json":            `{"name": "root", "version": "1.0.0", "private": true, "workspaces": ["packages/*"], "devDependencies": {"is-even": "1.0.0"}}`,
			"packages/a/package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"b": "1.0.0", "is-number": "4.0.0"}}`, "packages/a/server.js": strings.Replace(server, `"is-odd"`, `"b"`, 1),
			"packages/b/package.json": `{"name": "b", "version": "1.0.0", "dependencies": {"is-odd": "3.0.1"}}`, "packages/b/index.js": "module.exports = require('is-odd')\n",
		},
		layers: []string{"app-node-modules", "node"},
	},
}

func TestNodeInTheImage(t *testing.T) {
	for _, c := range launched {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := phases(t)
			app := nodeApp(t, c.process, c.files, c.make, c.drop)
			var ids [][]string
			for round, mentions := range [][]string{c.log, {"unchanged, kept from an earlier build"}} {
				log := mustBuild(t, p, devenv.Build{App: app, Env: c.env})
				contains(t, log, mentions, nil)
				if diff := cmp.Diff(c.layers, ofNode(t, p)); diff != "" {
					t.Errorf("layers of Node in the image (-want +got):\n%s", diff)
				}
				ids = append(ids, nil)
				for _, layer := range c.layers {
					ids[round] = append(ids[round], layer+" "+contentsID(t, p, layer))
				}
				if diff := cmp.Diff(append([]string{"NODE_ENV"}, c.vars...), asks(t, p, "ssr", c.process)); diff != "" {
					t.Errorf("Node's variables (-want +got):\n%s", diff)
				}
				visit(t, p, nil, map[string]string{"/": "this is plain"})
				unchanged(t, app, filepath.Join(p.Dir, "app"), "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "package.json")
				if err := p.Restore(); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(ids[0], ids[1]); diff != "" {
				t.Errorf("contents of layers (-first +second):\n%s", diff)
			}
		})
	}
}

// nodeApp is a Django app with a process that Node.js runs.
func nodeApp(t *testing.T, process string, files map[string]string, make []command, drop []string) string {
	t.Helper()
	all := map[string]string{"Procfile": "web: gunicorn mysite.wsgi\nssr: " + process + "\n", "server.js": server, "package.json": fmt.Sprintf(ssr, "")}
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

// ours matches what npm, Yarn and pnpm give to the scripts that they run.
var ours = regexp.MustCompile(`(?i)^(npm_|NODE$|YARN_|PNPM_SCRIPT)`)

// asks starts a process of server and compares its page; it gives Node's variables, without those of a package manager that runs it.
func asks(t *testing.T, p *devenv.Phases, process, command string) []string {
	t.Helper()
	s, err := p.Serve(t.Context(), process, map[string]string{"HOME": "/nonexistent"})
	if err != nil {
		t.Fatal(err)
	}
	_, body, err := get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	var got answer
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if got.Odd != "true" || got.Even != "MODULE_NOT_FOUND" || got.Mode != "production" {
		t.Errorf("the process finds %+v", got)
	}
	if !strings.Contains(command, "node server.js") {
		got.Env = slices.DeleteFunc(got.Env, ours.MatchString)
	}
	return got.Env
}

// ofNode are the layers of the image that are neither Python's nor the environment.
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
		if layer.Types.Launch && !slices.Contains([]string{"env", "python", "venv"}, name) {
			names = append(names, name)
		}
		if layer.Types.Launch && (layer.Types.Cache || layer.Types.Build) {
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

// Django may read files of node_modules when it runs. Then the image has them, and nothing that could run them.
func TestNodeModulesWithoutNodeInTheImage(t *testing.T) {
	p := phases(t)
	app := nodeApp(t, "true", map[string]string{"Procfile": "web: python -m http.server $PORT\n"}, []command{npmLock}, nil)
	contains(t, mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{"BP_NODE_MODULES_LAUNCH": "true"}}),
		[]string{"node_modules is in the image, without devDependencies: BP_NODE_MODULES_LAUNCH=true"}, nil)
	if diff := cmp.Diff([]string{"app-node-modules"}, ofNode(t, p)); diff != "" {
		t.Errorf("layers of Node in the image (-want +got):\n%s", diff)
	}
	if _, err := os.Stat(filepath.Join(p.Layers, "app-node-modules", "env", "PATH.prepend")); err == nil {
		t.Error("programs of node_modules are on PATH, and Node.js is not there")
	}
	if _, err := os.Stat(filepath.Join(p.Layers, "app-node-modules", "node_modules", "is-even")); err == nil {
		t.Error("a devDependency is in the image")
	}
	visit(t, p, nil, map[string]string{"/node_modules/is-odd/package.json": `"is-odd"`})
}

// A variable keeps Node out of the image, whatever a process calls.
func TestNodeIsKeptOutOfTheImage(t *testing.T) {
	p := phases(t)
	app := nodeApp(t, "node server.js", nil, []command{npmLock}, nil)
	contains(t, mustBuild(t, p, devenv.Build{App: app, Env: map[string]string{"BP_NODE_LAUNCH": "false"}}),
		[]string{"Node.js: the process ssr calls it, and it is not in the image, because BP_NODE_LAUNCH=false"}, nil)
	clean(t, p)
	visit(t, p, nil, map[string]string{"/": "this is plain"})
}
