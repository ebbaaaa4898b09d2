package integration

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// frontEnd is a package whose build needs a package and a development tool.
const frontEnd = `{"name": "front", "version": "1.0.0", "scripts": {"build": "esbuild main.js --bundle --outfile=out.js"},
	"dependencies": {"is-odd": "3.0.1"}, "devDependencies": {"esbuild": "0.25.0"}%s}`

// module uses the package.
const module = "import odd from 'is-odd';\nconsole.log(odd(3));\n"

// command is a package manager and what it does to make an app complete.
type command struct {
	spec string // what npm installs; "": npm itself
	argv []string
}

var (
	npmLock = command{"",
		[]string{"npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit"}}
	yarnLock  = command{"yarn@1.22.22", []string{"yarn", "install", "--ignore-scripts"}}
	berryLock = command{"@yarnpkg/cli-dist@4.18.1", []string{"yarn", "install"}}
)

// bunLock is the release of bun that builds use if the app requests none.
func bunLock() command {
	bun := manager.Node(manager.Bun).Data()
	release, _ := bun.Release(runtime.GOARCH, "", "")
	return command{bun.PackageFor(runtime.GOARCH) + "@" + release.Version,
		[]string{"bun", "install", "--lockfile-only"}}
}

func pnpmLock(version string) command {
	return command{"pnpm@" + version, []string{"pnpm", "install", "--lockfile-only", "--ignore-scripts"}}
}

// managed are front ends in the hands of each package manager. Each is built twice, the second time from its caches
// alone, unless another one has shown that with the same package manager and the same kind of directories.
var managed = []struct {
	name    string
	files   map[string]string // beside main.js
	make    []command
	in      string   // where the commands run
	drop    []string // what they leave and nobody would commit
	env     map[string]string
	log     []string // must be in the first build's log
	outputs []string // what the build leaves in the app; each has the package in it
	once    bool
}{
	{
		name: "npm, format 1", files: map[string]string{"package.json": pkg(`, "workspaces": []`)},
		make: []command{{"", append(npmLock.argv[:len(npmLock.argv):len(npmLock.argv)], "--lockfile-version=1")}},
		log:  []string{"$ npm ci --include=dev", "npm run build:"},
	},
	{
		name: "npm of packageManager", once: true,
		files: map[string]string{"package.json": pkg(`, "packageManager": ` +
			`"npm@10.9.9+sha512.d60fba8cb42f688b81e33c2f1cbef2ad7b977166700ec0ad057f1b6d60ea6ef2524abf673e20c35931cd8305d1dbb8887134d6eefdc0e7b8435bd458bf65b862"`)},
		make: []command{npmLock}, log: []string{"npm 10.9.9, from packageManager in package.json", "npm: new"},
	},
	{
		name: "npm without a lock", files: map[string]string{"package.json": pkg("")},
		log: []string{"no lockfile, so the versions may differ", "$ npm install --include=dev",
			"npm run build:"},
	},
	{
		name:  "Yarn 1, workspaces, offline mirror",
		files: with(workspaces("yarn workspaces run build", ""), ".yarnrc", "yarn-offline-mirror \"./mirror\"\n"),
		make:  []command{yarnLock},
		drop:  []string{"packages/a/node_modules", "packages/b/node_modules"}, outputs: members,
		env: map[string]string{"YARN_REGISTRY": "https://nowhere.invalid"},
	},
	{
		name: "pnpm 8 by its lock", once: true, files: map[string]string{"package.json": pkg("")},
		make: []command{pnpmLock("8.15.9")},
		log: []string{"pnpm 8.15.9, from the format of pnpm-lock.yaml", "pnpm install --frozen-lockfile --prod=false",
			"$ pnpm run build"},
	},
	{
		name: "pnpm 10 by its lock, workspaces", make: []command{pnpmLock("10.34.8")}, outputs: members,
		files: with(workspaces("pnpm --recursive run build", ""), "pnpm-workspace.yaml",
			"packages: [packages/*]\nonlyBuiltDependencies: [esbuild]\n"),
		log: []string{"pnpm 10.34.8, from the format of pnpm-lock.yaml", "postinstall: Done"},
	},
	{
		name: "pnpm 11 of engines", once: true,
		files: map[string]string{"package.json": pkg(`, "engines": {"pnpm": "^11"}`),
			"pnpm-workspace.yaml": "allowBuilds:\n  esbuild: true\n"},
		make: []command{pnpmLock("11.28.10")}, log: []string{"pnpm 11.28.10, from engines.pnpm"},
	},
	{
		name: "pnpm 12 of devEngines", once: true,
		files: map[string]string{"package.json": pkg(`, "devEngines": {"packageManager": {"name": "pnpm", "version": ` +
			`"12.20.0"}}`), "pnpm-workspace.yaml": "allowBuilds:\n  esbuild: true\n"},
		make: []command{{"pnpm@12.20.0",
			[]string{"sh", "-c", "pnpm_config_pm_on_fail=ignore pnpm install --lockfile-only"}}},
		log: []string{"pnpm 12.20.0, from devEngines.packageManager"},
	},
	{
		name: "Yarn 4, node_modules", once: true, files: berry("nodeLinker: node-modules\n"),
		make: []command{berryLock},
		drop: []string{".yarn"},
		log:  []string{"yarn 4.18.1, from the format of yarn.lock", "$ yarn install --immutable"},
	},
	{
		name: "Yarn 4 of packageManager, with a checksum", once: true,
		files: with(berry("nodeLinker: node-modules\n"), "package.json",
			pkg(`, "packageManager": `+
				`"yarn@4.5.0+sha512.837566d24eec14ec0f5f1411adb544e892b3454255e61fdef8fd05f3429480102806bac7446bc9daff3896b01ae4b62d00096c7e989f1596f2af10b927532f39"`)),
		make: []command{{"@yarnpkg/cli-dist@4.5.0", []string{"yarn", "install"}}}, drop: []string{".yarn"},
		log: []string{"yarn 4.5.0, from packageManager in package.json"},
	},
	{
		name: "Yarn 4, workspaces",
		files: with(workspaces("yarn workspaces foreach --all run build", ""), "yarn.lock", "", ".yarnrc.yml",
			"nodeLinker: node-modules\n"),
		make: []command{berryLock}, drop: []string{".yarn", "packages/a/node_modules", "packages/b/node_modules"},
		outputs: members,
	},
	{
		name:  "Yarn 4, PnP",
		files: with(berry(""), "bin/post_compile", "node -e 'require(\"is-odd\")' && yarn --version\n"),
		make:  []command{berryLock}, drop: []string{".yarn", ".pnp.cjs"},
		log: []string{"bash bin/post_compile", "    4.18.1\n"},
	},
	{
		name: "Yarn 3, zero-install, of the app", files: berry("yarnPath: .yarn/releases/yarn-3.8.7.cjs\n"),
		make: []command{{"@yarnpkg/cli-dist@3.8.7",
			[]string{"sh", "-c",
				"mkdir -p .yarn/releases && cp \"$(readlink -f \"$(command -v yarn)\")\" " +
					".yarn/releases/yarn-3.8.7.cjs && yarn install"}}},
		drop: []string{".yarn/install-state.gz", ".yarn/unplugged"},
		env:  map[string]string{"YARN_NPM_REGISTRY_SERVER": "https://nowhere.invalid"},
		log:  []string{"yarn .yarn/releases/yarn-3.8.7.cjs, from the app's settings"},
	},
	{
		name: "bun by its lock", once: true, files: map[string]string{"package.json": pkg("")},
		make: []command{bunLock()},
		log:  []string{"bun 1.4.5, from the format of bun.lock", "$ bun install --frozen-lockfile", "$ bun run build"},
	},
	{
		name: "bun without a lock, workspaces", outputs: members,
		files: workspaces("bun run --filter '*' build",
			`, "packageManager": "bun@1.3.0", "trustedDependencies": ["esbuild"]`),
		log: []string{"bun 1.3.0, from packageManager in package.json", "$ bun install\n"},
	},
	{
		name: "pnpm 10, a catalog", once: true,
		files: map[string]string{"package.json": strings.Replace(pkg(""), "3.0.1", "catalog:", 1),
			"pnpm-workspace.yaml": "catalog:\n  is-odd: 3.0.1\nonlyBuiltDependencies: [esbuild]\n"},
		make: []command{pnpmLock("10.34.8")}, log: []string{"pnpm 10.34.8, from the format of pnpm-lock.yaml"},
	},
	{
		name: "two folders", in: "ui", env: map[string]string{"BP_NODE_PROJECT_PATH": "ui, admin/front"},
		files: map[string]string{"ui/package.json": pkg(""), "ui/main.js": module,
			"admin/front/package.json": pkg(""), "admin/front/main.js": module},
		make: []command{npmLock,
			{"pnpm@9.15.9", []string{"sh", "-c", "cd ../admin/front && pnpm install --lockfile-only"}}},
		outputs: []string{"admin/front/out.js", "ui/out.js"},
		log:     []string{"npm run build in ui:", "pnpm run build in admin/front:"},
	},
}

func pkg(more string) string { return fmt.Sprintf(frontEnd, more) }

// members are what workspaces make; of their packages one cannot lie in the root.
var members = []string{"packages/a/out.js", "packages/b/out.js"}

func workspaces(build, more string) map[string]string {
	return map[string]string{
		"package.json": fmt.Sprintf(`{"name": "root", "version": "1.0.0", "private": true, "workspaces": `+
			`["packages/*"], "scripts": {"build": %q}%s}`, build, more),
		"packages/a/package.json": strings.Replace(pkg(""), "front", "a", 1), "packages/a/main.js": module,
		"packages/b/package.json": strings.NewReplacer("front", "b", "3.0.1", "2.0.0").Replace(pkg("")),
		"packages/b/main.js":      module,
	}
}

// berry has an empty lock, by which Yarn knows that the folder is a project.
func berry(settings string) map[string]string {
	return map[string]string{"package.json": pkg(""), "yarn.lock": "",
		".yarnrc.yml": "enableTelemetry: false\n" + settings}
}

func with(files map[string]string, pairs ...string) map[string]string {
	for i := 0; i < len(pairs); i += 2 {
		files[pairs[i]] = pairs[i+1]
	}
	return files
}

func TestNodeManagers(t *testing.T) {
	t.Parallel()
	spec.Run(t, "manager", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range managed {
			it(c.name, func() {
				files := map[string]string{"requirements.txt": "", "Procfile": "web: python -m http.server $PORT\n",
					"main.js": module}
				maps.Copy(files, c.files)
				app := write(t, files)
				for _, command := range c.make {
					if err := env.NodeTool(t.Context(), filepath.Join(app, c.in), command.spec,
						command.argv...); err != nil {
						t.Fatal(err)
					}
				}
				if err := removeAll(app, append(c.drop, "node_modules")...); err != nil {
					t.Fatal(err)
				}
				p := warm(t)
				vars := map[string]string{"NODE_ENV": "production"}
				maps.Copy(vars, c.env)
				outputs := c.outputs
				if outputs == nil {
					outputs = []string{"out.js"}
				}
				for round, mentions := range [][]string{c.log, {"unchanged, cached"}} {
					log := mustBuild(t, p, devenv.Build{App: app, Env: vars})
					contains(t, log, mentions, nil)
					built(t, app, filepath.Join(p.Dir, "app"), outputs)
					unchanged(t, app, filepath.Join(p.Dir, "app"), lockfiles()...)
					clean(t, p)
					if c.once {
						break
					}
					if round == 0 {
						if err := p.Restore(); err != nil {
							t.Fatal(err)
						}
					} else if strings.Contains(log, " install") && strings.Contains(log, "$ npm ci") {
						t.Errorf("the second build installs:\n%s", log)
					}
				}
			})
		}
	}, spec.Parallel())
}

// lockfiles are the names of all lockfiles of Node.js, and the manifest, which no installation may change.
func lockfiles() (all []string) {
	for _, m := range manager.Nodes() {
		all = append(all, m.Data().Locks...)
	}
	return append(all, "package.json", "pnpm-workspace.yaml")
}

// built checks that the build has made its outputs, from the package, and has left nothing else in the app.
func built(t *testing.T, source, app string, outputs []string) {
	t.Helper()
	before := list(t, source)
	added := slices.DeleteFunc(list(t, app), func(name string) bool { return slices.Contains(before, name) })
	if diff := cmp.Diff(outputs, added); diff != "" {
		t.Errorf("files of the build (-want +got):\n%s", diff)
	}
	for _, name := range outputs {
		data, err := os.ReadFile(filepath.Join(app, name))
		if err != nil || !strings.Contains(string(data), "number") {
			t.Errorf("%s has not the package in it: %v\n%s", name, err, data)
		}
	}
}

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
