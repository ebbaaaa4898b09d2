package devenv

import (
	"context"
	"fmt"
	"strings"
)

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
	return c.env.output(ctx, "", append([]string{"docker", "exec", c.ID}, argv...)...)
}

// Stop removes the container.
func (c *Container) Stop(ctx context.Context) error {
	_, err := c.env.Docker(ctx, "rm", "--force", "--volumes", c.ID)
	return err
}
