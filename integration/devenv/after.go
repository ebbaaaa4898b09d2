package devenv

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/BurntSushi/toml"

	"github.com/tandem-cnb/tandem/internal/run"
)

// Restore leaves what a later build on another machine would find: the cached layers, their toml without [types].
// Launch layers would come from an image. https://github.com/buildpacks/spec/blob/main/platform.md#restorer
func (p *Phases) Restore() error {
	entries, err := os.ReadDir(p.Layers)
	if err != nil {
		return err
	}
	cached := map[string]bool{}
	for _, entry := range entries {
		name, isTOML := strings.CutSuffix(entry.Name(), ".toml")
		if !isTOML {
			continue
		}
		if cached[name], err = restoreLayer(filepath.Join(p.Layers, entry.Name())); err != nil {
			return err
		}
	}
	for _, entry := range entries {
		if !cached[strings.TrimSuffix(entry.Name(), ".toml")] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.Layers, entry.Name())))
		}
	}
	return errors.Join(err, os.RemoveAll(p.path("layers/config")), os.RemoveAll(p.path("layers/sbom")))
}

// restoreLayer removes [types] from a layer's toml and reports whether the layer is cached.
func restoreLayer(file string) (bool, error) {
	content := map[string]any{}
	if _, err := toml.DecodeFile(file, &content); err != nil {
		return false, fmt.Errorf("parse %s: %w", file, err)
	}
	types, _ := content["types"].(map[string]any) // launch.toml, build.toml and store.toml have none
	if cached, _ := types["cache"].(bool); !cached {
		return false, nil
	}
	delete(content, "types")
	text, err := toml.Marshal(content)
	return true, errors.Join(err, os.WriteFile(file, text, 0o644)) // in place: it stays the build user's
}

// Save saves the directory of layers, as a build or Restore has left it; Rewind brings it back.
func (p *Phases) Save() error { return copyTree(p.path("layers"), p.path("saved"), true) }

// Rewind makes everything that builds change what it was when Save was called: layers, HOME and temporary files.
func (p *Phases) Rewind() error {
	return errors.Join(os.RemoveAll(p.path("app")), p.empty("home", "tmp", "layers"),
		copyTree(p.path("saved"), p.path("layers"), true), p.own(p.path("layers")))
}

// Server is a process of the built app, started by the launcher.
type Server struct {
	URL string
	pid int
}

// Serve starts the process type on a free port of the loopback address and waits for its page. Stop ends it.
func (p *Phases) Serve(ctx context.Context, process string, env map[string]string) (*Server, error) {
	port, err := FreePort()
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
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.path("app"), log, log
	cmd.Env = sh.Env.With(env, run.Env{"PORT": port}).List()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = cmd.Wait() }() // so that it leaves the process table when it ends; why it ended is in its log
	server := &Server{URL: "http://127.0.0.1:" + port, pid: cmd.Process.Pid}
	if _, _, err := Answer(ctx, server.URL+"/"); err != nil {
		logged, _ := p.env.Output(ctx, "", "tail", "-n", "40", log.Name()) // the other error is the one to read
		err = fmt.Errorf("the app gives no page: %w\n%s", err, logged)
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

// FreePort returns a port of the loopback address that was free a moment ago.
func FreePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port), listener.Close()
}
