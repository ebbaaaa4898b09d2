// Package integration builds real apps with the real lifecycle, with and without Docker, and asks them for their pages.
package integration

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// env is the machine's development environment; TestMain makes it.
var env *devenv.Env

func TestMain(m *testing.M) {
	var err error
	if env, err = devenv.New(context.Background(), os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	env.Scratch = devenv.Memory()
	if os.Getenv("TANDEM_TEST_QUIET") != "" {
		env.Log = logFile()
	}
	code := m.Run()
	if err := closeWarm(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// logFile keeps the builds' whole output where a failed run can be looked at.
func logFile() *os.File {
	f, err := os.Create(filepath.Join(env.Home, "integration.log"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return f
}

// skip leaves a test out where the machine cannot run it. In CI that is a failure, unless TANDEM_ALLOW_SKIP names the
// reason.
func skip(t *testing.T, reason string, err error) {
	t.Helper()
	if os.Getenv("CI") != "" && !strings.Contains(os.Getenv("TANDEM_ALLOW_SKIP"), reason) {
		t.Fatalf("cannot run here (%s), and in CI that is a failure; TANDEM_ALLOW_SKIP=%s allows it: %v", reason,
			reason, err)
	}
	t.Skipf("%s: %v", reason, err)
}

// staged is a copy of an example that is complete: with the lock file that is not in the repository.
func staged(t *testing.T, name string) string {
	t.Helper()
	dir, err := env.Stage(t.Context(), filepath.Join(env.Root, "examples", name), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	app := filepath.Join(t.TempDir(), name) // Stage may give the example's own folder, and tests change theirs
	if err := os.CopyFS(app, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return app
}

// phases is a place where the lifecycle runs without a daemon.
func phases(t *testing.T) *devenv.Phases {
	t.Helper()
	p, err := env.Phases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func mustBuild(t *testing.T, p *devenv.Phases, b devenv.Build) string {
	t.Helper()
	log, err := p.Build(t.Context(), b)
	if err != nil {
		t.Fatalf("%v\n%s", err, lastLines(log, 60))
	}
	return log
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// secret is a SECRET_KEY for running containers: the examples' settings have no default.
var secret = map[string]string{"SECRET_KEY": strings.Repeat("only-for-tests-", 5)}
