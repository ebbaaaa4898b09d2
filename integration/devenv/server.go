package devenv

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Server is a process of the built app, started by the launcher.
type Server struct {
	URL string
	pid int
}

// Serve starts the process type on a free port of the loopback address and waits for its page. Stop ends it.
func (p *Phases) Serve(ctx context.Context, process string, env map[string]string) (*Server, error) {
	address, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(p.path("server.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	// The launcher takes the process type from the name it is called by, as in /cnb/process/web.
	link := p.path("lifecycle/" + process)
	if err := os.Symlink("launcher", link); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	sh := p.shell(log)
	argv := append(p.prefix[:len(p.prefix):len(p.prefix)], link)
	path, err := run.LookPath(argv[0], sh.Env["PATH"], p.Dir)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, argv[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.path("app"), log, log
	cmd.Env = sh.Env.With(env, run.Env{"PORT": port}).List()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = cmd.Wait() }() // so that it leaves the process table when it ends; why it ended is in its log
	server := &Server{URL: "http://" + address, pid: cmd.Process.Pid}
	if _, _, err := Answer(ctx, server.URL+"/"); err != nil {
		err = fmt.Errorf("the app gives no page: %w\n%s", err, tail(log.Name(), 40))
		return nil, errors.Join(err, server.Stop(ctx))
	}
	return server, nil
}

// Stop ends the process with all that it started.
func (s *Server) Stop(context.Context) error {
	if err := syscall.Kill(-s.pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	return nil
}

// FreeAddress returns an address of the loopback interface whose port was free a moment ago.
func FreeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
