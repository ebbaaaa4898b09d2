// Package run starts commands in an explicit environment and streams what they print. It knows nothing of layers or languages.
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

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Shell is where commands run: a folder, a whole environment (nothing is inherited) and where the output goes.
type Shell struct {
	Dir string
	Env Env
	Out io.Writer

	Background *Reaper // leaves the command alone while it runs; nil if Reap is not called meanwhile
}

// Error is a command that started and did not end well.
type Error struct {
	Argv   []string
	Code   int            // exit code; -1 when a signal ended it
	Signal syscall.Signal // 0 when it exited by itself
	Tail   string         // the end of what it printed, at most tailBytes, without colors
}

// Error says which command ended how.
func (e *Error) Error() string {
	if e.Signal != 0 {
		return fmt.Sprintf("%s: ended by signal %d (%s)", e.Argv[0], e.Signal, e.Signal)
	}
	return fmt.Sprintf("%s: exit code %d", e.Argv[0], e.Code)
}

// tailBytes is how much of a command's output its error keeps: enough for npm's and uv's own explanations.
const tailBytes = 32 << 10

// Limits of output that is a result, in bytes.
const (
	mostOutput = 16 << 20
	mostAnswer = 4 << 10
)

// ErrOutput is wrapped by the error of a command that wrote more than it may.
var ErrOutput = errors.New("it printed more than")

// waitDelay bounds how long we wait for a grandchild that keeps the output open after its parent has ended.
const waitDelay = 2 * time.Second

// busyDelay bounds how long we wait for a program that is being written.
const busyDelay = 2 * time.Second

// Run starts argv, streams its output to sh.Out and waits for its end. A cancelled ctx kills its whole process
// group, so that what npm or a shell started ends too. The error is an *Error, the ctx's cause, or says why argv did not start.
func (sh Shell) Run(ctx context.Context, argv ...string) error {
	tail := &tailWriter{out: sh.Out}
	return finish(ctx, sh.run(ctx, argv, tail, tail), argv, tail)
}

// Output is Run that returns what the command wrote to its standard output; only its standard error is streamed.
func (sh Shell) Output(ctx context.Context, argv ...string) (string, error) {
	return sh.output(ctx, mostOutput, argv)
}

// Answer is Output for a command that prints little, such as its version.
func (sh Shell) Answer(ctx context.Context, argv ...string) (string, error) {
	return sh.output(ctx, mostAnswer, argv)
}

// output ends the command when it has written more than most bytes, and returns no part of them then.
func (sh Shell) output(ctx context.Context, most int, argv []string) (string, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	exceeded := func() { stop(fmt.Errorf("%s: %w %s", argv[0], ErrOutput, show.Size(int64(most)))) }
	out := &limitedWriter{most: most, exceeded: exceeded}
	tail := &tailWriter{out: sh.Out}
	err := finish(ctx, sh.run(ctx, argv, out, tail), argv, tail)
	if err == nil {
		err = context.Cause(ctx) // it ended well before it could be ended
	}
	return out.String(), err
}

// starting is held by who starts a command, until that has become another program: so long it has all files open that are being written
// here. What is started next may run one of them by way of another program, as #!/usr/bin/env node does, which nobody could try again.
var starting sync.Mutex

// run waits while the program itself is still open for writing: we have just unpacked it, and what the other branch started at
// that moment has the open file until it has become another program. https://go.dev/issue/22315
func (sh Shell) run(ctx context.Context, argv []string, stdout, stderr io.Writer) error {
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		cmd, err := sh.command(ctx, argv)
		if err != nil {
			return err
		}
		cmd.Stdout, cmd.Stderr = stdout, stderr
		if err = sh.start(cmd); err == nil {
			return sh.wait(cmd)
		}
		if !errors.Is(err, syscall.ETXTBSY) || ctx.Err() != nil || time.Since(begin) > busyDelay {
			return err
		}
	}
}

func (sh Shell) start(cmd *exec.Cmd) error {
	starting.Lock()
	defer starting.Unlock()
	start := cmd.Start
	if sh.Background != nil {
		start = func() error { return sh.Background.start(cmd) }
	}
	if err := start(); err != nil {
		return err
	}
	settle(cmd.Process.Pid)
	return nil
}

func (sh Shell) wait(cmd *exec.Cmd) error {
	if sh.Background != nil {
		defer sh.Background.forget(cmd)
	}
	return cmd.Wait()
}

// settle waits until a process has closed what it had from us. Start returns when the pipe between the two is closed, and the kernel closes
// files one after the other; on a busy machine something else may run in between. Where there is no /proc there is nothing to see.
func settle(pid int) {
	const inherited = 3 // standard input, output and error output
	for range 20 {
		if open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid)); err != nil || len(open) <= inherited {
			return
		}
		time.Sleep(100 * time.Microsecond) // the program's own files count too, so not for long
	}
}

// Quiet is sh that prints nothing; an error's Tail still has the output.
func (sh Shell) Quiet() Shell {
	sh.Out = io.Discard
	return sh
}

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

func finish(ctx context.Context, err error, argv []string, tail *tailWriter) error {
	var exit *exec.ExitError
	switch {
	case tail.defect != nil:
		return tail.defect
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil // a background process of the command still holds the output: not its failure
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !errors.As(err, &exit):
		return fmt.Errorf("start %s: %w", argv[0], err)
	}
	kept := tail.kept[max(0, len(tail.kept)-tailBytes):]
	failure := &Error{Argv: argv, Code: exit.ExitCode(), Tail: show.Plain(string(kept))}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		failure.Signal = status.Signal()
	}
	return failure
}

// LookPath finds the program name in path (a PATH value), or relative to dir when name has a slash.
// exec.LookPath would search this process's own PATH.
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

// limitedWriter keeps what is written until it is too much.
type limitedWriter struct {
	strings.Builder
	most     int
	exceeded func()
}

func (w *limitedWriter) Write(p []byte) (int, error) {
	if w.Len()+len(p) > w.most {
		w.Reset()
		w.most = 0
		w.exceeded()
		return 0, ErrOutput
	}
	return w.Builder.Write(p)
}

// tailWriter passes everything on and keeps the end. A goroutine of package exec writes: a panic of out is defect,
// which is to be read after the command.
type tailWriter struct {
	out    io.Writer
	kept   []byte
	defect error
}

func (t *tailWriter) Write(p []byte) (n int, err error) {
	t.defect = fail.Recovered(func() error { n, err = t.write(p); return nil })
	return n, errors.Join(t.defect, err)
}

func (t *tailWriter) write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*tailBytes {
		t.kept = append([]byte(nil), t.kept[len(t.kept)-tailBytes:]...)
	}
	return t.out.Write(p)
}
