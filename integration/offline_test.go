package integration

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/manager"
)

// completeApp is one that brings all its packages.
type completeApp struct {
	name  string
	files map[string]string
	make  []command
	drop  []string
}

// complete are such apps, as their files are before their packages are gathered.
var complete = []completeApp{
	{
		name: "wheels and npm's cache",
		make: []command{{"",
			[]string{"npm", "install", "--offline=false", "--cache", "npm-cache", "--no-audit", "--no-fund"}}},
		drop: []string{"node_modules", "npm-cache/_logs"},
		files: map[string]string{
			"requirements.txt": "--no-index\n--find-links wheels\nsix==1.17.0\n",
			".npmrc":           "cache=npm-cache\noffline=true\n", "package.json": pkg(""), "main.js": module,
		},
	},
	{
		name: "uv.lock with wheels, and Yarn's mirror", drop: []string{"node_modules"},
		make: []command{{"yarn@1.22.22",
			[]string{"sh", "-c",
				"cp \"$(dirname \"$(readlink -f \"$(command -v yarn)\")\")/../lib/cli.js\" yarn.js && yarn install " +
					"--ignore-scripts"}}},
		files: map[string]string{
			"pyproject.toml": "[project]\nname = \"app\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n" +
				"dependencies = [\"six\"]\n[tool.uv]\nno-index = true\nfind-links = [\"wheels\"]\n[tool.uv.sources]\n" +
				"six = {path = \"wheels/six-1.17.0-py2.py3-none-any.whl\"}\n",
			".yarnrc": "yarn-offline-mirror \"./mirror\"\nyarn-path \"./yarn.js\"\n", "package.json": pkg(""),
			"main.js": module,
		},
	},
}

// app is a folder with the app as it would be committed.
func (c completeApp) app(t *testing.T) string {
	t.Helper()
	dir := write(t, c.files)
	wheels("six==1.17.0")(t, dir)
	if c.files["pyproject.toml"] != "" {
		locked(manager.UV, "uv", "lock")(t, dir)
	}
	for _, command := range c.make {
		if err := env.NodeTool(t.Context(), dir, command.spec, command.argv...); err != nil {
			t.Fatal(err)
		}
	}
	if err := removeAll(dir, c.drop...); err != nil {
		t.Fatal(err)
	}
	return dir
}

// An offline buildpack with two runtimes builds apps that bring their packages, with no network but the loopback
// address.
func TestAnAppBuildsWithoutAnyNetwork(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		skip(t, "root", os.ErrPermission)
	}
	buildpack := filepath.Join(t.TempDir(), "buildpack")
	if err := env.DistFor(t.Context(), runtime.GOARCH, buildpack, "python@3.13,node@24"); err != nil {
		t.Fatal(err)
	}
	p, err := env.Phases(t.Context(), buildpack)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.NoNet = true
	spec.Run(t, "app", func(t *testing.T, _ spec.G, it spec.S) {
		for _, c := range complete {
			it(c.name, func() {
				dir := c.app(t)
				mustBuild(t, p, devenv.Build{App: dir})
				built(t, dir, filepath.Join(p.Dir, "app"), []string{"out.js"})
			})
		}
	})
	log,
		err := p.Build(t.Context(),
		devenv.Build{App: write(t, plainFiles), Env: map[string]string{"BP_PYTHON_VERSION": "3.11"}})
	if err == nil {
		t.Fatalf("it builds with a version that the buildpack does not carry:\n%s", log)
	}
	contains(t, log, []string{"[version/unknown]", "3.13"}, nil)
}
