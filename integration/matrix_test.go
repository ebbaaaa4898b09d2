package integration

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/config"
)

// example is an app of examples and what its builds must say.
type example struct {
	name, app string
	change    func(dir string) error // nil: as it is
	env       map[string]string
	log       []string // must be in the first build's log
	notLog    []string
	second    []string // must be in the second build's log
	path      string   // PYTHONPATH beside the app's folder
	// a second build would show nothing that those of other apps with the same package managers do not
	once bool
	two  bool // builders: they differ in what their packages come by, uv, npm and a hook
}

// matrix is every example but examples/large, and some of them changed.
var matrix = []example{
	{
		name: "django-pipeline", app: "django-pipeline", two: true,
		log: []string{"npm ci --include=dev", "DISABLE_COLLECTSTATIC=1, from app.json",
			"$ ./bin/post_compile"},
		notLog: []string{"$ python manage.py collectstatic"},
		second: []string{"unchanged, cached"},
	},
	{
		name: "django-pipeline without the hook", app: "django-pipeline",
		change: func(dir string) error { return removeAll(dir, ".buildpacks", "app.json", "bin") },
		log:    []string{"collectstatic --noinput"}, notLog: []string{"post_compile"},
	},
	{name: "vite", app: "vite", once: true, two: true,
		log: []string{"uv sync --locked", "npm run build", "between machines): blake2"}},
	{name: "plain", app: "plain", two: true, notLog: []string{"Node.js 2", "  python |", "changed it"}},
	{name: "lint-only", app: "lint-only", once: true, log: []string{"Node.js is not used"},
		notLog: []string{"npm ci"}},
	{name: "webpack", app: "webpack", once: true,
		log: []string{"npm run build", "Python 3.13", "from .python-version", "from .nvmrc"}},
	{
		name: "gulp", app: "gulp", once: true,
		log: []string{"--requirements requirements/production.txt", "from runtime.txt", "from engines.node",
			"Starting 'build'"}, notLog: []string{"django-debug-toolbar"},
	},
	{
		name: "compressor", app: "compressor", once: true,
		log: []string{"$ python manage.py compress\n", "Compressed 2 block(s)"}, notLog: []string{"npm run"},
	},
	{name: "flask", app: "flask", once: true,
		log: []string{"web is gunicorn with guestbook:create_app", "node build.js"}, notLog: []string{"manage.py"}},
	{
		name: "fastapi", app: "fastapi", once: true,
		log: []string{"the project is in frontend", "from frontend/.nvmrc", "uv sync --locked",
			"web is uvicorn with api.main:app"}, notLog: []string{"httpx"},
	},
	{
		name: "poetry-yarn", app: "poetry-yarn", once: true,
		log: []string{"poetry export --format requirements.txt --without-urls --only main",
			"yarn 1.22.22, from packageManager", "$ yarn install --frozen-lockfile --production=false",
			"$ yarn run build"},
		notLog: []string{"django-debug-toolbar"},
	},
	{
		name: "pipenv-pnpm", app: "pipenv-pnpm", once: true,
		log: []string{"pipenv verify", "from python_version in Pipfile.lock", "pnpm 10.34.8, from packageManager",
			"pnpm install --frozen-lockfile --prod=false", "$ pnpm run build"},
		notLog: []string{"django-debug-toolbar"},
	},
	{name: "workspaces", app: "workspaces", once: true, path: ":/workspace/backend",
		log: []string{"npm run build --workspaces", "python backend/manage.py collectstatic"}},
	{
		name: "a path with spaces and other letters", app: "plain",
		change: func(dir string) error {
			odd := filepath.Join(dir, "static", "ein Blatt für alle")
			return errors.Join(os.Mkdir(odd, 0o755),
				os.WriteFile(filepath.Join(odd, "größe 1.css"), []byte("a{}"), 0o644))
		},
	},
	{name: "another Python", app: "plain", env: map[string]string{"BP_PYTHON_VERSION": "3.11"},
		log: []string{"Python 3.11"}},
}

func (e example) changed() bool { return e.change != nil || e.env != nil }

// Examples as they are go through pack and Docker. Changed ones, and all where no Docker answers, are built by the
// lifecycle's own detector and builder.
func TestMatrix(t *testing.T) {
	t.Parallel()
	var other string
	engine := env.Engine(t.Context())
	if engine != nil && !errors.Is(engine, devenv.ErrNoEngine) {
		t.Fatal(engine)
	}
	if engine == nil {
		var err error
		if other, err = env.CompositeBuilder(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	spec.Run(t, "example", func(t *testing.T, _ spec.G, it spec.S) {
		for _, e := range matrix {
			it(e.name, func() {
				app := staged(t, e.app)
				want := expected(t, app)
				if e.change != nil {
					if err := e.change(app); err != nil {
						t.Fatal(err)
					}
				}
				switch {
				case e.changed():
					e.lifecycled(t, warm(t), app, want)
				case engine != nil:
					e.lifecycled(t, phases(t), app, want)
				default:
					e.packed(t, app, want, other)
				}
			})
		}
	}, spec.Parallel())
}

// lifecycled builds the app with the lifecycle, the second time from its caches alone.
func (e example) lifecycled(t *testing.T, p *devenv.Phases, app string, want expectation) {
	t.Helper()
	b := devenv.Build{App: app, Env: e.env}
	file, ran := timeline(t, p.Dir)
	first := b
	first.Env = map[string]string{config.BuildReport: file}
	maps.Copy(first.Env, e.env)
	log := mustBuild(t, p, first)
	contains(t, log, e.log, e.notLog)
	asInContainer := strings.NewReplacer(p.Layers, "/layers/tandem_python-node", filepath.Join(p.Dir, "app"),
		"/workspace").Replace(log)
	if !e.changed() {
		checkFirstPage(t, e.app, asInContainer)
	}
	agrees(t, explained(t, b), asInContainer, ran(), builtProcesses(t, p))
	serve(t, p, want)
	clean(t, p)
	if e.once || e.changed() {
		return
	}
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
	contains(t, mustBuild(t, p, b), e.second, e.notLog)
	serve(t, p, want)
	clean(t, p)
}

func contains(t *testing.T, log string, want, notWant []string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(log, text) {
			t.Errorf("%q is not in the log:\n%s", text, log)
		}
	}
	for _, text := range notWant {
		if strings.Contains(log, text) {
			t.Errorf("%q is in the log:\n%s", text, log)
		}
	}
}

// serve starts the default process with the launcher and checks its page.
func serve(t *testing.T, p *devenv.Phases, want expectation) {
	t.Helper()
	hasTypes(t, builtProcesses(t, p), want)
	server, err := p.Serve(t.Context(), "web", secret)
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, server.URL, want)
	if err := server.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// clean checks that nothing of Node and no cache would get into an image: not in the app, and not in a launch layer.
func clean(t *testing.T, p *devenv.Phases) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(p.Dir, "app", "node_modules")); err == nil {
		t.Error("node_modules is in the app")
	}
	if names := ofNode(t, p); len(names) > 0 {
		t.Errorf("the image has the layers %v", names)
	}
}

func removeAll(dir string, names ...string) error {
	for _, name := range names {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}
