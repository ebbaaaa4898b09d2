package integration

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/internal/devenv"
)

// toPublish is a small app with a page, an asset that Node makes and one of its own.
func toPublish(t *testing.T) string {
	t.Helper()
	return write(t, site("", map[string]string{
		"requirements.txt":   "django==5.2.4\ngunicorn==23.0.0\nwhitenoise==6.9.0\n",
		"package.json":       `{"scripts": {"build": "node -e \"fs.writeFileSync('static/made.css', 'b{color:' + 'red}')\""}}`,
		"mysite/settings.py": site("", nil)["mysite/settings.py"] + "MIDDLEWARE = [\"whitenoise.middleware.WhiteNoiseMiddleware\"]\n",
	}))
}

// publishedPages are what its container answers.
var publishedPages = map[string]string{"/": "this is plain", "/static/made.css": "b{color:red}", "/static/site.css": "a{}"}

// pages starts a container of an image of a registry and asks it.
func pages(t *testing.T, image string, want map[string]string) {
	t.Helper()
	c, err := env.Run(t.Context(), image, devenv.Start{Env: secret, Flags: []string{"--pull", "always"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	for address, text := range want {
		if _, body, err := devenv.Answer(t.Context(), c.URL+address); err != nil || !strings.Contains(body, text) {
			t.Errorf("%s%s: %v, got %.300q, want %q", image, address, err, body, text)
		}
	}
}

// newRegistry is the address of a container registry on this machine, with the run image in it.
func newRegistry(t *testing.T) string {
	t.Helper()
	crane, err := env.Crane(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	address, err := devenv.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	serve := exec.CommandContext(t.Context(), filepath.Join(crane, "crane"), "registry", "serve", "--address", address, "--disk", t.TempDir())
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = serve.Wait() }) // t's context has ended it
	if _, _, err := devenv.Answer(t.Context(), "http://"+address+"/v2/"); err != nil {
		t.Fatal(err)
	}
	name, _, err := env.BaseImage(t.Context(), "run")
	if err != nil {
		t.Fatal(err)
	}
	typed(t, "", "docker", "tag", name, address+"/run")
	typed(t, "", "docker", "push", "--quiet", address+"/run")
	t.Cleanup(func() { _, _ = exec.Command("docker", "image", "rm", address+"/run").CombinedOutput() })
	return address
}

// workplace is what the containers of one build share.
type workplace struct {
	dir, builder string
	app          string
}

func newWorkplace(t *testing.T, app string) *workplace {
	t.Helper()
	host, err := env.HostCertificates()
	if err != nil {
		t.Fatal(err)
	}
	w := &workplace{dir: t.TempDir(), builder: lifecycleImage(t), app: app}
	put(t, filepath.Join(w.dir, "platform/bindings/ca/type"), "ca-certificates\n")
	put(t, filepath.Join(w.dir, "platform/bindings/ca/host.pem"), string(host))
	t.Cleanup(func() { // what containers made may be another user's
		if os.Geteuid() != 0 {
			w.phase(t, "0", "rm", "-rf", "/layers", "/workspace")
		}
	})
	return w
}

// source puts the app into the workspace as it is now, as a task that clones a repository does.
func (w *workplace) source(t *testing.T) {
	t.Helper()
	for _, name := range []string{"layers", "workspace"} {
		if err := os.RemoveAll(filepath.Join(w.dir, name)); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(w.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(w.dir, "workspace"), os.DirFS(w.app)); err != nil {
		t.Fatal(err)
	}
	w.phase(t, "0", "chown", "-R", "1000:1000", "/layers", "/workspace")
}

// phase runs one command in a container of its own.
func (w *workplace) phase(t *testing.T, user string, argv ...string) string {
	t.Helper()
	docker := []string{"docker", "run", "--rm", "--network", "host", "--user", user, "--env", "CNB_PLATFORM_API=0.12", "--env", "CNB_NO_COLOR=true", "--workdir", "/workspace"}
	for _, name := range []string{"layers", "workspace", "platform"} {
		docker = append(docker, "--volume", filepath.Join(w.dir, name)+":/"+name)
	}
	docker = append(docker, "--entrypoint", argv[0], w.builder)
	return typed(t, "", append(docker, argv[1:]...)...)
}

// Tekton's task and others run the lifecycle's phases one by one, in containers that share folders; those that meet the registry are root,
// those that run buildpacks are not. Others run the creator, which does it all.
func TestPhasesOneByOneAndTheCreator(t *testing.T) {
	t.Parallel()
	needEngine(t)
	registry := newRegistry(t)
	app := toPublish(t)
	w := newWorkplace(t, app)
	image, cache := registry+"/app", registry+"/app-cache"
	const bin = "/cnb/lifecycle/"
	oneByOne := func() (log string) {
		w.source(t)
		for _, phase := range []struct {
			user string
			argv []string
		}{
			{"0", []string{bin + "analyzer", "-cache-image", cache, "-run-image", registry + "/run", image}}, {"1000:1000", []string{bin + "detector"}},
			{"0", []string{bin + "restorer", "-cache-image", cache}}, {"1000:1000", []string{bin + "builder"}},
			{"0", []string{bin + "exporter", "-cache-image", cache, image}},
		} {
			log += w.phase(t, phase.user, phase.argv...)
		}
		return log
	}
	contains(t, oneByOne(), []string{"Running npm run build", "Running python manage.py collectstatic", "Saving " + image}, nil)
	pages(t, image, publishedPages)
	put(t, filepath.Join(app, "static/site.css"), "a{color:blue}")
	contains(t, oneByOne(), []string{
		"Python packages: unchanged", "Reusing layer 'tandem/python-node:python'", "Reusing layer 'tandem/python-node:venv'", "Reusing cache layer 'tandem/python-node:cache-venv'",
	}, nil)
	changed := merged(publishedPages, map[string]string{"/static/site.css": "a{color:blue}"})
	pages(t, image, changed)
	w.source(t)
	log := w.phase(t, "0", bin+"creator", "-cache-image", cache, "-previous-image", image, "-run-image", registry+"/run", registry+"/created")
	contains(t, log, []string{"Python packages: unchanged", "Reusing layer 'tandem/python-node:venv'"}, nil)
	pages(t, registry+"/created", changed)
}

// pack's other ways: into a registry, with a cache that is an image, and with the layers of another image. That it runs the phases one by
// one where it does not trust a builder is seen in TestPackBuildsWithoutAnyNetwork.
func TestPackPublishes(t *testing.T) {
	t.Parallel()
	needEngine(t)
	registry := newRegistry(t)
	app := toPublish(t)
	first := devenv.Build{App: app, Image: registry + "/app", Flags: []string{
		"--publish", "--run-image", registry + "/run", "--pull-policy", "if-not-present", "--cache", "type=build;format=image;name=" + registry + "/cache"}}
	contains(t, packBuild(t, first), []string{"Running npm run build"}, []string{"unchanged"})
	pages(t, first.Image, publishedPages)
	second := first
	second.Image = registry + "/other"
	second.Flags = append(second.Flags, "--previous-image", first.Image)
	contains(t, packBuild(t, second), []string{"Python packages: unchanged", "Reusing layer 'tandem/python-node:venv'"}, nil)
	pages(t, second.Image, publishedPages)
}
