// Package devenv makes what building, packaging and trying the buildpack on one machine needs: a Docker Engine, pack,
// the lifecycle, base images and runtime archives. Nothing of it is part of the buildpack.
package devenv

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Env is the development environment of one machine. Its methods make what they return if it is missing, keep it below
// Home, and may be called again at no cost.
type Env struct {
	Root string    // the repository
	Home string    // what is kept between runs: $TANDEM_HOME, or tandem in the user's cache directory
	Log  io.Writer // safe for concurrent use: a line for each step that takes long, and the whole output of builds
	// Scratch is the directory in which Phases are made; /var/tmp if empty.
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
	e := &Env{Log: log, vars: run.ParseEnv(os.Environ())}
	mod, err := e.Output(ctx, "", "go", "env", "GOMOD")
	if err != nil {
		return nil, fmt.Errorf("find the repository: %w", err)
	}
	e.Root = filepath.Dir(filepath.Dir(strings.TrimSpace(mod)))
	cache, err := os.UserCacheDir()
	if err != nil && e.vars["TANDEM_HOME"] == "" {
		return nil, fmt.Errorf("find a place for downloads (TANDEM_HOME names one): %w", err)
	}
	if e.Home, err = filepath.Abs(cmp.Or(e.vars["TANDEM_HOME"], filepath.Join(cache, "tandem"))); err != nil {
		return nil, fmt.Errorf("resolve TANDEM_HOME: %w", err)
	}
	return e, e.makeHome()
}

// cacheTag marks a directory that may be deleted at any time. https://bford.info/cachedir/
const cacheTag = "CACHEDIR.TAG"

// makeHome makes Home and puts the tag into it, unless TANDEM_HOME names a directory that has other things in it.
func (e *Env) makeHome() error {
	if err := os.MkdirAll(e.Home, 0o755); err != nil {
		return err
	}
	if entries, err := os.ReadDir(e.Home); err != nil || len(entries) > 0 {
		return err
	}
	return os.WriteFile(filepath.Join(e.Home, cacheTag), []byte("Signature: 8a477f597d28d172789f06886806bc55\n"), 0o644)
}

// Clean ends what runs and removes everything that was made: Home, if it has the tag, and the repository's dist.
func (e *Env) Clean(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(e.Home, cacheTag)); err != nil {
		return &fail.Error{
			ID: "devenv/not-our-folder", What: "The folder " + e.Home + " had other things in it before", Err: err,
			Why: "It has no " + cacheTag + " of ours, so that it is not removed.",
			Fix: fail.Fix{fail.Say{Text: "Remove what is not needed by hand, or let TANDEM_HOME name a new folder."}},
		}
	}
	if err := e.Stop(ctx); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(e.Home), os.RemoveAll(filepath.Join(e.Root, "dist")))
}

// slow is after how long a step is worth a line.
const slow = 3 * time.Second

// Step calls fn. If that takes long, it logs what is being done, and in the end how long it took.
func (e *Env) Step(what string, fn func() error) error {
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
