//go:build linux

// Package kube runs a Kubernetes with kpack for a test: the real API server, controllers, scheduler and kubelet, on
// etcd and containerd, in one container. It needs root and a Docker Engine on this machine, and no container registry.
package kube

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/run"
)

// The node and its pods share a network of Docker's with the machine. Host, the machine's address there, is all that
// they reach outside of the cluster.
const (
	Host     = "10.244.1.1"
	node     = "10.244.1.2"
	pods     = "10.244.0.0/24"
	network  = "10.244.0.0/16"
	services = "10.96.0.0/16"
	api      = "10.96.0.1" // the first address of services, by which pods know the API server
)

// Registry has all images. Programs in Go speak HTTP to private addresses on their own.
const Registry = Host + ":5000"

// Private is for the same images behind a password, as companies have it. The node speaks HTTP to it, too. The test
// serves it.
const Private = Host + ":5001"

const (
	container = "tandem-kpack" // the name of the node's container, and of its network
	nodeImage = "tandem/node:bookworm"
)

// patience is how long the cluster may need for anything.
const patience = 2 * time.Minute

// Cluster is a running Kubernetes with kpack.
type Cluster struct {
	env      *devenv.Env
	dir      string // the container's /node: configuration, keys, logs, volumes; emptied by Start
	bin      string // the directory of Kubernetes' programs
	kpack    string // the directory of kpack's programs
	config   string // the directory of the YAML that installs kpack
	registry *http.Server
	stdin    io.Closer // the node's; when it is closed, the node ends
	node     *exec.Cmd
}

// Start builds what is not there yet and starts a cluster with kpack ready in it. Stop ends it, and so does the end of
// this process.
func Start(ctx context.Context, env *devenv.Env) (c *Cluster, err error) {
	c = &Cluster{env: env, dir: filepath.Join(env.Home, "kpack")}
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Stop())
		}
	}()
	if err := errors.Join(c.configure(), c.serveRegistry()); err != nil {
		return c, err
	}
	err = run.Parallel(ctx,
		func(ctx context.Context) error {
			return env.Step("start Kubernetes", func() error { return c.startNode(ctx) })
		},
		func(ctx context.Context) error {
			return env.Step("put the images into the registry", func() error { return c.images(ctx) })
		})
	if err != nil {
		return c, err
	}
	return c, env.Step("install kpack", func() error { return c.install(ctx) })
}

// prepare makes the programs, the images and the network. Only one cluster can have the network.
func (c *Cluster) prepare(ctx context.Context) (err error) {
	if c.bin, err = c.env.Kubernetes(ctx); err != nil {
		return err
	}
	if c.kpack, c.config, err = c.env.Kpack(ctx); err != nil {
		return err
	}
	if err := c.env.Need(ctx, "/usr/lib/git-core/git-http-backend", "git"); err != nil {
		return err
	}
	if err := c.env.BaseImages(ctx); err != nil {
		return err
	}
	const packages = "containerd,containernetworking-plugins,etcd-server,iproute2,openssl,runc"
	if err := c.env.DebianImage(ctx, nodeImage, packages); err != nil {
		return err
	}
	_, _ = c.env.Docker(ctx, "network", "rm", container) // mostly there is none
	create := []string{"network", "create", "--internal", "--subnet", network, "--gateway", Host, container}
	if _, err := c.env.Docker(ctx, create...); err != nil {
		return fmt.Errorf("only one cluster can run: %w", err)
	}
	return nil
}

// Kubectl runs kubectl and returns its standard output.
func (c *Cluster) Kubectl(ctx context.Context, args ...string) (string, error) {
	argv := []string{filepath.Join(c.bin, "kubectl"), "--kubeconfig", c.kubeconfig()}
	return c.env.Output(ctx, "", append(argv, args...)...)
}

func (c *Cluster) kubeconfig() string { return filepath.Join(c.dir, "kubeconfig.yaml") }

// Volumes returns the directory of the cluster's persistent volumes.
func (c *Cluster) Volumes() string { return filepath.Join(c.dir, "volumes") }

// Vars returns the environment in which a command finds kubectl and the cluster.
func (c *Cluster) Vars() run.Env {
	vars := run.ParseEnv(os.Environ())
	return vars.With(run.Env{"PATH": c.bin + ":" + vars["PATH"], "KUBECONFIG": c.kubeconfig()})
}

// Stop ends everything that Start started.
func (c *Cluster) Stop() (err error) {
	if c.registry != nil {
		err = c.registry.Close()
	}
	if c.node != nil {
		err = errors.Join(err, c.stdin.Close())
		_ = c.node.Wait() // node.sh ends with the status of what it was waiting for
	}
	_, failed := c.env.Docker(context.Background(), "network", "rm", container)
	return errors.Join(err, failed)
}
