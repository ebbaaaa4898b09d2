//go:build platforms

package integration

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// theirs are the runtimes that each stand-in for somebody else's buildpack installs. The stand-ins are in
// testdata/others.
var theirs = map[string][]string{
	"heroku-nodejs": {"node"}, "heroku-python": {"cpython", "uv"}, "heroku-procfile": nil,
	"paketo-node-engine": {"node"}, "paketo-npm-install": nil, "paketo-cpython": {"cpython"}, "paketo-pip": {"uv"},
	"paketo-pip-install": nil,
	"paketo-yarn":        nil, "paketo-yarn-install": nil, "paketo-poetry": nil, "paketo-poetry-install": nil,
	"paketo-python-package-managers-install": {"uv"}, "paketo-python-package-managers-run": {"cpython"},
}

// standIns are complete stand-ins, in a folder each.
func standIns(t *testing.T, names ...string) (folders []string) {
	t.Helper()
	for _, name := range names {
		name, optional := strings.CutSuffix(name, devenv.Optional)
		to := filepath.Join(t.TempDir(), name)
		if err := env.StandIn(t.Context(), filepath.Join("testdata/others", name), to, theirs[name]...); err != nil {
			t.Fatal(err)
		}
		if optional {
			to += devenv.Optional
		}
		folders = append(folders, to)
	}
	return folders
}

// both is a Django project whose build script wants Python, and whose settings want Node.js and a devDependency when
// collectstatic runs. Both write down what they have seen; ms is a dependency, picocolors one for development.
var both = site("", map[string]string{
	"package.json": `{"name": "a", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}, "devDependencies": ` +
		`{"picocolors": "1.1.1"}, "scripts": {"build": ` +
		`"python -c 'import django; print(django.__version__)' >static/built.txt && node -e \"require('picocolors'); ` +
		`console.log('NODE_ENV', process.env.NODE_ENV)\" >>static/built.txt"}}`,
	"package-lock.json": `{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {"": ` +
		`{"name": "a", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}, "devDependencies": {"picocolors": ` +
		`"1.1.1"}}, ` +
		`"node_modules/ms": {"version": "2.1.3"}, "node_modules/picocolors": {"version": "1.1.1", "dev": true}}}`,
	"mysite/local.py": "import subprocess, sys\nfrom .settings import *\n" +
		"if \"collectstatic\" in sys.argv and \"help\" not in sys.argv:\n" +
		"    program = 'try { require(\"picocolors\") } catch { process.exit(3) }'\n" +
		"    code = subprocess.call([\"node\", \"-e\", program]) if __import__(\"shutil\").which(\"node\") else 127\n" +
		"    (BASE_DIR / \"static/seen.txt\").write_text(f\"node {code}\\n\")\n",
})

var bothEnv = map[string]string{"DJANGO_SETTINGS_MODULE": "mysite.local", "SECRET_KEY": "only for tests"}

// behind are groups of other people's buildpacks with ours as the last one.
var behind = []struct {
	name    string
	page    int               // which project.toml of the page lists them, counted from 1; 0: see others
	others  []string          // stand-ins; with "?" one that need not take part
	files   map[string]string // beside both's; a pyproject.toml or a yarn.lock stands in the place of another manager's
	lock    func(t *testing.T, dir string)
	env     map[string]string
	log     []string // must be in our part of the log
	not     []string // must not
	layers  []string // of ours, without those of caches
	modules bool     // the app has a node_modules after the build
}{
	{
		name: "Heroku's, as the page has them", page: 1,
		files: map[string]string{"bin/pre_compile": "touch begun\n"},
		log: []string{"Python 3.13", "and the Python packages come from heroku/python",
			"comes from heroku/nodejs, which puts it into every image; node_modules was there before",
			"heroku/python has run collectstatic"},
		not:    []string{"$ uv", "$ npm ci", "Downloading", "Hidden from the package managers"},
		layers: []string{"env"},
	},
	{
		name: "Paketo's, as the page has them", page: 2,
		log: []string{"comes from paketo-buildpacks/cpython, the Python packages come from " +
			"paketo-buildpacks/pip-install", "comes from paketo-buildpacks/node-engine; node_modules was there before",
			"NODE_ENV=development, which an earlier buildpack has set"},
		not: []string{"$ uv", "$ npm ci", "Downloading", "Hidden from the package managers"}, layers: []string{"env"},
	},
	{
		name: "Heroku's Node.js alone", others: []string{"heroku-nodejs"},
		log: []string{"comes from heroku/nodejs, which puts it into every image; node_modules was there before",
			"$ uv"},
		not: []string{"$ npm ci"}, layers: []string{"bytecode", "env", "python", "venv"},
	},
	{
		name: "Heroku's Python alone", others: []string{"heroku-python"},
		log: []string{"and the Python packages come from heroku/python", "$ npm ci"},
		not: []string{"$ uv"}, layers: []string{"env"},
	},
	{
		name: "Paketo's runtimes without packages", others: []string{"paketo-node-engine", "paketo-cpython"},
		log: []string{"comes from paketo-buildpacks/cpython; the packages are installed here",
			"comes from paketo-buildpacks/node-engine; node_modules is installed here", "$ uv", "$ npm ci"},
		not: []string{"Hidden from the package managers"}, layers: []string{"bytecode", "env", "venv"},
	},
	{
		name: "Paketo's, and a process that calls Node.js",
		others: []string{"paketo-node-engine", "paketo-npm-install", "paketo-cpython", "paketo-pip",
			"paketo-pip-install"},
		files:   map[string]string{"Procfile": "web: node -e \"require('ms')\" && exec gunicorn mysite.wsgi\n"},
		modules: true, layers: []string{"env"},
	},
	{
		name: "Heroku's, and a process that calls Node.js", others: []string{"heroku-nodejs", "heroku-python"},
		files: map[string]string{"Procfile": "web: node -e \"require('ms')\" && ! node -e " +
			"\"require('picocolors')\" && exec gunicorn mysite.wsgi\n"},
		modules: true, log: []string{"npm prune --omit=dev"}, layers: []string{"env"},
	},
	{
		name: "Paketo's Poetry",
		others: []string{"paketo-node-engine", "paketo-npm-install", "paketo-cpython", "paketo-pip", "paketo-poetry",
			"paketo-poetry-install"},
		files: map[string]string{"pyproject.toml": project, ".python-version": "3.12\n",
			"poetry.lock": "package = []\n[metadata]\nlock-version = \"2.1\"\npython-versions = \">=3.10\"\n" +
				"content-hash = \"0\"\n"},
		log: []string{"comes from paketo-buildpacks/cpython, the Python packages come from " +
			"paketo-buildpacks/poetry-install. They are not installed again",
			".python-version requests Python 3.12, but paketo-buildpacks/cpython has installed 3.13",
			"It reads BP_CPYTHON_VERSION"},
		not:    []string{"$ uv", "Installing Poetry", "$ npm ci", "Hidden from the package managers"},
		layers: []string{"env"},
	},
	{
		name: "Paketo's Yarn",
		others: []string{"paketo-node-engine", "paketo-yarn", "paketo-yarn-install", "paketo-cpython", "paketo-pip",
			"paketo-pip-install"},
		files: map[string]string{"yarn.lock": "# yarn lockfile v1\n\nms@2.1.3:\n  version \"2.1.3\"\n\n" +
			"picocolors@1.1.1:\n  version \"1.1.1\"\n"},
		log: []string{"comes from paketo-buildpacks/node-engine; node_modules was there before",
			"$ yarn run build"},
		not:    []string{"$ uv", "$ yarn install", "Downloading", "Hidden from the package managers"},
		layers: []string{"env"},
	},
	{
		name: "Paketo's uv, where cpython may be left out",
		others: []string{"paketo-node-engine", "paketo-npm-install", "paketo-cpython?",
			"paketo-python-package-managers-install", "paketo-python-package-managers-run"},
		files: map[string]string{"pyproject.toml": project}, lock: locked(manager.UV, "uv", "lock"),
		log: []string{"and the Python packages come from paketo-buildpacks/python-package-managers-run and are not " +
			"installed again"},
		not: []string{"$ uv", "$ npm ci", "Hidden from the package managers"}, layers: []string{"env"},
	},
}

// project are both's requirements as Poetry and uv want them.
const project = "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.10\"\n" +
	"dependencies = [\"django==5.2.4\", \"gunicorn==23.0.0\"]\n"

// withFiles is both, with files beside it or in the place of its own.
func withFiles(files map[string]string) map[string]string {
	app := merged(both, files)
	if files["pyproject.toml"] != "" {
		delete(app, "requirements.txt")
	}
	if files["yarn.lock"] != "" {
		delete(app, "package-lock.json")
	}
	return app
}

func TestBehindOthers(t *testing.T) {
	t.Parallel()
	spec.Run(t, "order", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range behind {
			it(c.name, func() {
				if c.page > 0 {
					c.others = before(t, blocks(t, othersPage)[c.page-1])
				}
				p := phases(t)
				if err := p.Behind(standIns(t, c.others...)...); err != nil {
					t.Fatal(err)
				}
				app := write(t, withFiles(c.files))
				if c.lock != nil {
					c.lock(t, app)
				}
				log := mustBuild(t, p, devenv.Build{App: app, Env: merged(bothEnv, c.env)})
				contains(t, ourPart(log), c.log, c.not)
				if _, has := c.files["bin/pre_compile"]; has {
					othersUnchanged(t, p)
				}
				if diff := cmp.Diff(c.layers, ownLayers(t, p)); diff != "" {
					t.Errorf("our layers (-want +got):\n%s", diff)
				}
				seen := map[string]string{"built.txt": "5.2.4\nNODE_ENV production\n", "seen.txt": "node 0\n"}
				for name, want := range seen {
					if got, err := os.ReadFile(filepath.Join(p.Dir, "app/staticfiles", name)); string(got) != want {
						t.Errorf("%s is %q (%v), want %q", name, got, err, want)
					}
				}
				if _, err := os.Lstat(filepath.Join(p.Dir, "app/node_modules")); (err == nil) != c.modules {
					t.Errorf("node_modules of the app: %v", err)
				}
				visit(t, p, bothEnv, map[string]string{"/": "this is plain"})
			})
		}
	}, spec.Parallel())
}

// othersUnchanged fails the test if our build has written into a layer of another buildpack. A file of the app, begun, is
// as old as our build.
func othersUnchanged(t *testing.T, p *devenv.Phases) {
	t.Helper()
	begun, err := os.Stat(filepath.Join(p.Dir, "app/begun"))
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(filepath.Dir(p.Layers), func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		ofLifecycle := []string{"config", "sbom"}
		if name == p.Layers || filepath.Dir(name) == filepath.Dir(p.Layers) &&
			(!d.IsDir() || slices.Contains(ofLifecycle, d.Name())) {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err == nil && d.Type().IsRegular() && info.ModTime().After(begun.ModTime()) {
			t.Errorf("%s was written after our build began", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The build script needs what an earlier buildpack has taken out: what that means stands before the script, with the
// setting that helps.
func TestBehindOthersThatPrune(t *testing.T) {
	t.Parallel()
	spec.Run(t, "order", func(t *testing.T, _ spec.G, it spec.S) {
		it("explains what another buildpack has pruned", func() {
			p := phases(t)
			if err := p.Behind(standIns(t, "heroku-nodejs")...); err != nil {
				t.Fatal(err)
			}
			log,
				err := p.Build(t.Context(),
				devenv.Build{App: write(t, both), Env: merged(bothEnv, map[string]string{"STANDIN_PRUNES": "1"})})
			if err == nil {
				t.Error("the build script has run without picocolors")
			}
			contains(t, log,
				[]string{"without these devDependencies, which are not in the node_modules that was there before: " +
					"picocolors\n", "prune_dev_dependencies = false"}, nil)
		})
	}, spec.Parallel())
}

// title is ours in a log. pack puts the phase before each line where it does not trust a builder.
var title = regexp.MustCompile(`(?m)^(\[builder\] )?Tandem \d`)

// ourPart is what the log has from our title on.
func ourPart(log string) string {
	at := title.FindStringIndex(log)
	if at == nil {
		return ""
	}
	return log[at[1]:]
}

// ownLayers are the layers that we give to the image.
func ownLayers(t *testing.T, p *devenv.Phases) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if name := strings.TrimSuffix(filepath.Base(file), ".toml"); strings.Contains(string(text), "launch = true") {
			names = append(names, name)
		}
	}
	return names
}
