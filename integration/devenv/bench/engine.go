package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-cnb/tandem/internal/run"
)

// ramdisk is where the second Docker Engine lives, below a folder for sockets: their paths must be short.
const ramdisk = "/run/tandem-bench"

const gib = 1 << 30

// How much memory the engine's data may take, and how much must be free for that.
const (
	ramSize = 12 * gib
	ramFree = 16 * gib
)

// engine is a Docker Engine and the client to talk to it.
type engine struct {
	client string  // a docker that can build with BuildKit
	vars   run.Env // with DOCKER_HOST
	where  string  // of its data, for the report
	own    bool    // only we use it
	pid    int
}

// newEngine starts an engine with its data in memory, or gives the usual one and why.
func newEngine(ctx context.Context, vars run.Env) (*engine, error) {
	g := &engine{vars: vars.With(run.Env{"DOCKER_BUILDKIT": "1", "BUILDKIT_PROGRESS": "plain"})}
	err := g.findClient(ctx)
	if err != nil {
		return nil, err
	}
	if why := noRAM(vars); why != "" {
		g.where = "on a disk (" + why + ")"
		return g, nil
	}
	if err := clearRAM(); err != nil {
		return nil, err
	}
	if err := g.start(ctx); err != nil {
		return nil, errors.Join(err, g.close())
	}
	g.where, g.own = "in memory (tmpfs), of an engine of its own", true
	return g, nil
}

// findClient takes the first docker on PATH that builds with BuildKit: newer ones do only with a plugin.
func (g *engine) findClient(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "tandem-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte("FROM scratch\nLABEL tandem=bench\n"), 0o644); err != nil {
		return err
	}
	for _, folder := range filepath.SplitList(g.vars["PATH"]) {
		g.client = filepath.Join(folder, "docker")
		if _, failed := g.docker(ctx, "build", "--quiet", dir); failed == nil {
			return nil
		} else if !errors.Is(failed, exec.ErrNotFound) && !errors.Is(failed, os.ErrNotExist) {
			err = failed
		}
	}
	return fmt.Errorf("no docker on PATH builds with BuildKit: %w", err)
}

// noRAM says why the data can't be in memory, "" when it can.
func noRAM(vars run.Env) string {
	switch free := memory("MemAvailable"); {
	case vars["DOCKER_HOST"] != "":
		return "DOCKER_HOST is set"
	case os.Geteuid() != 0:
		return "only root can start another engine"
	case free < ramFree:
		return fmt.Sprintf("%d GiB of memory are free, %d are needed", free/gib, ramFree/gib)
	}
	return ""
}

// memory is an entry of /proc/meminfo in bytes, 0 when there is none.
func memory(name string) int64 {
	content, _ := os.ReadFile("/proc/meminfo") // without it nothing is known to be free
	for line := range strings.Lines(string(content)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == name+":" {
			kib, _ := strconv.ParseInt(fields[1], 10, 64) // the kernel writes numbers
			return kib * 1024
		}
	}
	return 0
}

func (g *engine) start(ctx context.Context) error {
	if err := os.MkdirAll(ramdisk, 0o700); err != nil {
		return err
	}
	if err := syscall.Mount("tmpfs", ramdisk, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", ramSize)); err != nil {
		return fmt.Errorf("mount a tmpfs: %w", err)
	}
	path, err := run.LookPath("dockerd", g.vars["PATH"], "")
	if err != nil {
		return err
	}
	if err := makeBridge(ctx, g.vars); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(ramdisk, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	socket := "unix://" + ramdisk + "/socket"
	// Containers and builds use the host's network. The names of containerd's spaces matter where the system has one for all.
	cmd := exec.Command(path, "--host", socket, "--data-root", ramdisk+"/data", "--exec-root", ramdisk+"/exec", "--pidfile", pidFile,
		"--bridge", bridge, "--iptables=false", "--containerd-namespace", "tandem-bench", "--containerd-plugins-namespace", "tandem-bench-plugins")
	cmd.Env, cmd.Stdout, cmd.Stderr = g.vars.List(), log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // else Ctrl-C would end it before the containers
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // why it ended is in its log
	g.pid, g.vars = cmd.Process.Pid, g.vars.With(run.Env{"DOCKER_HOST": socket})
	for range 60 {
		if _, err = g.docker(ctx, "version"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
	}
	content, _ := os.ReadFile(log.Name()) // the other error says enough
	return fmt.Errorf("the engine in memory gives no answer: %w\n%s", err, content)
}

const pidFile = ramdisk + "/pid"

// clearRAM ends what an interrupted benchmark left.
func clearRAM() error {
	content, err := os.ReadFile(pidFile)
	if errors.Is(err, os.ErrNotExist) {
		return unmount()
	} else if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return fmt.Errorf("read the process id in %s: %w", pidFile, err)
	}
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || !strings.Contains(string(name), ramdisk) { // the id is somebody else's by now
		return unmount()
	}
	return (&engine{pid: pid}).close()
}

// close ends the engine in memory, if there is one, and gives the memory back.
func (g *engine) close() error {
	if g.pid == 0 {
		return unmount()
	}
	_ = syscall.Kill(g.pid, syscall.SIGTERM) // it may have ended by itself
	for range 150 {
		if syscall.Kill(g.pid, 0) != nil {
			return unmount()
		}
		time.Sleep(200 * time.Millisecond)
	}
	return fmt.Errorf("process %d, a Docker Engine, does not end", g.pid)
}

// unmount takes the layers that an engine left mounted before the tmpfs itself: the newest first.
func unmount() error {
	content, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return nil // not Linux: nothing was mounted
	}
	var points []string
	for line := range strings.Lines(string(content)) {
		if point := strings.Fields(line)[1]; point == ramdisk || strings.HasPrefix(point, ramdisk+"/") {
			points = append(points, point)
		}
	}
	for _, point := range slices.Backward(points) {
		if err := syscall.Unmount(point, syscall.MNT_DETACH); err != nil {
			return fmt.Errorf("unmount %s: %w", point, err)
		}
	}
	removeBridge()
	return os.RemoveAll(ramdisk)
}
