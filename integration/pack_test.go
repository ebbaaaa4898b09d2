package integration

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/config"
)

// packed builds the app with pack and asks a container for its page. Some apps are built with a second builder, which
// has the composite in it: that is what platform teams put into a builder, one address, later more buildpacks behind
// it.
func (e example) packed(t *testing.T, app string, want expectation, other string) {
	t.Helper()
	b := devenv.Build{App: app, Image: "tandem-test-" + e.app, ClearCache: true,
		Env: map[string]string{"TANDEM_COMPILERS": "1"}}
	// its label would say which versions the last run had
	if _, err := env.Docker(t.Context(), "image", "rm", "--force", b.Image); err != nil {
		t.Fatal(err)
	}
	file, ran := timeline(t, t.TempDir())
	first := b
	first.Env = map[string]string{"TANDEM_COMPILERS": "1", config.BuildReport: "/timeline.json"}
	first.Flags = []string{"--volume", file + ":/timeline.json:rw"}
	log := packBuild(t, first)
	contains(t, log, e.log, e.notLog)
	checkFirstPage(t, e.app, log)
	if e.name == "vite" {
		asRecorded(t, log)
	}
	processes := labelledProcesses(t, b.Image)
	agrees(t, explained(t, devenv.Build{App: app}), log, ran(), processes)
	hasTypes(t, processes, want)
	run(t, b.Image, want)
	checkImage(t, b.Image, e.path)
	software := checkSoftware(t, b.Image)
	if e.two {
		sameLayers(t, b, other)
	}
	if e.app == "vite" {
		writesNothing(t, b.Image, want)
	}
	if e.once {
		return
	}
	b.ClearCache = false
	log = packBuild(t, b)
	contains(t, log, e.second, e.notLog)
	for _, layer := range []string{"python", "venv", "bytecode", "env"} {
		if !strings.Contains(log, "Reusing layer 'tandem/python-node:"+layer+"'") {
			t.Errorf("the second build does not reuse the layer %s:\n%s", layer, log)
		}
	}
	run(t, b.Image, want)
	if diff := cmp.Diff(software, checkSoftware(t, b.Image)); diff != "" {
		t.Errorf("the bills of materials of the second build (-want +got):\n%s", diff)
	}
}

func needEngine(t *testing.T) {
	t.Helper()
	if err := env.Engine(t.Context()); errors.Is(err, devenv.ErrNoEngine) {
		skip(t, "docker", err)
	} else if err != nil {
		t.Fatal(err)
	}
}

// packBuild builds with the usual builder.
func packBuild(t *testing.T, b devenv.Build) string {
	t.Helper()
	builder, err := env.Builder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return packOn(t, builder, b)
}

func packOn(t *testing.T, builder devenv.Builder, b devenv.Build) string {
	t.Helper()
	b.Builder = builder
	log, err := env.PackBuild(t.Context(), b)
	if err != nil {
		t.Fatalf("%v\n%s", err, lastLines(log, 60))
	}
	return log
}

// run starts a container and checks its page.
func run(t *testing.T, image string, want expectation) {
	t.Helper()
	container, err := env.Run(t.Context(), image, devenv.Start{Env: secret})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := container.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	checkPage(t, container.URL, want)
	if t.Failed() {
		logs, err := container.Logs(t.Context())
		t.Logf("the container's log (%v):\n%s", err, logs)
	}
}

// checkImage looks into the image: nothing of Node, no caches, and the environment of Python in every process.
func checkImage(t *testing.T, image, path string) {
	t.Helper()
	in := inside(t, image)
	// What find may not look into is the base image's.
	found := in("bash", "-c",
		"find / -xdev '(' -name node -o -name npm -o -name node_modules -o -name .npm -o -name contents.tar.zst "+
			"-o -path /tmp/tandem -o -path '/layers/*/private' ')' -print 2>/dev/null; true")
	if found != "" {
		t.Errorf("the image has\n%s", found)
	}
	for _, variable := range strings.Split(in("env"), "\n") {
		name, value, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(strings.ToLower(name), "npm") || strings.HasPrefix(name, "NODE") ||
			strings.Contains(value, "node_modules") || name == "SECRET_KEY" {
			t.Errorf("the environment has %s=%s", name, value)
		}
	}
	if got := in("python", "-c", pythonFacts); got != "1 8080 /workspace"+path+" /layers/tandem_python-node/venv" {
		t.Errorf("Python's environment is %q", got)
	}
}

const pythonFacts = "import os, sys; print(*(os.environ[n] for n in ('PYTHONUNBUFFERED', 'PORT', 'PYTHONPATH')), " +
	"sys.prefix)"

// inside gives what runs commands in a container of the image, by way of the launcher, and returns what they print.
func inside(t *testing.T, image string) func(argv ...string) string {
	t.Helper()
	container,
		err := env.Run(t.Context(), image,
		devenv.Start{Flags: []string{"--entrypoint", "launcher"}, Command: []string{"sleep", "300"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := container.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	if err := started(t, container); err != nil {
		logs, _ := container.Logs(t.Context()) // what matters is that nothing can be run in it
		t.Fatalf("%v\nthe container's log:\n%s", err, logs)
	}
	return func(argv ...string) string {
		t.Helper()
		out, err := container.Exec(t.Context(), append([]string{"/cnb/lifecycle/launcher"}, argv...)...)
		if err != nil {
			t.Fatalf("%v: %v\n%s", argv, err, out)
		}
		return strings.TrimSpace(out)
	}
}

// started waits until commands can be run in the container: on a busy machine Docker may call it stopped for a moment.
func started(t *testing.T, container *devenv.Container) (err error) {
	t.Helper()
	for range 20 {
		if _, err = container.Exec(t.Context(), "true"); err == nil {
			return nil
		}
		time.Sleep(250 * time.Millisecond)
	}
	return err
}
