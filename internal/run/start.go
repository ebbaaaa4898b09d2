package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// waitDelay bounds how long Run waits for a grandchild that keeps the output open after its parent has ended.
const waitDelay = 2 * time.Second

// busyDelay bounds how long Run waits for a program that is being written.
const busyDelay = 2 * time.Second

// starting is locked until a started command has become another program: until then the command has all files open
// that this process is writing. The next command may run such a file through another program, as #!/usr/bin/env node
// does, and that start cannot be repeated.
var starting sync.Mutex

// run starts a command, and waits while its program is still open for writing. The program was just unpacked, and a
// command that the other lane started at that moment has the file open until it has become another program.
// https://go.dev/issue/22315
func (sh Shell) run(ctx context.Context, argv []string, stdout, stderr io.Writer) error {
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		cmd, err := sh.command(ctx, argv)
		if err != nil {
			return err
		}
		cmd.Stdout, cmd.Stderr = stdout, stderr
		if err = start(cmd); err == nil {
			return cmd.Wait()
		}
		if !errors.Is(err, syscall.ETXTBSY) || ctx.Err() != nil || time.Since(begin) > busyDelay {
			return err
		}
	}
}

// start starts cmd and returns when it has become another program.
func start(cmd *exec.Cmd) error {
	starting.Lock()
	defer starting.Unlock()
	if err := cmd.Start(); err != nil {
		return err
	}
	settle(cmd.Process.Pid)
	return nil
}

// settle waits until a process has closed the files that it inherited. Start returns when the pipe between the two is
// closed, and the kernel closes files one after the other; on a busy machine another process may run in between.
// Without /proc it does not wait.
func settle(pid int) {
	const inherited = 3 // standard input, output and error output
	for range 20 {
		if open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); err != nil || len(open) <= inherited {
			return
		}
		time.Sleep(100 * time.Microsecond) // the program's own files count too, so not for long
	}
}

// command returns the command in a process group of its own, so that the end of ctx kills what the command has started
// too. https://man7.org/linux/man-pages/man2/kill.2.html
func (sh Shell) command(ctx context.Context, argv []string) (*exec.Cmd, error) {
	path, err := LookPath(argv[0], sh.Env["PATH"], sh.Dir)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, argv[1:]...)
	cmd.Args[0] = argv[0]
	cmd.Dir, cmd.Env = sh.Dir, sh.Env.List()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = waitDelay
	return cmd, nil
}

// LookPath finds the program name in path (a PATH value), or relative to dir when name has a slash.
// exec.LookPath would search this process's own PATH. The result is absolute if dir is. The error wraps
// exec.ErrNotFound; a name with a slash is not looked for, so that its start fails instead.
func LookPath(name, path, dir string) (string, error) {
	if strings.Contains(name, "/") {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return name, nil
	}
	for _, folder := range filepath.SplitList(path) {
		if !filepath.IsAbs(folder) {
			folder = filepath.Join(dir, folder)
		}
		candidate := filepath.Join(folder, name)
		if info, err := os.Stat(candidate); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, exec.ErrNotFound)
}
