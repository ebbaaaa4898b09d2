//go:build linux

package kube

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// link is the machine's end of the way into the cluster.
const link = "tandem-kpack"

// inside makes the namespaces ready: what programs write outside of their own folders is in memory, and so gone with them.
const inside = `set -e
mount -t proc proc /proc
mount -t tmpfs run /run
mount -t tmpfs log /var/log
mount -t tmpfs cni /var/lib/cni
mount --bind "$1" /var/lib/kubelet
ip link set lo up
ip address add "$2"/32 dev lo
ip address add "$3"/30 dev eth0
ip link set eth0 up
echo 1 >/proc/sys/net/ipv4/ip_forward`

// isolate makes namespaces for processes, mounts and the network. When their first process ends, the kernel ends all others,
// takes the mounts away, and the network in the end: nothing is left to be cleaned up but the link, control groups and folders.
func (c *Cluster) isolate(ctx context.Context) error {
	if err := c.onlyOne(); err != nil {
		return err
	}
	c.removeLink(ctx)
	for _, dir := range mounted {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	first, err := c.start("first", &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNET, Unshareflags: syscall.CLONE_NEWNS}, c.pause)
	if err != nil {
		return err
	}
	c.first = first.Pid
	pid := strconv.Itoa(c.first)
	for _, argv := range [][]string{
		{"ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pid},
		{"ip", "address", "add", Host + "/30", "dev", link},
		{"ip", "link", "set", link, "up"},
		c.in("sh", "-c", inside, "sh", filepath.Join(c.dir, "kubelet"), api, node),
		{"ip", "route", "add", pods, "via", node},
	} {
		if _, err := c.output(ctx, argv...); err != nil {
			return err
		}
	}
	return nil
}

// onlyOne takes the lock that the kernel gives back when this process ends.
func (c *Cluster) onlyOne() (err error) {
	if c.lock, err = os.OpenFile("/run/"+link+".lock", os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	if err := syscall.Flock(int(c.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("another cluster runs on this machine: lock %s: %w", c.lock.Name(), err)
	}
	return nil
}

// removeLink does not wait until the network is gone by itself: connections that nobody answers keep it for minutes.
func (c *Cluster) removeLink(ctx context.Context) {
	_, _ = c.output(ctx, "ip", "link", "delete", link) // mostly there is none
}

// mounted are folders of the machine that the cluster sees its own in place of. Where they were not there they are empty and go again.
var mounted = []string{"/var/lib/cni", "/var/lib/kubelet"}

// in is argv as a command in the cluster's namespaces.
func (c *Cluster) in(argv ...string) []string {
	return append([]string{"nsenter", "--target", strconv.Itoa(c.first), "--mount", "--net", "--pid", "--"}, argv...)
}

// serve starts a program of the cluster.
func (c *Cluster) serve(argv ...string) error {
	_, err := c.start(filepath.Base(argv[0]), &syscall.SysProcAttr{}, c.in(argv...)...)
	return err
}

// start starts a program that ends with this process at the latest. What it prints goes into a file below log.
func (c *Cluster) start(name string, how *syscall.SysProcAttr, argv ...string) (*os.Process, error) {
	log, err := os.Create(filepath.Join(c.dir, "log", name))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, argv[1:]...)
	how.Pdeathsig, how.Setpgid = syscall.SIGKILL, true
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = c.vars.List(), c.dir, log, log, how
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() { _ = cmd.Wait() }() // why it ended is in its log
	c.started = append(c.started, cmd.Process)
	return cmd.Process, nil
}

// Stop ends everything that Start started.
func (c *Cluster) Stop() error {
	for _, process := range slices.Backward(c.started) {
		_ = process.Kill() // with the first one all others in the namespaces have ended
	}
	c.removeLink(context.Background())
	for _, dir := range mounted {
		_ = os.Remove(dir) // not empty where it is somebody else's
	}
	return errors.Join(removeGroups(), c.lock.Close())
}

// removeGroups removes the control groups of pods. The kernel refuses that for one that still has processes.
func removeGroups() error {
	roots, err := filepath.Glob("/sys/fs/cgroup/*/kubepods")
	for _, root := range append(roots, "/sys/fs/cgroup/kubepods") {
		var groups []string
		walked := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				groups = append(groups, path)
			}
			return nil // what is not there any more needs no removing
		})
		err = errors.Join(err, walked)
		for _, group := range slices.Backward(groups) {
			_ = retry(func() error { return syscall.Rmdir(group) }) // it is another kubelet's
		}
	}
	return err
}

// retry: a process that has just been killed may still count for a moment.
func retry(fn func() error) (err error) {
	for range 10 {
		if err = fn(); !errors.Is(err, syscall.EBUSY) {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// logTail is the end of a program's log.
func (c *Cluster) logTail(name string) string {
	text, err := os.ReadFile(filepath.Join(c.dir, "log", name))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return name + ":\n" + strings.Join(lines[max(0, len(lines)-15):], "\n")
}
