package integration

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/sclevine/spec"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// Without pack a build is even left with all that the killed one had half written, in its layers and below /tmp. That
// may be credentials, in the private directory: the next build has nothing of them left.
func TestAKilledBuilderIsRightWhenBuiltAgain(t *testing.T) {
	t.Parallel()
	spec.Run(t, "killed builder", func(t *testing.T, _ spec.G, it spec.S) {
		it("is right when it builds again", func() {
			random := seeded(t)
			apps := [2]string{ // the hook is as slow as steps are: by then some archives are new and all records old
				write(t,
					map[string]string{"requirements.txt": "six==1.17.0\n",
						"bin/post_compile": "python -c 'import six' && sleep 1 && echo 1 >made\n"}),
				write(t,
					map[string]string{"requirements.txt": "attrs==25.3.0\n",
						"bin/post_compile": "python -c 'import attr' && sleep 1 && echo 2 >made\n"}),
			}
			p := phases(t)
			netrc := map[string]string{"netrc": t.TempDir()}
			put(t, filepath.Join(netrc["netrc"], "type"), "netrc\n")
			put(t, filepath.Join(netrc["netrc"], ".netrc"),
				"machine git.example.com login ci password "+canary("Killed")+"\n")
			var want [2]string
			lines := 0
			for i, app := range apps {
				// The last one's, which had a cache. After these lines the log is printed in no time.
				before, _, _ := strings.Cut(mustBuild(t, p, devenv.Build{App: app, Bindings: netrc}), "\nLayers\n")
				lines = strings.Count(before, "\n")
				want[i] = kept(t, p) + shipped(t, p)
				restore(t, p)
			}
			b := &builds{apps: apps, last: 1, bindings: netrc}
			for i := range killsWithout {
				line := 1 + int((float64(i)+random.Float64())/killsWithout*float64(lines-1))
				killBuilder(t, p, b, moment{line, time.Duration(random.Float64() * float64(time.Second))})
				app := b.last // as if the change that was being built were taken back
				if random.IntN(3) == 0 {
					app = 1 - b.last // or built again
				}
				log := mustBuild(t, p, devenv.Build{App: apps[app], Bindings: netrc})
				noCanaries(t, p.Dir, log)
				if diff := cmp.Diff(want[app], kept(t, p)+shipped(t, p)); diff != "" {
					t.Errorf("killed after line %d, then built (-undisturbed +after the kill):\n%s\n%s", line, diff,
						log)
				}
				restore(t, p)
				b.last = app
			}
		})
	}, spec.Parallel())
}

// lineCounter calls reached at a line of a log.
type lineCounter struct {
	lines   int
	reached func()
}

func (c *lineCounter) Write(p []byte) (int, error) {
	before := c.lines
	c.lines -= bytes.Count(p, []byte("\n"))
	if before > 0 && c.lines <= 0 {
		c.reached()
	}
	return len(p), nil
}

// moment is some time after a line of the log: a busy machine is slower, but prints the same.
type moment struct {
	line int
	wait time.Duration
}

// killBuilder is killBuild without pack. All that the killed build has written stays.
func killBuilder(t *testing.T, p *devenv.Phases, b *builds, m moment) {
	t.Helper()
	// a build that was quicker, or printed less, has made the caches those of its app: then the other one is killed,
	// earlier
	for {
		ctx, kill := context.WithCancel(t.Context())
		watch := &lineCounter{lines: m.line, reached: func() { time.AfterFunc(m.wait, kill) }}
		log, err := p.Build(ctx, devenv.Build{App: b.next(), Watch: watch, Bindings: b.bindings})
		killed := ctx.Err() != nil
		kill()
		if err != nil && !killed {
			t.Fatalf("%v\n%s", err, log)
		}
		killAll(t, p.Dir)
		if err != nil {
			forgetImage(t, p)
			t.Logf("killed %.2f s after line %d, the last line: %s", m.wait.Seconds(), m.line, lastLines(log, 1))
			return
		}
		restore(t, p)
		b.last, m = 1-b.last, moment{max(1, m.line-1), m.wait / 2}
	}
}

// killAll ends, with SIGKILL, all processes that work in the directory, as the end of a container does.
func killAll(t *testing.T, dir string) {
	t.Helper()
	for alive := true; alive; time.Sleep(10 * time.Millisecond) {
		alive = false
		processes, err := filepath.Glob("/proc/[0-9]*")
		if err != nil {
			t.Fatal(err)
		}
		for _, process := range processes {
			cwd, _ := os.Readlink(process + "/cwd") // it may have ended, or not be ours
			pid, _ := strconv.Atoi(filepath.Base(process))
			if pid > 1 && (cwd == dir || strings.HasPrefix(cwd, dir+"/")) {
				alive = true
				_ = syscall.Kill(pid, syscall.SIGKILL) // it may end meanwhile
			}
		}
	}
}

// forgetImage removes the records of launch layers, which come from an image, and a killed build has made none.
func forgetImage(t *testing.T, p *devenv.Phases) {
	t.Helper()
	for _, layer := range []string{"python", "venv", "env"} {
		if err := os.RemoveAll(filepath.Join(p.Layers, layer+".toml")); err != nil {
			t.Fatal(err)
		}
	}
}

func restore(t *testing.T, p *devenv.Phases) {
	t.Helper()
	if err := p.Restore(); err != nil {
		t.Fatal(err)
	}
}

// kept are the names of the cache's layers, and the digests of what is in them, which a launch layer shares. What a
// record says of its archive must be true.
func kept(t *testing.T, p *devenv.Phases) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.Layers, "*.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		var layer struct{ Metadata struct{ ID string } }
		if _, err := toml.DecodeFile(file, &layer); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&all, filepath.Base(file), layer.Metadata.ID)
		archive := strings.TrimSuffix(file, ".toml") + "/contents.tar.zst"
		if got, err := unpackedDigest(archive); err == nil && got != layer.Metadata.ID {
			t.Errorf("%s holds %s, not %s", archive, got, layer.Metadata.ID)
		} else if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
	return all.String()
}

// shipped is one digest of all files that would get into an image.
func shipped(t *testing.T, p *devenv.Phases) string {
	t.Helper()
	sum := sha256.New()
	for _, dir := range []string{filepath.Join(p.Layers, "python"), filepath.Join(p.Layers, "venv"),
		filepath.Join(p.Dir, "app")} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			fmt.Fprintf(sum, "%s %x\n", path, sha256.Sum256(content))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("shipped %x", sum.Sum(nil))
}

func unpackedDigest(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	contents, err := zstd.NewReader(file)
	if err != nil {
		return "", err
	}
	defer contents.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, contents)
	return fmt.Sprintf("sha256:%x", sum.Sum(nil)), err
}
