package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// run runs argv in dir and shows its output only when it fails.
func (e *Env) run(ctx context.Context, dir string, argv ...string) error {
	return told(e.shell(dir).Quiet().Run(ctx, argv...))
}

// output is run that returns what argv wrote to its standard output.
func (e *Env) output(ctx context.Context, dir string, argv ...string) (string, error) {
	out, err := e.shell(dir).Quiet().Output(ctx, argv...)
	return out, told(err)
}

func (e *Env) shell(dir string) run.Shell { return run.Shell{Dir: dir, Env: e.vars, Out: e.Log} }

// told adds the end of a failed command's output to its error.
func told(err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	lines := strings.Split(strings.TrimSpace(failed.Tail), "\n")
	return fmt.Errorf("%s: %w\n%s", strings.Join(failed.Argv, " "), err, strings.Join(lines[max(0, len(lines)-20):], "\n"))
}

// need makes sure that program is on PATH, installing the Debian package of it where that is possible.
func (e *Env) need(ctx context.Context, program, debian string) error {
	if e.has(program) {
		return nil
	}
	if os.Geteuid() != 0 || !e.has("apt-get") {
		return &fail.Error{
			ID:   "devenv/program-missing",
			What: program + " is not installed",
			Why:  "It can be installed here only as root and with apt-get.",
			Fix:  fail.Text("Install it (on Debian and Ubuntu: sudo apt-get install " + debian + ") and run the command again."),
		}
	}
	return e.step("install "+debian, func() error { return e.aptInstall(ctx, debian) })
}

func (e *Env) aptInstall(ctx context.Context, debian string) error {
	sh := e.shell("").Quiet()
	sh.Env = sh.Env.With(map[string]string{"DEBIAN_FRONTEND": "noninteractive"})
	install := []string{"apt-get", "install", "-y", "--no-install-recommends", debian}
	if sh.Run(ctx, install...) == nil {
		return nil // with the package lists that are there; most of the time they are new enough
	}
	if err := sh.Run(ctx, "apt-get", "update"); err != nil {
		return told(err)
	}
	return told(sh.Run(ctx, install...))
}

func (e *Env) has(program string) bool {
	_, err := run.LookPath(program, e.vars["PATH"], "")
	return err == nil
}

// NeedFile installs the Debian package that has file, where file isn't there yet.
func (e *Env) NeedFile(ctx context.Context, file, debian string) error {
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	return e.aptInstall(ctx, debian)
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
