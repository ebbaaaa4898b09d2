package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/buildpacks/libcnb/v2"
	"github.com/google/go-cmp/cmp"
)

func shell(t *testing.T) (Shell, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	return Shell{Dir: t.TempDir(), Env: Env{"PATH": os.Getenv("PATH")}, Out: out}, out
}

func TestRunHasOnlyTheGivenEnvironment(t *testing.T) {
	t.Setenv("LEAKED", "yes")
	sh, out := shell(t)
	sh.Env = sh.Env.With(map[string]string{"GIVEN": "a b"})
	if err := sh.Run(t.Context(), "sh", "-c", `echo "$GIVEN,$LEAKED,$(pwd)"; echo 50% >&2`); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "a b,,"+sh.Dir+"\n50%\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRunSearchesTheShellsOwnPath(t *testing.T) {
	sh, out := shell(t)
	bin := filepath.Join(sh.Dir, "bin")
	if err := errors.Join(os.Mkdir(bin, 0o755),
		os.WriteFile(filepath.Join(bin, "sh"), []byte("#!/bin/sh\necho mine\n"), 0o755)); err != nil {
		t.Fatal(err)
	}
	sh.Env = sh.Env.With(map[string]string{"PATH": "bin:" + sh.Env["PATH"]})
	if err := sh.Run(t.Context(), "sh"); err != nil || out.String() != "mine\n" {
		t.Errorf("got %q, %v", out, err)
	}
	if err := sh.Run(t.Context(), "no-such-program"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

func TestAProgramThatIsStillBeingWrittenIsWaitedFor(t *testing.T) {
	sh, out := shell(t)
	file := filepath.Join(sh.Dir, "program")
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("#!/bin/sh\necho done\n"); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = f.Close() }) // nothing is left to be written
	if err := sh.Run(t.Context(), file); err != nil || out.String() != "done\n" {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestErrorSaysHowItEndedAndKeepsTheTail(t *testing.T) {
	sh, _ := shell(t)
	var failed *Error
	err := sh.Run(t.Context(), "sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x; echo end; exit 3")
	if !errors.As(err, &failed) || failed.Code != 3 || failed.Signal != 0 ||
		!strings.HasSuffix(failed.Tail, "xend\n") || len(failed.Tail) > 3*tailBytes {
		t.Errorf("got %#v", err)
	}
	if err := sh.Run(t.Context(), "sh", "-c", "kill -9 $$"); !errors.As(err, &failed) ||
		failed.Signal != syscall.SIGKILL {
		t.Errorf("got %#v", err)
	}
}

func TestOutputKeepsTheTwoStreamsApart(t *testing.T) {
	sh, out := shell(t)
	got, err := sh.Output(t.Context(), "sh", "-c", "echo result; echo warning >&2")
	if err != nil || got != "result\n" || out.String() != "warning\n" {
		t.Errorf("got %q, log %q, %v", got, out, err)
	}
}

// npm's grandchildren hold the output open; without killing the whole group this test takes a minute.
func TestTheFirstFailureEndsTheOthersWithTheirChildren(t *testing.T) {
	sh, _ := shell(t)
	other, _ := shell(t)
	pids := filepath.Join(other.Dir, "pids")
	begin := time.Now()
	err := Parallel(t.Context(),
		func(ctx context.Context) error {
			return other.Run(ctx, "sh", "-c", "sleep 60 & echo $! >>"+pids+"; sh -c 'sleep 60; true'; true")
		},
		func(ctx context.Context) error {
			waitFor(t, pids)
			return sh.Run(ctx, "sh", "-c", "exit 7")
		},
	)
	var failed *Error
	if !errors.As(err, &failed) || failed.Code != 7 {
		t.Errorf("got %v, want the first failure", err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
	data, _ := os.ReadFile(pids)
	var pid int
	if _, err := fmt.Sscan(string(data), &pid); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if state := processState(pid); state == "" || state == "Z" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("grandchild %d is alive", pid)
}

func waitFor(t *testing.T, file string) {
	t.Helper()
	for range 500 {
		if data, err := os.ReadFile(file); err == nil && len(data) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("the other command did not start")
}

func processState(pid int) string {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	return rest[:1]
}

func TestParallelGivesNoErrorWhenAllSucceed(t *testing.T) {
	var a, b bool
	err := Parallel(t.Context(), func(context.Context) error { a = true; return nil },
		func(context.Context) error { b = true; return nil })
	if err != nil || !a || !b {
		t.Errorf("got %v, %v, %v", err, a, b)
	}
}

// The rules of https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules
func TestWithVarsFollowsTheSpecification(t *testing.T) {
	for name, c := range map[string]struct {
		before Env
		vars   libcnb.Environment
		want   Env
	}{
		"no suffix overrides":        {Env{"A": "1"}, libcnb.Environment{"A": "2"}, Env{"A": "2"}},
		"override":                   {Env{"A": "1"}, libcnb.Environment{"A.override": "2"}, Env{"A": "2"}},
		"default keeps":              {Env{"A": "1"}, libcnb.Environment{"A.default": "2"}, Env{"A": "1"}},
		"default sets":               {Env{}, libcnb.Environment{"A.default": "2"}, Env{"A": "2"}},
		"default sets what is empty": {Env{"A": ""}, libcnb.Environment{"A.default": "2"}, Env{"A": "2"}},
		"prepend": {Env{"A": "1"}, libcnb.Environment{"A.prepend": "2", "A.delim": ":"},
			Env{"A": "2:1"}},
		"prepend to nothing": {Env{}, libcnb.Environment{"A.prepend": "2", "A.delim": ":"},
			Env{"A": "2"}},
		"prepend without a delimiter": {Env{"A": "1"}, libcnb.Environment{"A.prepend": "2"}, Env{"A": "21"}},
		"append": {Env{"A": "1"}, libcnb.Environment{"A.append": "2", "A.delim": ":"},
			Env{"A": "1:2"}},
		"files apply in the order of name": {Env{"A": "1"},
			libcnb.Environment{"A.append": "2", "A.override": "3", "A.prepend": "4"}, Env{"A": "43"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.before.With()
			if diff := cmp.Diff(c.want, c.before.withVars(c.vars)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, c.before); diff != "" {
				t.Errorf("the environment was changed in place:\n%s", diff)
			}
		})
	}
}

func TestWithPartPutsItsDirectoriesFirst(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"bin", "lib", "include", "share"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	dirs := DirsOf(dir)
	if diff := cmp.Diff([]string{"bin", "lib", "include"}, dirs); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	part := Part{Dir: dir, Dirs: dirs, Vars: libcnb.Environment{"PATH.prepend": "/first", "PATH.delim": ":"}}
	want := Env{"PATH": "/first:" + dir + "/bin:/usr/bin", "LD_LIBRARY_PATH": dir + "/lib",
		"LIBRARY_PATH": dir + "/lib", "CPATH": dir + "/include"}
	if diff := cmp.Diff(want, Env{"PATH": "/usr/bin"}.WithPart(part)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, Env{"PATH": "/usr/bin"}.WithPart(part)); diff != "" {
		t.Errorf("without the directory (-want +got):\n%s", diff)
	}
}

// What is started while a program is being written has that open too, until it is another program itself. Whoever runs
// it by way of another program, as scripts do, finds it busy then.
func TestAProgramThatWasJustWrittenRunsByWayOfAnother(t *testing.T) {
	t.Parallel()
	sh := Shell{Dir: t.TempDir(), Env: Env{"PATH": os.Getenv("PATH")}, Out: io.Discard}
	done := make(chan struct{})
	var others sync.WaitGroup
	defer others.Wait()
	defer close(done)
	for range 4 {
		others.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					_ = sh.Run(t.Context(), "true")
				}
			}
		})
	}
	program, err := os.ReadFile("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		file := filepath.Join(sh.Dir, strconv.Itoa(i))
		if err := os.WriteFile(file, program, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := sh.Run(t.Context(), "env", file); err != nil {
			t.Fatalf("program %d: %v", i, err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}
