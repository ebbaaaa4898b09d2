//go:build platforms

package integration

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// rootlessEngine is a program that ordinary users run containers with.
type rootlessEngine struct {
	client string
	socket string   // below XDG_RUNTIME_DIR
	try    []string // a command that works if the kernel lets the user have namespaces
}

// rootless are the engines of the page, in the order of their commands there.
var rootless = []rootlessEngine{
	{"podman", "podman/podman.sock", []string{"podman", "unshare", "true"}},
	{"docker", "docker.sock", []string{"rootlesskit", "true"}},
}

// pageBuilder is the builder that the page names.
const pageBuilder = "docker.io/heroku/builder:26"

// What docs/platforms/podman.md says: its commands as an ordinary user, with that user's
// own engine and storage. The images that the page names are there as if they had been pulled.
func TestRootless(t *testing.T) {
	t.Parallel()
	needEngine(t)
	builder, err := env.CompositeBuilder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	images := map[string]string{builder: pageBuilder, devenv.Component: "docker.io/" + published,
		devenv.Debian.Run: "docker.io/" + devenv.Debian.Run}
	r, err := env.Rootless(t.Context())
	if errors.Is(err, devenv.ErrNoRootless) {
		skip(t, "rootless", err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	spec.Run(t, "engine", func(t *testing.T, _ spec.G, it spec.S) {
		for i, engine := range rootless {
			it(engine.client, func() { // one after the other: both need gigabytes of storage
				follow := rootlessUser{r, engine}
				follow.page(t, rootlessCommands(t)[i], images)
			})
		}
	})
}

// rootlessCommands are the groups of lines for a shell in the page, in each: the address, the engine's start,
// a build, a container.
func rootlessCommands(t *testing.T) (groups [][]string) {
	t.Helper()
	inGroup := false
	for line := range strings.Lines(read(t, filepath.Join(env.Root, "docs/platforms/podman.md"))) {
		command, ok := strings.CutPrefix(line, "    ")
		if ok && !inGroup {
			groups = append(groups, nil)
		}
		if inGroup = ok; ok {
			groups[len(groups)-1] = append(groups[len(groups)-1], command)
		}
	}
	if len(groups) != len(rootless) || len(groups[0]) != 4 || len(groups[1]) != 4 {
		t.Fatalf("the page's commands are %q", groups)
	}
	return groups
}

// rootlessUser is the user with one of the engines.
type rootlessUser struct {
	*devenv.Rootless
	engine rootlessEngine
}

// page does what a group of the page's lines says.
func (r rootlessUser) page(t *testing.T, lines []string, images map[string]string) {
	t.Helper()
	address, start, build, serve := lines[0], lines[1], lines[2], lines[3]
	r.start(t, address+start)
	r.load(t, images)
	packFor(t, r.Rootless)
	app := filepath.Join(r.Home, "app-"+r.engine.client) // a test's own directory is closed to the user
	if err := os.CopyFS(app, os.DirFS(toPublish(t))); err != nil {
		t.Fatal(err)
	}
	contains(t, asUser(t, r.Rootless, app, address+build),
		[]string{"$ npm run build", "$ python manage.py collectstatic"}, nil)
	put(t, filepath.Join(app, "static/site.css"), "a{color:blue}")
	contains(t, asUser(t, r.Rootless, app, address+build),
		[]string{"Python packages: unchanged", "Reusing layer 'tandem/python-node:venv'"}, []string{"Installing"})

	port, err := devenv.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(serve, "--publish 8080:8080") {
		t.Fatalf("%q publishes no port", serve)
	}
	var log strings.Builder
	container := userCommand(t, r.Rootless, app, address+strings.Replace(serve, "8080:8080", port+":8080", 1))
	container.Stdout, container.Stderr = &log, &log
	if err := container.Start(); err != nil {
		t.Fatal(err)
	}
	pages(t, "http://127.0.0.1:"+port, "a{color:blue}")
	_ = container.Process.Kill() // the container itself ends with the user
	if _ = container.Wait(); t.Failed() {
		t.Log(log.String())
	}
}

// run runs argv as the user, with the engine as the one of Docker's client.
func (r rootlessUser) run(ctx context.Context, argv ...string) error {
	return r.Run(ctx, map[string]string{"DOCKER_HOST": "unix://" + filepath.Join(r.Home, "run", r.engine.socket)},
		argv...)
}

// start runs a script that starts the engine in the background, and waits until it answers.
func (r rootlessUser) start(t *testing.T, script string) {
	t.Helper()
	if err := r.run(t.Context(), r.engine.try...); err != nil {
		skip(t, "rootless", fmt.Errorf("`%s` as an ordinary user: %w", strings.Join(r.engine.try, " "), err))
	}
	log := filepath.Join(r.Home, r.engine.client+".log")
	err := r.run(t.Context(), "bash", "-euc", "exec >"+log+" 2>&1\n"+script)
	if err == nil {
		err = devenv.Wait(t.Context(), 30*time.Second, func() error { return r.run(t.Context(), "docker", "version") })
	}
	if err != nil {
		t.Fatalf("start %s: %v\n%s", r.engine.client, err, lastLines(read(t, log), 20))
	}
}

// load gives the user images of the Docker Engine, under other names.
func (r rootlessUser) load(t *testing.T, names map[string]string) {
	t.Helper()
	archive := filepath.Join(r.Home, "images.tar")
	defer os.Remove(archive)
	save := append([]string{"image", "save", "--output", archive}, slices.Collect(maps.Keys(names))...)
	if _, err := env.Docker(t.Context(), save...); err != nil {
		t.Fatal(err)
	}
	err := errors.Join(os.Chmod(archive, 0o644),
		r.run(t.Context(), r.engine.client, "load", "--quiet", "--input", archive))
	for image, name := range names {
		err = errors.Join(err, r.run(t.Context(), r.engine.client, "tag", image, name))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// packFor gives the user a pack that asks no registry, knows this machine's certificates and takes the lifecycle that
// the builder has for the phases that it runs beside it.
func packFor(t *testing.T, r *devenv.Rootless) {
	t.Helper()
	pack, err := env.Pack(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(pack) // its folder may be closed to the user
	if err != nil {
		t.Fatal(err)
	}
	hostCertificates(t, filepath.Join(r.Home, "ca"))
	put(t, filepath.Join(r.Home, "pack"), string(program))
	put(t, filepath.Join(r.Home, "bin/pack"),
		fmt.Sprintf("#!/bin/sh\nexport PACK_VOLUME_KEY=tandem-test\n"+
			"exec %[1]s/pack \"$@\" --pull-policy never --volume %[1]s/ca:/platform/bindings/host-ca:ro\n", r.Home))
	for _, name := range []string{"pack", "bin/pack"} {
		if err := os.Chmod(filepath.Join(r.Home, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	asUser(t, r, r.Home, "mkdir -p .pack\necho 'lifecycle-image = \""+pageBuilder+"\"' >.pack/config.toml\n")
}

func userCommand(t *testing.T, r *devenv.Rootless, dir, script string) *exec.Cmd {
	t.Helper()
	argv := r.As("bash", "-euc", script)
	cmd := exec.CommandContext(t.Context(), argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, r.Vars()
	return cmd
}

func asUser(t *testing.T, r *devenv.Rootless, dir, script string) string {
	t.Helper()
	out, err := userCommand(t, r, dir, script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s\n%s", err, script, out)
	}
	return string(out)
}
