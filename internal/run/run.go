// Package run starts commands in an explicit environment and streams what they print. It knows nothing about languages.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/show"
)

// Shell is where commands run: a directory, a whole environment (nothing is inherited) and where the output goes.
type Shell struct {
	Dir string
	Env Env
	Out io.Writer
}

// Error is the failure of a command that started.
type Error struct {
	Argv   []string
	Code   int            // exit code; -1 when a signal ended it
	Signal syscall.Signal // 0 when it exited on its own
	Tail   string         // the end of what it printed, at most tailBytes, without colors
}

// Error returns the program and how it ended: the exit code or the signal.
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

// Run starts argv, streams its output to sh.Out and waits for its end. A canceled ctx kills its whole process group,
// so that what npm or a shell started ends too. The error is an *Error, the ctx's cause, or the reason why argv did not
// start.
func (sh Shell) Run(ctx context.Context, argv ...string) error {
	tail := &tailWriter{out: sh.Out}
	return finish(ctx, sh.run(ctx, argv, tail, tail), argv, tail)
}

// Output is like Run, and returns the command's standard output. Only its standard error is streamed.
func (sh Shell) Output(ctx context.Context, argv ...string) (string, error) {
	return sh.output(ctx, mostOutput, argv)
}

// Answer is like Output, for a command with a short output, such as its version.
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

// Quiet returns sh without its output; an error's Tail still has it.
func (sh Shell) Quiet() Shell {
	sh.Out = io.Discard
	return sh
}

// finish returns the error of a command as Run documents it. A panic of the Writer comes first: it may be why the
// command failed.
func finish(ctx context.Context, err error, argv []string, tail *tailWriter) error {
	var exit *exec.ExitError
	switch {
	case tail.defect != nil:
		return tail.defect
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return nil // a background process of the command keeps the output open: not a failure of the command
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

// limitedWriter keeps what is written until it is too much.
type limitedWriter struct {
	strings.Builder
	most     int
	exceeded func()
}

// Write calls exceeded when there is too much, and returns ErrOutput from then on.
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

// Write returns the errors of out. A panic of out is one of them: in a goroutine of package exec it would end the
// process.
func (t *tailWriter) Write(p []byte) (n int, err error) {
	t.defect = fail.Recovered(func() error { n, err = t.write(p); return nil })
	return n, errors.Join(t.defect, err)
}

// write cuts off the beginning only when twice the limit is kept, so that it seldom moves anything.
func (t *tailWriter) write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*tailBytes {
		t.kept = append([]byte(nil), t.kept[len(t.kept)-tailBytes:]...)
	}
	return t.out.Write(p)
}

// Parallel runs all tasks at once. The first error cancels the context of the others and is the one returned. A
// panic of a task is an error.
func Parallel(ctx context.Context, tasks ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, task := range tasks {
		all.Go(func() {
			if err := fail.Recovered(func() error { return task(ctx) }); err != nil {
				cancel(err)
			}
		})
	}
	all.Wait()
	return context.Cause(ctx)
}
