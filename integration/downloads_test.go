package integration

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// spoils is a build script that looks whether the package is the registry's, and then changes all that package managers
// have downloaded.
const spoils = `
const fs = require('fs'), path = require('path');
const installed = fs.readFileSync(require.resolve('is-odd'), 'utf8');
if (installed.includes('NUMBER')) throw new Error('a spoiled package is installed');
const layers = path.resolve(process.execPath, '../../..');
let spoiled = 0;
function spoil(file) {
  const old = fs.readFileSync(file);
  let data = Buffer.from(old.toString('latin1').replaceAll('number', 'NUMBER'), 'latin1');
  const zipped = /\.(zip|tgz)$/.test(file) || old[0] === 0x1f && old[1] === 0x8b;
  if (data.equals(old) && zipped) data[data.length >> 1] ^= 0xff;
  if (data.equals(old)) return;
  fs.chmodSync(file, 0o644);
  fs.writeFileSync(file, data);
  spoiled++;
}
function walk(dir) {
  for (const entry of fs.readdirSync(dir, {withFileTypes: true})) {
    const name = path.join(dir, entry.name);
    if (entry.isDirectory()) walk(name);
    if (entry.isFile()) spoil(name);
  }
}
const places = ['npm', 'yarn-classic', 'yarn-berry', 'pnpm'].map((id) => path.join(layers, id));
for (const name of fs.readdirSync(path.join(layers, 'private'))) {
  if (name.startsWith('downloads-')) places.push(path.join(layers, 'private', name));
}
places.filter((dir) => fs.existsSync(dir)).forEach(walk);
console.log('spoiled ' + spoiled + ' files');
`

// With own, a package in the app, npm does not begin with the packages of the build before.
var own = map[string]string{"own/package.json": `{"name": "own", "version": "1.0.0"}`}

// downloading are apps of each manager.
var downloading = []struct {
	name  string
	files map[string]string
	lock  *command // makes the lock; nil: there is none
	env   map[string]string
	fed   bool // the build downloads for npm: only descriptions of packages are left to spoil, if npm asks for any
}{
	{name: "npm", files: own, lock: &npmLock, env: map[string]string{"BP_NPM_FEED": "false"}},
	{name: "npm with the build's downloads", files: own, lock: &npmLock, fed: true},
	{name: "npm without a lock"},
	{name: "Yarn 1", lock: &yarnLock},
	{
		name: "Yarn 4", lock: &berryLock,
		files: map[string]string{"yarn.lock": "", ".yarnrc.yml": "enableTelemetry: false\nnodeLinker: node-modules\n"},
	},
	{name: "pnpm", lock: &command{"pnpm@10.34.8", []string{"pnpm", "install", "--lockfile-only", "--ignore-scripts"}}},
}

// cached are the layers that these apps have in the cache: none has downloads.
var cached = []string{"python", "venv", "bytecode", "node", "headers", "node-modules", "tool_node-modules"}

// What a script does to the downloads of a package manager is not installed by the next build, and does not stop it.
func TestSpoiledDownloadsAreNotInstalled(t *testing.T) {
	t.Parallel()
	spec.Run(t, "manager", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range downloading {
			it(c.name, func() {
				p := warm(t)
				more := map[string]string{"is-odd": "3.0.1", "is-number": "7.0.0"}
				for round, dependencies := range []map[string]string{{"is-odd": "3.0.1"}, more} {
					if _, local := c.files["own/package.json"]; local {
						dependencies["own"] = "file:own"
					}
					log := mustBuild(t, p, devenv.Build{App: spoiling(t, c.files, dependencies, c.lock),
						Env: merged(map[string]string{"BP_LOG_LEVEL": "debug"}, c.env)}) // which names what Tandem fed
					want := `spoiled [1-9]\d* files`
					if c.fed {
						want = `packages were downloaded and unpacked for npm\n(?s:.*)spoiled \d+ files`
					}
					if !regexp.MustCompile(want).MatchString(log) {
						t.Fatalf("no %s:\n%s", want, log)
					}
					if strings.Contains(log, "brought up to date") {
						t.Fatalf("round %d begins with old packages:\n%s", round, log)
					}
					if err := p.Restore(); err != nil {
						t.Fatal(err)
					}
					kept, err := filepath.Glob(filepath.Join(p.Layers, "cache-*.toml"))
					if err != nil {
						t.Fatal(err)
					}
					for _, layer := range kept {
						name := strings.TrimPrefix(strings.TrimSuffix(filepath.Base(layer), ".toml"), "cache-")
						if !slices.Contains(cached, name) {
							t.Errorf("the layer %s is kept", name)
						}
					}
				}
			})
		}
	}, spec.Parallel())
}

// spoiling writes an app that spoils downloads.
func spoiling(t *testing.T, files, dependencies map[string]string, lock *command) string {
	t.Helper()
	list, err := json.Marshal(dependencies)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{
		"requirements.txt": "", "Procfile": "web: python -m http.server $PORT\n", "spoil.js": spoils,
		"package.json": `{"name": "a", "version": "1.0.0", "scripts": {"build": "node spoil.js"}, "dependencies": ` +
			string(list) + `}`,
	}
	maps.Copy(all, files)
	app := write(t, all)
	if lock == nil {
		return app
	}
	if err := env.NodeTool(t.Context(), app, lock.spec, lock.argv...); err != nil {
		t.Fatal(err)
	}
	if err := removeAll(app, "node_modules", ".yarn"); err != nil {
		t.Fatal(err)
	}
	return app
}
