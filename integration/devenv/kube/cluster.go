//go:build linux

// Package kube runs a Kubernetes with kpack on this machine, for a test: the real API server, controllers, scheduler and
// kubelet, on etcd and containerd. It needs root and a Docker Engine, and no container registry. It is no part of the buildpack.
package kube

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/run"
)

// The cluster has a network of its own. A link leads to the machine, where Host is all that can be reached from inside.
const (
	Host     = "10.244.1.1"
	node     = "10.244.1.2"
	pods     = "10.244.0.0/24"
	services = "10.96.0.0/16"
	api      = "10.96.0.1" // the first of services: what pods know the API server by
)

// Registry is the one that everything is pushed to and pulled from. Go programs speak HTTP to private addresses by themselves.
const Registry = Host + ":5000"

// Private is the same for those who have a login, as companies have it. The cluster's node is told to speak HTTP to it; who serves it is the test.
const Private = Host + ":5001"

// Cluster is a running one.
type Cluster struct {
	env     *devenv.Env
	vars    run.Env
	dir     string // all that a run makes, removed at the start of the next one; logs are in its folder log
	bin     string // the folder of Kubernetes' programs
	kpack   string // of kpack's
	crane   string // of crane
	pause   string // the program
	lock    *os.File
	started []*os.Process
	first   int // id of the first process in the cluster's namespaces; with it ends all that is in them
}

// Start builds what is not there yet and starts a cluster with kpack ready in it. Stop ends it, and so does this process's end,
// however it comes about.
func Start(ctx context.Context, env *devenv.Env) (c *Cluster, err error) {
	c = &Cluster{env: env, vars: run.ParseEnv(os.Environ()), dir: filepath.Join(env.Home, "kpack")}
	if os.Geteuid() != 0 {
		return nil, errors.New("only root can start a cluster: pods want namespaces, mounts and control groups")
	}
	if err := c.build(ctx); err != nil {
		return nil, err
	}
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Stop())
		}
	}()
	if err := c.isolate(ctx); err != nil {
		return c, err
	}
	if err := c.registry(ctx); err != nil {
		return c, err
	}
	err = run.Parallel(ctx,
		func(ctx context.Context) error {
			return c.step("Kubernetes is up", func() error { return c.kubernetes(ctx) })
		},
		func(ctx context.Context) error {
			return c.step("the images are in the registry", func() error { return c.images(ctx) })
		})
	if err != nil {
		return c, err
	}
	return c, c.step("kpack is up", func() error { return c.install(ctx) })
}

// build makes all programs from source.
func (c *Cluster) build(ctx context.Context) (err error) {
	if c.bin, err = c.env.Kubernetes(ctx); err != nil {
		return err
	}
	if c.kpack, err = c.env.Kpack(ctx); err != nil {
		return err
	}
	c.crane, err = c.env.Crane(ctx)
	return err
}

// prepare gets what Debian's packages have, and empty folders.
func (c *Cluster) prepare(ctx context.Context) (err error) {
	for file, debian := range map[string]string{
		"/usr/bin/etcd": "etcd-server", "/usr/bin/containerd": "containerd", "/usr/sbin/runc": "runc", "/usr/lib/cni/bridge": "containernetworking-plugins",
		"/sbin/ip": "iproute2", "/usr/bin/nsenter": "util-linux", "/usr/lib/git-core/git-http-backend": "git",
	} {
		if err := c.env.NeedFile(ctx, file, debian); err != nil {
			return err
		}
	}
	for _, dir := range []string{"log", "pem", "cni", "registries/" + Registry, "registries/" + Private, "kubelet", "registry", "volumes/first", "volumes/second"} {
		if dir == "log" {
			err = os.RemoveAll(c.dir)
		}
		if err = errors.Join(err, os.MkdirAll(filepath.Join(c.dir, dir), 0o755)); err != nil {
			return err
		}
	}
	c.pause = filepath.Join(c.dir, "pause/pause")
	sh := run.Shell{Dir: filepath.Join(c.env.Root, "integration"), Env: c.vars.With(run.Env{"CGO_ENABLED": "0"}), Out: c.env.Log}
	return sh.Run(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", c.pause, "./devenv/kube/pause")
}

// step does fn and says how long it took.
func (c *Cluster) step(what string, fn func() error) error {
	start := time.Now()
	if err := fn(); err != nil {
		return fmt.Errorf("until %s: %w", what, err)
	}
	fmt.Fprintf(c.env.Log, "   %s: %.1f s\n", what, time.Since(start).Seconds())
	return nil
}

// Kubectl runs kubectl and returns what it printed.
func (c *Cluster) Kubectl(ctx context.Context, args ...string) (string, error) {
	return c.output(ctx, append([]string{filepath.Join(c.bin, "kubectl")}, args...)...)
}

// Crane runs crane, which reads and writes images in registries, and returns what it printed.
func (c *Cluster) Crane(ctx context.Context, args ...string) (string, error) {
	return c.output(ctx, append([]string{filepath.Join(c.crane, "crane")}, args...)...)
}

// Volumes is the folder of the cluster's persistent volumes.
func (c *Cluster) Volumes() string { return filepath.Join(c.dir, "volumes") }

// Vars are those with which a command finds kubectl and the cluster.
func (c *Cluster) Vars() run.Env {
	return c.vars.With(run.Env{"PATH": c.bin + ":" + c.vars["PATH"], "KUBECONFIG": filepath.Join(c.dir, "kubeconfig.yaml")})
}

func (c *Cluster) output(ctx context.Context, argv ...string) (string, error) {
	var errors strings.Builder
	out, err := run.Shell{Dir: c.dir, Env: c.Vars(), Out: &errors}.Output(ctx, argv...)
	if err != nil {
		return out, fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, errors.String())
	}
	return out, nil
}

//go:embed config
var configs embed.FS

// configure writes one of the files in config, with this cluster's folder and addresses in it.
func (c *Cluster) configure(name, target string) error {
	text, err := configs.ReadFile("config/" + name)
	if err != nil {
		return err
	}
	values := map[string]string{"DIR": c.dir, "REGISTRY": Registry, "NODE": node, "PODS": pods}
	return os.WriteFile(filepath.Join(c.dir, target), []byte(os.Expand(string(text), func(name string) string { return values[name] })), 0o644)
}

// wait asks again and again until ready says nil, for two minutes.
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
