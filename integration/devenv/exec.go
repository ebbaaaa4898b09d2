package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// run runs argv in dir and shows its output only if it fails.
func (e *Env) run(ctx context.Context, dir string, argv ...string) error {
	return told(e.shell(dir).Run(ctx, argv...))
}

// Output runs argv in dir and returns its standard output.
func (e *Env) Output(ctx context.Context, dir string, argv ...string) (string, error) {
	out, err := e.shell(dir).Output(ctx, argv...)
	return out, told(err)
}

// Docker runs the Docker client and returns its standard output, without the spaces around it.
func (e *Env) Docker(ctx context.Context, args ...string) (string, error) {
	out, err := e.Output(ctx, "", append([]string{"docker"}, args...)...)
	return strings.TrimSpace(out), err
}

// DockerTo runs the Docker client, which prints to out.
func (e *Env) DockerTo(ctx context.Context, out io.Writer, args ...string) error {
	sh := e.shell("")
	sh.Out = out
	return told(sh.Run(ctx, append([]string{"docker"}, args...)...))
}

// shell returns a shell for commands in dir, which shows nothing, with more variables than the environment has.
func (e *Env) shell(dir string, vars ...map[string]string) run.Shell {
	return run.Shell{Dir: dir, Env: e.vars.With(vars...), Out: io.Discard}
}

// told adds the end of a failed command's output to its error.
func told(err error) error {
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	return fmt.Errorf("%s: %w\n%s", strings.Join(failed.Argv, " "), err, lastLines(failed.Tail, 20))
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
			ID: "devenv/program-missing", What: what + " is not installed",
			Why: "It can be installed here only as root and with apt-get.",
			Fix: fail.Fix{fail.Say{Text: "Install it (on Debian and Ubuntu: sudo apt-get install " + debian +
				") and run the command again."}},
		}
	}
	fmt.Fprintf(e.Log, "   installing the Debian package %s\n", debian)
	sh := e.shell("", run.Env{"DEBIAN_FRONTEND": "noninteractive"})
	install := []string{"apt-get", "install", "-y", "--no-install-recommends", debian}
	if sh.Run(ctx, install...) == nil {
		return nil
	}
	if err := sh.Run(ctx, "apt-get", "update"); err != nil {
		return told(err)
	}
	return told(sh.Run(ctx, install...))
}

// Wait calls check again and again until it returns nil, soon at first: most servers answer within a second. After the
// time limit it returns the last error.
func Wait(ctx context.Context, limit time.Duration, check func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for pause := 20 * time.Millisecond; ; pause = min(pause*5/4, 300*time.Millisecond) {
		err := check()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-time.After(pause):
		}
	}
}

// Answer asks for an address until it answers with less than a server error, for half a minute, and returns the last
// response with its body, which is already closed.
func Answer(ctx context.Context, address string) (response *http.Response, body string, err error) {
	err = Wait(ctx, 30*time.Second, func() (err error) {
		response, body, err = Get(ctx, address)
		if err == nil && response.StatusCode >= http.StatusInternalServerError {
			err = fmt.Errorf("%s answers %s", address, response.Status)
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("no answer: %w", err)
	}
	return response, body, err
}

// Get returns the response of an address and its body, which is already closed.
func Get(ctx context.Context, address string) (*http.Response, string, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}
