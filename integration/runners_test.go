//go:build platforms

package integration

import (
	"fmt"
	"io"
	"log"
	"maps"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// toPublish is a small app with a page, an asset that Node makes and one of its own, and a hook that wants a secret.
func toPublish(t *testing.T) string {
	t.Helper()
	return write(t, site("", map[string]string{
		"requirements.txt": "django==5.2.4\ngunicorn==23.0.0\nwhitenoise==6.9.0\n",
		"package.json": `{"scripts": {"build": "node -e \"fs.writeFileSync('static/made.css', 'b{color:' + ` +
			`'red}')\""}}`,
		"mysite/settings.py": site("", nil)["mysite/settings.py"] +
			"MIDDLEWARE = [\"whitenoise.middleware.WhiteNoiseMiddleware\"]\n" +
			"DATABASES = {\"default\": {\"ENGINE\": \"django.db.backends.sqlite3\", \"NAME\": \"/tmp/db\"}}\n",
		"bin/post_compile": "[ -n \"$SENTRY_AUTH_TOKEN\" ] && echo the hook has its token || true\n",
	}))
}

// serveRegistry is the address of an empty container registry on this machine.
func serveRegistry(t *testing.T) string {
	t.Helper()
	blobs := registry.NewDiskBlobHandler(t.TempDir())
	server := httptest.NewServer(registry.New(registry.WithBlobHandler(blobs),
		registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// newRegistry is the address of a container registry on this machine, with the base images and the buildpack in it.
func newRegistry(t *testing.T) string {
	t.Helper()
	address := serveRegistry(t)
	if _, err := env.CompositeBuilder(t.Context()); err != nil {
		t.Fatal(err)
	}
	images := map[string]string{"tandem:0.1.0": devenv.Component, "build": devenv.Debian.Build,
		"run": devenv.Debian.Run}
	for name, image := range images {
		typed(t, "", "docker", "tag", image, address+"/"+name)
		typed(t, "", "docker", "push", "--quiet", address+"/"+name)
	}
	t.Cleanup(func() {
		// some may never have been pulled
		for _, name := range append([]string{"tandem-builder:latest", "shop:latest", "created:latest"},
			slices.Collect(maps.Keys(images))...) {
			_ = exec.Command("docker", "image", "rm", "--force", address+"/"+name).Run()
		}
	})
	return address
}

// answers starts a container of an image of a registry and asks it for its page and assets.
func answers(t *testing.T, image, css string) {
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
	pages(t, c.URL, css)
}

// pages asks the app of toPublish for its page and assets.
func pages(t *testing.T, url, css string) {
	t.Helper()
	for address, text := range map[string]string{"/": "this is plain", "/static/made.css": "b{color:red}",
		"/static/site.css": css} {
		if _, body, err := devenv.Answer(t.Context(), url+address); err != nil || !strings.Contains(body, text) {
			t.Errorf("%s%s: %v, got %.300q, want %q", url, address, err, body, text)
		}
	}
}

// run does what a step of a pipeline does, and gives its output.
func (h *host) run(t *testing.T, app, script string, vars ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-euc", script)
	cmd.Dir, cmd.Env = app, append(h.env[:len(h.env):len(h.env)], vars...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s\n%s", err, script, out)
	}
	return string(out)
}

// Everything that the pages of pipelines say, one after the other with one app, one image and one cache, as if a company
// moved from one to the next.
func TestPipelines(t *testing.T) {
	t.Parallel()
	spec.Run(t, "pipelines", func(t *testing.T, _ spec.G, it spec.S) {
		it("do what their page says", func() {
			needEngine(t)
			registry := newRegistry(t)
			page := openPipelines(t, registry)
			app, host := toPublish(t), newHost(t, registry+"/tandem-builder")
			lifecycle, err := env.LifecycleArchive(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			put(t, filepath.Join(host.dir, "builder/builder.toml"), page.builder+
				fmt.Sprintf("\n[lifecycle]\nuri = %q\n", lifecycle)) // else pack gets it from the vendor
			host.run(t, filepath.Join(host.dir, "builder"), page.command(t, "pack builder create"))
			image := registry + "/shop:latest"

			r := newTaskRun(t, page, image, registry+"/shop-cache")
			r.source(t, app)
			contains(t, r.all(t), []string{"Python 3.13.1, from BP_PYTHON_VERSION", "$ npm run build",
				"$ python manage.py collectstatic", "the hook has its token", "Saving " + image}, nil)
			answers(t, image, "a{}")
			put(t, filepath.Join(app, "static/site.css"), "a{color:blue}")
			r.source(t, app)
			again := []string{"Python packages: unchanged", "Reusing layer 'tandem/python-node:python'",
				"Reusing layer 'tandem/python-node:venv'"}
			contains(t, r.all(t), again, []string{"Installing"})
			answers(t, image, "a{color:blue}")

			host.workflow(t, page, app, again)
			contains(t, host.gitlab(t, page.gitlab["image"], registry+"/pack:0.40.6", app), again,
				[]string{"the hook has its token"})
			answers(t, image, "a{color:blue}")
			answers(t, registry+"/shop:two", "a{color:blue}")
			host.run(t, app, page.command(t, "--entrypoint migrate"))

			r.source(t, app)
			r.step(t, r.task.Spec.Steps[0])
			r.params["cache"], r.params["previous"] = registry+"/shop-cache", image
			creator := taskStep{Image: "$(params.builder)",
				Command: []string{"/cnb/lifecycle/creator", "-cache-image", "$(params.cache)", "-previous-image",
					"$(params.previous)", "-run-image", "$(params.run-image)", registry + "/created"}}
			creator.VolumeMounts = r.task.Spec.Steps[2].VolumeMounts
			contains(t, r.step(t, creator), again, nil)
			answers(t, registry+"/created", "a{color:blue}")
		})
	}, spec.Parallel())
}

// gitlab runs a job's commands. pack comes out of an image like the public one, not into this machine's folder for programs, and the login
// not into anybody's settings.
func (h *host) gitlab(t *testing.T, job gitlabJob, image, app string) string {
	t.Helper()
	programs := t.TempDir()
	before := h.packImage(t, image, strings.Join(job.Before, "\n"))
	before = strings.ReplaceAll(before, " /usr/local/bin/pack", " "+programs+"/pack")
	settings := "DOCKER_CONFIG=" + t.TempDir()
	contains(t, h.run(t, app, before, settings, "REGISTRY_PASSWORD=only-for-tests"), []string{"Login Succeeded"}, nil)
	return h.run(t, app, "PATH="+programs+":$PATH\n"+strings.Join(job.Script, "\n"), settings, "CI_COMMIT_SHA=two")
}

// packImage makes an image like the public one of pack, and returns script with a container's name of our own.
func (h *host) packImage(t *testing.T, image, script string) string {
	t.Helper()
	const container = "tandem-test-pack"
	put(t, filepath.Join(h.dir, "image/usr/local/bin/pack"), read(t, filepath.Join(h.dir, "bin/pack")))
	h.run(t, h.dir, "chmod +x image/usr/local/bin/pack; tar --create --directory image usr | "+
		"docker import --change 'ENTRYPOINT [\"/usr/local/bin/pack\"]' - "+image)
	t.Cleanup(func() {
		_ = exec.Command("docker", "rm", container).Run()
		_ = exec.Command("docker", "image", "rm", image).Run()
	})
	_ = exec.Command("docker", "rm", container).Run() // of the job before
	return strings.NewReplacer("--name pack ", "--name "+container+" ", "cp pack:", "cp "+container+":").Replace(script)
}

// workflow runs the steps of GitHub Actions that are commands. As there, a step adds to PATH by a file.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-system-path
func (h *host) workflow(t *testing.T, page *pipelinesPage, app string, want []string) {
	t.Helper()
	temp, paths := t.TempDir(), filepath.Join(t.TempDir(), "paths")
	log := ""
	for _, step := range page.workflow.Jobs["image"].Steps {
		vars := []string{"RUNNER_TEMP=" + temp, "GITHUB_SHA=one", "GITHUB_PATH=" + paths}
		for name, value := range step.Env {
			if !strings.HasPrefix(value, "${{ secrets.") {
				t.Errorf("the test does not know what %s is", value)
			}
			vars = append(vars, name+"="+canary("Workflow"))
		}
		switch {
		case strings.Contains(step.Run, "docker create"):
			h.run(t, app, h.packImage(t, page.registry+"/pack:0.40.6", step.Run), vars...)
		case step.Run != "":
			log += h.run(t, app, "PATH=$(cat \"$GITHUB_PATH\"):$PATH\n"+step.Run, vars...)
		}
	}
	contains(t, log, append([]string{"the hook has its token"}, want...), []string{bird})
}

// command is the one line of the pages for a shell that has the text in it.
func (p *pipelinesPage) command(t *testing.T, text string) string {
	t.Helper()
	for _, command := range p.commands {
		if strings.Contains(command, text) {
			return command
		}
	}
	t.Fatalf("the pages of pipelines have no command with %s", text)
	return ""
}
