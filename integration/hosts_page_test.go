//go:build platforms

package integration

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/sclevine/spec"
	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/shell"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// What docs/platforms/dokku.md, kamal.md and fly.md say of images. The platforms themselves need servers or accounts,
// so their own commands do not run here: the test builds, pushes and starts with what they run, or what the page says.
func TestHosts(t *testing.T) {
	t.Parallel()
	spec.Run(t, "hosts", func(t *testing.T, _ spec.G, it spec.S) {
		it("start what their pages build", func() {
			needEngine(t)
			registry := newRegistry(t)
			h := hosted{newHost(t, lifecycleImage(t)), toPublish(t), registry}
			put(t, filepath.Join(h.app, "Procfile"), "worker: sleep 600\n"+
				strings.Replace(h.line(t, "dokku", "web:"), "shop.wsgi", "mysite.wsgi", 1)+"\n")
			h.dokku(t)
			h.kamal(t)
			h.fly(t)
		})
	}, spec.Parallel())
}

// hosted is an app, and where the commands of the pages run.
type hosted struct {
	*host
	app, registry string
}

// line returns the line of a page's commands that begins with text, with the test's registry and builder.
func (h hosted) line(t *testing.T, page, text string) string {
	t.Helper()
	for line := range strings.Lines(read(t, "../docs/platforms/"+page+".md")) {
		if command, found := strings.CutPrefix(line, "    "); found && strings.HasPrefix(command, text) {
			local := lifecycleImage(t) + " --pull-policy never" // it is in no registry
			return strings.NewReplacer(published, ourFolder(t), "registry.example.com", h.registry,
				"registry.fly.io", h.registry, "heroku/builder:26", local).Replace(strings.TrimSpace(command))
		}
	}
	t.Fatalf("docs/platforms/%s.md has no command %s", page, text)
	return ""
}

// dokku builds with the command of Dokku's plugin builder-pack and starts the image as its docker-args-process-deploy.
// https://github.com/dokku/dokku/tree/master/plugins/builder-pack
func (h hosted) dokku(t *testing.T) {
	t.Helper()
	project := withOurs(t, blocks(t, "../docs/platforms/pack.md")[0])
	put(t, filepath.Join(h.app, "project.toml"), strings.Replace(project, `"3.12"`, `"3.13"`, 1)) // which is here
	const image = "tandem-test-dokku"
	contains(t, h.run(t, h.app, "pack build "+image+" --builder "+lifecycleImage(t)+" --path . "+
		"--default-process web --env BP_PYTHON_VERSION --pull-policy never", "BP_PYTHON_VERSION=3.13"),
		[]string{"$ npm run build"}, nil)
	_, web, _ := strings.Cut(h.line(t, "dokku", "web:"), " ")
	web = strings.Replace(web, "shop.wsgi", "mysite.wsgi", 1)
	h.start(t, image, []string{"--entrypoint", "launcher"}, web)
	run := strings.TrimPrefix(h.line(t, "dokku", "dokku run shop"), "dokku run shop ")
	h.run(t, h.app, "docker run --rm --env SECRET_KEY=x --entrypoint launcher "+image+" "+run)
}

// kamal runs the page's commands up to the deployment, and then what Kamal compares and starts.
func (h hosted) kamal(t *testing.T) {
	t.Helper()
	const version = "VERSION=one"
	h.run(t, h.app, strings.Join([]string{h.line(t, "kamal", "pack build"), h.line(t, "kamal", "echo"),
		h.line(t, "kamal", "docker push")}, "\n"), version)
	var deploy struct {
		Service string
		Proxy   struct{ Healthcheck struct{ Path string } }
		Servers struct {
			Worker struct{ Options struct{ Entrypoint string } }
		}
	}
	page := read(t, "../docs/platforms/kamal.md")
	if err := yaml.Unmarshal([]byte(codeBlocks(page, "yaml")[0]), &deploy); err != nil {
		t.Fatal(err)
	}
	image := h.registry + "/shop:one"
	if got, err := env.Label(t.Context(), image, "service"); err != nil || got != deploy.Service {
		t.Errorf("the label service is %q (%v), want %q", got, err, deploy.Service)
	}
	answers(t, image, "a{}")
	worker := deploy.Servers.Worker.Options.Entrypoint
	h.run(t, h.app, "id=$(docker run --detach --entrypoint "+worker+" "+image+"); sleep 2\n"+
		"running=$(docker inspect --format '{{.State.Running}}' $id); docker rm --force $id; [ $running = true ]")
	h.run(t, h.app, h.line(t, "kamal", "docker run --rm"), version, "SECRET_KEY=x", "DATABASE_URL=")
	if deploy.Proxy.Healthcheck.Path != "/" {
		t.Errorf("the page that the proxy asks for is %q, which this test does not", deploy.Proxy.Healthcheck.Path)
	}
}

// fly runs the page's commands up to the deployment, and starts what fly.toml says.
func (h hosted) fly(t *testing.T) {
	t.Helper()
	h.run(t, h.app, h.line(t, "fly", "pack build")+"\n"+h.line(t, "fly", "docker push"), "VERSION=two")
	var fly struct {
		Experimental struct{ Entrypoint []string }
		Processes    map[string]string
		Deploy       struct {
			Command string `toml:"release_command"`
		}
	}
	if _, err := toml.Decode(blocks(t, "../docs/platforms/fly.md")[0], &fly); err != nil {
		t.Fatal(err)
	}
	image, entrypoint := h.registry+"/shop:two", strings.Join(fly.Experimental.Entrypoint, " ")
	h.run(t, h.app, "docker run --rm --env SECRET_KEY=x --entrypoint "+entrypoint+" "+image+" "+fly.Deploy.Command)
	web := strings.Replace(fly.Processes["web"], "shop.wsgi", "mysite.wsgi", 1)
	h.start(t, image, []string{"--entrypoint", entrypoint}, web)
}

// start starts a container with a command and asks for the app's page and assets.
func (h hosted) start(t *testing.T, image string, flags []string, command string) {
	t.Helper()
	words, err := shell.Fields(command, func(name string) string { return map[string]string{"PORT": "8080"}[name] })
	if err != nil {
		t.Fatal(err)
	}
	c, err := env.Run(t.Context(), image, devenv.Start{Env: secret, Flags: flags, Command: words})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	pages(t, c.URL, "a{}")
}
