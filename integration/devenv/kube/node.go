//go:build linux

package kube

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// configs describe the node. Its container runs node.sh; kubectl uses kubeconfig.yaml here too.
//
//go:embed config
var configs embed.FS

// configure writes configs into the empty directory of the node, with the cluster's addresses.
func (c *Cluster) configure() error {
	if err := os.RemoveAll(c.dir); err != nil {
		return err
	}
	for _, dir := range []string{
		"log", "registry", "volumes/first", "volumes/second", "registries/" + Registry, "registries/" + Private,
	} {
		if err := os.MkdirAll(filepath.Join(c.dir, dir), 0o755); err != nil {
			return err
		}
	}
	for _, registry := range []string{Registry, Private} {
		hosts := fmt.Sprintf("[host.\"http://%s\"]\ncapabilities = [\"pull\", \"resolve\"]\n", registry)
		file := filepath.Join(c.dir, "registries", registry, "hosts.toml")
		if err := os.WriteFile(file, []byte(hosts), 0o644); err != nil {
			return err
		}
	}
	addresses := strings.NewReplacer("${REGISTRY}", Registry, "${NODE}", node, "${PODS}", pods)
	files, err := configs.ReadDir("config")
	for _, file := range files {
		text, failed := configs.ReadFile("config/" + file.Name())
		filled := addresses.Replace(string(text))
		err = errors.Join(err, failed, os.WriteFile(filepath.Join(c.dir, file.Name()), []byte(filled), 0o755))
	}
	return err
}

// startNode starts the node's container and waits until the node is ready.
func (c *Cluster) startNode(ctx context.Context) error {
	log, err := os.Create(filepath.Join(c.dir, "log/node"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command("docker", slices.Concat(privileged, []string{
		"--name", container, "--network", container, "--ip", node,
		"--volume", c.dir + ":/node", "--volume", c.bin + ":/kubernetes:ro",
		"--env", "NODE=" + node, "--env", "API=" + api, "--env", "SERVICES=" + services, nodeImage, "/node/node.sh",
	})...)
	cmd.Env, cmd.Stdout, cmd.Stderr = c.vars.List(), log, log
	if c.stdin, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.node = cmd
	err = wait(ctx, func() error {
		_, err := c.Kubectl(ctx, "wait", "--for=condition=Ready", "node/node", "--timeout=1m")
		return err
	})
	if err != nil {
		return fmt.Errorf("%w\n%s", err, c.logs())
	}
	_, err = c.Kubectl(ctx, "apply", "--filename", filepath.Join(c.dir, "storage.yaml"))
	return err
}

// privileged is `docker run --privileged` without CAP_SYS_RESOURCE, which root may lack in a virtual machine or a
// container: then Docker starts no container with --privileged. node.sh makes what stays read-only writable.
// https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
var privileged = []string{
	"run", "--rm", "--interactive", "--user", "0", "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE",
	"--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
	"--security-opt", "systempaths=unconfined",
	"--device-cgroup-rule", "a *:* rwm", "--device", "/dev/kmsg", "--cgroupns", "private",
	// overlayfs cannot lie on another one.
	"--volume", "/var/lib/containerd", "--volume", "/var/lib/kubelet",
}

// logs returns the ends of all logs of the node.
func (c *Cluster) logs() string {
	text, err := c.output(context.Background(), "sh", "-c", `tail --lines 15 "$1"/*`, "sh", filepath.Join(c.dir, "log"))
	if err != nil {
		return err.Error()
	}
	return text
}

// wait calls ready again and again until it returns nil, for two minutes.
func wait(ctx context.Context, ready func() error) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}
