// Package devenv makes what building, packaging and trying the buildpack on one machine needs: a Docker Engine, pack,
// the lifecycle, base images and runtime archives. Nothing of it is part of the buildpack.
package devenv

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Env is one machine's development environment. All its methods make what they return when it isn't there yet,
// keep it below Home and may be called again at no cost.
type Env struct {
	Root string    // the repository
	Home string    // what is kept between runs: $TANDEM_HOME, else tandem in the user's cache folder
	Log  io.Writer // one line a step that takes long, and the whole output of builds
	// Scratch is the folder in which Phases are made, "" for /var/tmp.
	Scratch string
	vars    run.Env

	making    singleflight.Group // what of Home is being made now
	buildpack once[string]
	builder   once[Builder]
	aroundUs  once[string] // the builder with the composite
}

// New reads the environment and finds the repository around the module of the current directory, which must be
// integration. It makes nothing but Home.
func New(ctx context.Context, log io.Writer) (*Env, error) {
	e := &Env{Log: &lockedWriter{out: log}, vars: run.ParseEnv(os.Environ())}
	mod, err := e.output(ctx, "", "go", "env", "GOMOD")
	if err != nil {
		return nil, fmt.Errorf("find the repository: %w", err)
	}
	e.Root = filepath.Dir(filepath.Dir(strings.TrimSpace(mod)))
	if e.Home = e.vars["TANDEM_HOME"]; e.Home == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find a place for downloads (TANDEM_HOME names one): %w", err)
		}
		e.Home = filepath.Join(cache, "tandem")
	}
	if e.Home, err = filepath.Abs(e.Home); err != nil {
		return nil, fmt.Errorf("resolve TANDEM_HOME: %w", err)
	}
	return e, e.makeHome()
}

// cacheTag marks a folder that may be deleted at any time. https://bford.info/cachedir/
const cacheTag = "CACHEDIR.TAG"

// makeHome makes Home and puts the tag into it, unless TANDEM_HOME names a folder that has other things in it.
func (e *Env) makeHome() error {
	if err := os.MkdirAll(e.Home, 0o755); err != nil {
		return err
	}
	if entries, err := os.ReadDir(e.Home); err != nil || len(entries) > 0 {
		return err
	}
	return os.WriteFile(filepath.Join(e.Home, cacheTag), []byte("Signature: 8a477f597d28d172789f06886806bc55\n"), 0o644)
}

// Clean ends what runs and removes everything that was made: Home, if it is our own, and the repository's dist.
func (e *Env) Clean(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(e.Home, cacheTag)); err != nil {
		return &fail.Error{
			ID:   "devenv/not-our-folder",
			What: "The folder " + e.Home + " had other things in it before",
			Why:  "It has no " + cacheTag + " of ours, so that it is not removed.",
			Fix:  fail.Text("Remove what is not needed by hand, or let TANDEM_HOME name a new folder."),
			Err:  err,
		}
	}
	if err := e.Stop(ctx); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(e.Home), os.RemoveAll(filepath.Join(e.Root, "dist")))
}

// slow is when a step is worth a line.
const slow = 3 * time.Second

// step does fn and says what it was when it takes long: once when that turns out, once how long it took.
func (e *Env) step(what string, fn func() error) error {
	start := time.Now()
	timer := time.AfterFunc(slow, func() { fmt.Fprintf(e.Log, "   %s ...\n", what) })
	err := fn()
	if !timer.Stop() {
		fmt.Fprintf(e.Log, "   %s: %.0f s\n", what, time.Since(start).Seconds())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// lockedWriter lets steps that run side by side write whole lines.
type lockedWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}
