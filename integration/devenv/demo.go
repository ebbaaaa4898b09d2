package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tandem-cnb/tandem/internal/run"
)

// demoEnv is the environment of demos: the settings of Django apps need a key.
var demoEnv = map[string]string{"SECRET_KEY": "only-for-a-demo-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"}

// Image builds an image of an app. It is `pack build` with everything made ready.
func (e *Env) Image(ctx context.Context, b Build) error {
	return e.scratch(func(dir string) (err error) {
		if b.App, err = e.Stage(ctx, b.App, dir); err != nil {
			return err
		}
		_, err = e.PackBuild(ctx, b)
		return err
	})
}

// Demo builds an app, starts it and waits for its page. Without a Docker Engine the lifecycle builds and starts it.
func (e *Env) Demo(ctx context.Context, app string, flags []string) error {
	name := "tandem-demo-" + strings.ToLower(filepath.Base(app))
	if err := e.Engine(ctx); errors.Is(err, ErrNoEngine) {
		fmt.Fprintf(e.Log, "%v\n\nWithout one the lifecycle's own programs build and start the app in a directory of "+
			"this machine.\n\n", err)
		return e.demoHere(ctx, app)
	} else if err != nil {
		return err
	}
	if err := e.Image(ctx, Build{App: app, Image: name, Flags: flags}); err != nil {
		return err
	}
	_, _ = e.Docker(ctx, "rm", "--force", name) // of an earlier demo; mostly there is none
	container, err := e.Run(ctx, name, Start{Name: name, Env: demoEnv})
	if err != nil {
		return err
	}
	if _, _, err := Answer(ctx, container.URL+"/"); err != nil {
		logs, _ := container.Logs(ctx) // the other error is the one to read
		return fmt.Errorf("the app gives no page: %w\n%s", err, logs)
	}
	e.tell(container.URL, "docker logs "+name)
	return nil
}

func (e *Env) tell(url, log string) {
	fmt.Fprintf(e.Log, "\nThe app runs at %s/\nIts log: %s\nTo end it: make stop\n", url, log)
}

func (e *Env) demoHere(ctx context.Context, app string) error {
	p, err := e.Phases(ctx, "")
	if err != nil {
		return err
	}
	err = e.scratch(func(dir string) error {
		if app, err = e.Stage(ctx, app, dir); err != nil {
			return err
		}
		_, err := p.Build(ctx, Build{App: app})
		return err
	})
	if err != nil {
		return errors.Join(err, p.Close())
	}
	server, err := p.Serve(ctx, "web", demoEnv)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	e.tell(server.URL, p.path("server.log"))
	return os.WriteFile(filepath.Join(e.Home, filepath.Base(p.Dir)+".demo"), fmt.Append(nil, server.pid), 0o644)
}

// stopDemos ends the demos: their containers, and the processes of those without one.
func (e *Env) stopDemos(ctx context.Context) error {
	if ids, err := e.Docker(ctx, "ps", "--all", "--quiet", "--filter", "label="+demoLabel); err == nil && ids != "" {
		_, err := e.Docker(ctx, append([]string{"rm", "--force", "--volumes"}, strings.Fields(ids)...)...)
		if err != nil {
			return err
		}
	}
	files, err := filepath.Glob(filepath.Join(e.Home, "*.demo"))
	for _, file := range files {
		dir := filepath.Join(phasesParent, strings.TrimSuffix(filepath.Base(file), ".demo"))
		pid, readErr := os.ReadFile(file)
		cwd, _ := os.Readlink("/proc/" + string(pid) + "/cwd") // it may have ended, and its ID be another process's
		if strings.HasPrefix(cwd, dir+"/") {
			readErr = e.run(ctx, "", "kill", "-KILL", "--", "-"+string(pid))
		}
		err = errors.Join(err, readErr, os.Remove(file), os.RemoveAll(dir))
	}
	return err
}

// demoLabel marks the containers that Stop removes.
const demoLabel = "tandem.demo=true"

// containerPort is the port of apps in their container.
const containerPort = "8080"

// Start describes how a container is started.
type Start struct {
	Name    string            // "" for a random one
	Env     map[string]string // in addition to PORT
	Flags   []string          // more flags of `docker run`: --read-only, --user, --entrypoint
	Command []string          // instead of the image's default process
}

// Container is a running container. Its port is published on a free port of the loopback address.
type Container struct {
	ID, URL string
	env     *Env
}

// Run starts a container of image. The caller must call its Stop, otherwise the command `dev stop` does.
func (e *Env) Run(ctx context.Context, image string, s Start) (*Container, error) {
	args := []string{"run", "--detach", "--label", demoLabel, "--publish", "127.0.0.1::" + containerPort}
	args = append(append(args, "--env", "PORT="+containerPort), environment(s.Env)...)
	if s.Name != "" {
		args = append(args, "--name", s.Name)
	}
	args = append(append(args, s.Flags...), image)
	id, err := e.Docker(ctx, append(args, s.Command...)...)
	if err != nil {
		return nil, err
	}
	c := &Container{ID: id, env: e}
	address, err := e.Docker(ctx, "port", c.ID, containerPort+"/tcp")
	if err != nil {
		logs, _ := c.Logs(ctx) // what matters is that it ended
		return c, fmt.Errorf("the container ended at once: %w\n%s", err, logs)
	}
	c.URL = "http://" + strings.Fields(address)[0]
	return c, nil
}

// Logs returns what the container's processes printed.
func (c *Container) Logs(ctx context.Context) (string, error) {
	var all strings.Builder
	err := c.env.DockerTo(ctx, &all, "logs", c.ID)
	return all.String(), err
}

// Exec runs argv in the container and returns its standard output.
func (c *Container) Exec(ctx context.Context, argv ...string) (string, error) {
	return c.env.Output(ctx, "", append([]string{"docker", "exec", c.ID}, argv...)...)
}

// Stop removes the container.
func (c *Container) Stop(ctx context.Context) error {
	return c.env.run(ctx, "", "docker", "rm", "--force", "--volumes", c.ID)
}

// Ready makes what the tests would otherwise wait for: the lifecycle, the buildpack, the lockfiles of the examples and,
// if there is a Docker Engine, two builders.
func (e *Env) Ready(ctx context.Context) error {
	return run.Parallel(ctx, made(e.Lifecycle), made(e.Buildpack), e.readyLocks, func(ctx context.Context) error {
		_, err := e.CompositeBuilder(ctx)
		if errors.Is(err, ErrNoEngine) {
			_, err = fmt.Fprintln(e.Log, err)
		}
		return err
	})
}

// made returns a function that makes a thing and drops where it is.
func made(thing func(context.Context) (string, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := thing(ctx)
		return err
	}
}

// readyLocks makes the lockfiles one after the other: that waits for package indexes more than it computes.
func (e *Env) readyLocks(ctx context.Context) error {
	files, err := filepath.Glob(filepath.Join(e.Root, "examples/*/expect.json"))
	if err != nil {
		return err
	}
	return e.scratch(func(dir string) error {
		for _, file := range files {
			if _, err := e.Stage(ctx, filepath.Dir(file), dir); err != nil {
				return err
			}
		}
		return nil
	})
}
