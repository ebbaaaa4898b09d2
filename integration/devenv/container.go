package devenv

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// demoLabel marks the containers that Stop removes.
const demoLabel = "tandem.demo=true"

// containerPort is where apps listen in their container.
const containerPort = "8080"

// Start is how a container is started.
type Start struct {
	Name    string            // "" for a random one
	Env     map[string]string // besides PORT
	Flags   []string          // more of `docker run`'s: --read-only, --user, --entrypoint
	Command []string          // instead of the image's default process
}

// Container is a running one. Its port is published on a free port of the loopback address.
type Container struct {
	ID, URL string
	env     *Env
}

// Run starts a container of image. Whoever calls it calls Stop, else the command `dev stop` does.
func (e *Env) Run(ctx context.Context, image string, s Start) (*Container, error) {
	argv := []string{"docker", "run", "--detach", "--label", demoLabel, "--publish", "127.0.0.1::" + containerPort, "--env", "PORT=" + containerPort}
	for _, name := range slices.Sorted(maps.Keys(s.Env)) {
		argv = append(argv, "--env", name+"="+s.Env[name])
	}
	if s.Name != "" {
		argv = append(argv, "--name", s.Name)
	}
	argv = append(append(argv, s.Flags...), image)
	id, err := e.output(ctx, "", append(argv, s.Command...)...)
	if err != nil {
		return nil, err
	}
	c := &Container{ID: strings.TrimSpace(id), env: e}
	address, err := e.output(ctx, "", "docker", "port", c.ID, containerPort+"/tcp")
	if err != nil {
		logs, _ := c.Logs(ctx) // what matters is that it ended
		return c, fmt.Errorf("the container ended at once: %w\n%s", err, logs)
	}
	c.URL = "http://" + strings.Fields(address)[0]
	return c, nil
}

// Logs is what the container's processes printed.
func (c *Container) Logs(ctx context.Context) (string, error) {
	var all strings.Builder
	sh := c.env.shell("")
	sh.Out = &all
	err := sh.Run(ctx, "docker", "logs", c.ID)
	return all.String(), err
}

// Exec runs argv in the container, by way of the launcher when argv[0] is "launcher", and returns what it printed.
func (c *Container) Exec(ctx context.Context, argv ...string) (string, error) {
	return c.env.output(ctx, "", append([]string{"docker", "exec", c.ID}, argv...)...)
}

// Changes are the files that its processes have added (A), changed (C) and deleted (D), besides those on mounts.
func (c *Container) Changes(ctx context.Context) ([]string, error) {
	out, err := c.env.output(ctx, "", "docker", "diff", c.ID)
	return strings.FieldsFunc(out, func(r rune) bool { return r == '\n' }), err
}

// Stop removes the container.
func (c *Container) Stop(ctx context.Context) error {
	return c.env.run(ctx, "", "docker", "rm", "--force", "--volumes", c.ID)
}
