package devenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// noEngineID marks the one error after which a caller can go on without a daemon.
const noEngineID = "devenv/no-engine"

// NoEngine says whether err means that there is no Docker Engine here and that none can be started.
func NoEngine(err error) bool {
	found, ok := fail.User(err)
	return ok && found.ID == noEngineID
}

func noEngine(why string, cause error) error {
	return &fail.Error{
		ID:   noEngineID,
		What: "There is no Docker Engine and none can be started",
		Why:  why,
		Fix:  fail.Text("Start Docker (or set DOCKER_HOST to one that runs) and run the command again."),
		Err:  cause,
	}
}

// Engine makes sure that a Docker Engine answers. As root on Debian and Ubuntu it installs and starts one, which
// outlives this process until Stop.
func (e *Env) Engine(ctx context.Context) error {
	if e.engineAnswers(ctx) {
		return nil
	}
	switch {
	case e.vars["DOCKER_HOST"] != "":
		return noEngine("DOCKER_HOST is "+e.vars["DOCKER_HOST"]+" and nothing answers there.", nil)
	case runtime.GOOS != "linux" || os.Geteuid() != 0:
		return noEngine("`docker version` gets no answer, and only root on Linux can start one here.", nil)
	}
	if err := errors.Join(e.need(ctx, "dockerd", "docker.io"), e.need(ctx, "iptables", "iptables"), e.need(ctx, "docker", "docker.io")); err != nil {
		return noEngine(err.Error(), err)
	}
	if e.engineAnswers(ctx) { // the package's installation may have started it
		return nil
	}
	return e.step("start a Docker Engine", func() error { return e.startEngine(ctx) })
}

func (e *Env) engineAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return e.run(ctx, "", "docker", "version", "--format", "{{.Server.Version}}") == nil
}

// startEngine starts dockerd, detached from us, with its data, log and process id below Home.
func (e *Env) startEngine(ctx context.Context) error {
	path, err := run.LookPath("dockerd", e.vars["PATH"], "")
	if err != nil {
		return err
	}
	log, err := os.Create(e.engineLog())
	if err != nil {
		return err
	}
	defer log.Close()
	root, err := e.dataRoot(ctx)
	if err != nil {
		return err
	}
	cmd := exec.Command(path, "--data-root", root, "--pidfile", e.enginePID())
	cmd.Env, cmd.Stdout, cmd.Stderr = e.vars.List(), log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return noEngine("dockerd does not start: "+err.Error(), err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for range 60 {
		select {
		case err := <-ended:
			return noEngine("dockerd ended at once. The end of its log, "+e.engineLog()+":\n"+tail(e.engineLog(), 5), err)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
		if e.engineAnswers(ctx) {
			return nil
		}
	}
	_ = cmd.Process.Kill() // it may have ended by itself meanwhile
	return noEngine("dockerd gave no answer within half a minute. Its log is "+e.engineLog()+".", nil)
}

func (e *Env) enginePID() string { return filepath.Join(e.Home, "dockerd.pid") }
func (e *Env) engineLog() string { return filepath.Join(e.Home, "dockerd.log") }

// Stop ends what this package started: the demos, and the Docker Engine if it is ours.
func (e *Env) Stop(ctx context.Context) error {
	if err := e.stopDemos(ctx); err != nil {
		return err
	}
	if err := endProcess(ctx, e.enginePID(), isEngine); err != nil {
		return err
	}
	return e.unmountDisk()
}

// endProcess asks the process whose id is in file to end and waits for it. mine protects against an id that was given
// to somebody else meanwhile; it may get a negative one, of a process group.
func endProcess(ctx context.Context, file string, mine func(pid int) bool) error {
	content, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return fmt.Errorf("read the process id in %s: %w", file, err)
	}
	for i := 0; i < 100 && mine(pid); i++ {
		if i == 0 {
			_ = syscall.Kill(pid, syscall.SIGTERM) // it may end before the signal comes
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
	if mine(pid) {
		return fmt.Errorf("process %d does not end", pid)
	}
	if err := os.Remove(file); !errors.Is(err, os.ErrNotExist) {
		return err // dockerd removes its own
	}
	return nil
}

func isEngine(pid int) bool {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	return err == nil && strings.TrimSpace(string(name)) == "dockerd"
}

// tail is the last n lines of the file at path, or why it can't be read.
func tail(path string, n int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
