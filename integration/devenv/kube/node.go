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
	"regexp"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// configs describe the node. Its container runs node.sh; kubectl uses kubeconfig.yaml here too.
//
//go:embed config
var configs embed.FS

// configure writes configs into the empty directory of the node, with the cluster's addresses.
func (c *Cluster) configure() error {
	err := os.RemoveAll(c.dir)
	for _, dir := range []string{"log", "registry", "volumes/first", "volumes/second"} {
		err = errors.Join(err, os.MkdirAll(filepath.Join(c.dir, dir), 0o755))
	}
	addresses := strings.NewReplacer("${REGISTRY}", Registry, "${PRIVATE}", Private, "${NODE}", node, "${API}", api,
		"${PODS}", pods, "${SERVICES}", services)
	files, failed := configs.ReadDir("config")
	for _, file := range files {
		text, unread := configs.ReadFile("config/" + file.Name())
		filled := addresses.Replace(string(text))
		err = errors.Join(err, unread, os.WriteFile(filepath.Join(c.dir, file.Name()), []byte(filled), 0o755))
	}
	return errors.Join(err, failed)
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
		"--volume", c.dir + ":/node", "--volume", c.bin + ":/kubernetes:ro", nodeImage, "/node/node.sh",
	})...)
	cmd.Stdout, cmd.Stderr = log, log
	if c.stdin, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.node = cmd
	err = devenv.Wait(ctx, patience, func() error {
		_, err := c.Kubectl(ctx, "wait", "--for=condition=Ready", "node/node", "--timeout=1m")
		return err
	})
	if err != nil {
		logs, _ := c.env.Output(ctx, "", "sh", "-c", `tail --lines 15 "$0"/*`, filepath.Dir(log.Name()))
		return fmt.Errorf("%w\n%s", err, logs)
	}
	return c.apply(ctx, "storage.yaml")
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

// install applies kpack's own YAML and waits until kpack works.
func (c *Cluster) install(ctx context.Context) error {
	const lifecycle = "default_clusterlifecycle.yaml"
	dir := filepath.Join(c.dir, "kpack")
	err := os.Mkdir(dir, 0o755)
	files, failed := filepath.Glob(filepath.Join(c.config, "*.yaml"))
	for _, file := range files {
		content, unread := os.ReadFile(file)
		target := filepath.Join(dir, filepath.Base(file))
		switch filepath.Base(file) {
		case "schema.yaml": // of the templates
			continue
		case lifecycle:
			target = filepath.Join(c.dir, lifecycle)
		}
		err = errors.Join(err, unread, os.WriteFile(target, []byte(render(string(content))), 0o644))
	}
	err = errors.Join(err, failed, c.apply(ctx, "kpack")) // in the order of names: the namespace first
	if err != nil {
		return err
	}
	const available = "--for=condition=Available"
	_, err = c.Kubectl(ctx, "--namespace=kpack", "wait", available, "--timeout=4m", "deployment", "--all")
	if err != nil {
		pods, _ := c.Kubectl(ctx, "--namespace=kpack", "describe", "pods") // the other error says more
		return fmt.Errorf("%w\n%s", err, pods)
	}
	// The webhook checks it, and needs a moment to get its own certificate.
	return devenv.Wait(ctx, patience, func() error { return c.apply(ctx, lifecycle) })
}

// apply applies a file of dir, or all files of a directory there.
func (c *Cluster) apply(ctx context.Context, name string) error {
	_, err := c.Kubectl(ctx, "apply", "--filename", filepath.Join(c.dir, name))
	return err
}

// value matches a value in kpack's YAML that its own templates would fill in, and comment a line of these templates.
var (
	value   = regexp.MustCompile(`#@ data\.values\.([a-z_]+)(\.image)?`)
	comment = regexp.MustCompile(`(?m)^#@.*\n?`)
)

// render fills in kpack's templates.
func render(text string) string {
	return value.ReplaceAllStringFunc(comment.ReplaceAllString(text, ""), func(found string) string {
		switch name := value.FindStringSubmatch(found)[1]; name {
		case "kpack_version":
			return strings.TrimPrefix(devenv.KpackVersion, "v")
		case "lifecycle":
			return lifecycle
		default:
			return programs + strings.ReplaceAll(name, "_", "-")
		}
	})
}
