package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// run runs argv in dir and shows its output only if it fails.
func (e *Env) run(ctx context.Context, dir string, argv ...string) error {
	return told(e.shell(dir).Quiet().Run(ctx, argv...))
}

// output runs argv in dir and returns its standard output.
func (e *Env) output(ctx context.Context, dir string, argv ...string) (string, error) {
	out, err := e.shell(dir).Quiet().Output(ctx, argv...)
	return out, told(err)
}

// Docker runs the Docker client and returns its standard output, without the spaces around it.
func (e *Env) Docker(ctx context.Context, args ...string) (string, error) {
	out, err := e.output(ctx, "", append([]string{"docker"}, args...)...)
	return strings.TrimSpace(out), err
}

// DockerTo runs the Docker client, which prints to out.
func (e *Env) DockerTo(ctx context.Context, out io.Writer, args ...string) error {
	sh := e.shell("")
	sh.Out = out
	return told(sh.Run(ctx, append([]string{"docker"}, args...)...))
}

func (e *Env) shell(dir string) run.Shell { return run.Shell{Dir: dir, Env: e.vars, Out: e.Log} }

// told adds the end of a failed command's output to its error.
func told(err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	return fmt.Errorf("%s: %w\n%s", strings.Join(failed.Argv, " "), err, lastLines(failed.Tail, 20))
}

// tail returns the last lines of the file at path, or why it cannot be read.
func tail(path string, lines int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return lastLines(string(content), lines)
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func (e *Env) has(program string) bool {
	_, err := run.LookPath(program, e.vars["PATH"], "")
	return err == nil
}

// Need installs a Debian package, and says so before, unless a program of it is on PATH, or its file there. The package
// lists of the machine are mostly new enough.
func (e *Env) Need(ctx context.Context, what, debian string) error {
	if _, err := os.Stat(what); err == nil && filepath.IsAbs(what) || e.has(what) {
		return nil
	}
	if os.Geteuid() != 0 || !e.has("apt-get") {
		return &fail.Error{
			ID:   "devenv/program-missing",
			What: what + " is not installed",
			Why:  "It can be installed here only as root and with apt-get.",
			Fix: fail.Fix{fail.Say{Text: "Install it (on Debian and Ubuntu: sudo apt-get install " + debian +
				") and run the command again."}},
		}
	}
	fmt.Fprintf(e.Log, "   installing the Debian package %s\n", debian)
	sh := e.shell("").Quiet()
	sh.Env = sh.Env.With(run.Env{"DEBIAN_FRONTEND": "noninteractive"})
	install := []string{"apt-get", "install", "-y", "--no-install-recommends", debian}
	if sh.Run(ctx, install...) == nil {
		return nil
	}
	if err := sh.Run(ctx, "apt-get", "update"); err != nil {
		return told(err)
	}
	return told(sh.Run(ctx, install...))
}

// wait calls check twice a second until it returns nil, for half a minute, and returns the last error.
func wait(ctx context.Context, check func() error) (err error) {
	for range 60 {
		if err = check(); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(500 * time.Millisecond):
		}
	}
	return err
}
