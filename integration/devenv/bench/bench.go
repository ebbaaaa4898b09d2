// Package bench measures how long builds of an app take: by Tandem, by a Dockerfile and by buildpacks of the usual kind.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Options are what a benchmark is asked for.
type Options struct {
	App    string // folder
	Case   string // one case's name, or "all"
	Rounds int
}

// bench is one run of the benchmark.
type bench struct {
	dev             *devenv.Env
	out             io.Writer
	engine          *engine
	dir             string // scratch
	app             string // the copy that is changed
	logs            string // of every build
	pack, lifecycle string // the program, the archive
	versions        []string
	opponents       []*opponent
	want            expectation
	results         []*result
}

// result is one case.
type result struct {
	change change
	times  map[string][]time.Duration // by opponent
	wrong  map[string]error           // why an opponent has no time: its build or its image failed
	logs   []*buildLog                // of Tandem, one a round
}

func newResult(c change) *result {
	return &result{change: c, times: map[string][]time.Duration{}, wrong: map[string]error{}}
}

// Run measures and prints the table; a complete run also writes it into docs/benchmarks.md.
func Run(ctx context.Context, dev *devenv.Env, o Options) (err error) {
	cases, err := chosen(o.Case)
	if err != nil {
		return err
	}
	if o.Rounds < 1 || o.Rounds > maxRounds {
		return fmt.Errorf("the number of rounds is %d, not 1 to %d", o.Rounds, maxRounds)
	}
	b := &bench{dev: dev, out: dev.Log, logs: filepath.Join(dev.Home, "bench-logs")}
	if b.dir, err = os.MkdirTemp("", "tandem-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := b.prepare(ctx, o.App); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.engine.close()) }()
	if err := b.ready(ctx, filepath.Base(o.App)); err != nil {
		return err
	}
	if err := b.rounds(ctx, cases, o.Rounds); err != nil {
		return err
	}
	report, err := b.report(ctx, o)
	if err != nil {
		return err
	}
	fmt.Println(report)
	if o.Case != "all" || o.Rounds < 3 || filepath.Base(o.App) != "large" {
		return nil
	}
	return writeReport(filepath.Join(dev.Root, "docs/benchmarks.md"), report)
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// prepare makes what the opponents need, a copy of the app, and the engine.
func (b *bench) prepare(ctx context.Context, app string) error {
	if err := errors.Join(os.RemoveAll(b.logs), os.MkdirAll(b.logs, 0o755)); err != nil {
		return err
	}
	if err := b.stage(ctx, app); err != nil {
		return err
	}
	if err := b.dev.Engine(ctx); err != nil {
		return err
	}
	if err := b.dev.BaseImages(ctx); err != nil {
		return err
	}
	var err error
	if b.pack, err = b.dev.Pack(ctx); err != nil {
		return err
	}
	if b.lifecycle, err = b.dev.Lifecycle(ctx); err != nil {
		return err
	}
	b.versions = []string{filepath.Base(filepath.Dir(b.lifecycle))}
	b.lifecycle = filepath.Join(filepath.Dir(b.lifecycle), "lifecycle.tgz")
	vars := run.ParseEnv(os.Environ())
	if err := b.bind(vars); err != nil {
		return err
	}
	if err := b.fetchRuntimes(ctx); err != nil {
		return err
	}
	b.engine, err = newEngine(ctx, vars)
	return err
}

// ready fills the engine with base images and builders and decides on the opponents.
func (b *bench) ready(ctx context.Context, app string) error {
	b.say("Docker's data is %s", b.engine.where)
	usual := &engine{client: b.engine.client, vars: run.ParseEnv(os.Environ())}
	if err := b.engine.load(ctx, usual, buildImage, runImage); err != nil {
		return err
	}
	if err := b.makeImages(ctx); err != nil {
		return err
	}
	return b.makeOpponents(ctx, app)
}

// stage copies the app; the repository's own files stay as they are.
func (b *bench) stage(ctx context.Context, app string) (err error) {
	staged, remove, err := b.dev.Stage(ctx, app)
	if err != nil {
		return err
	}
	b.app = b.path("app")
	if err := errors.Join(os.CopyFS(b.app, os.DirFS(staged)), remove()); err != nil {
		return err
	}
	b.want, err = expected(b.app)
	return err
}

// rounds measures. Every build differs from the one before in one thing, as a developer's do, so that nothing has to be
// set back; in a round the opponents take turns, so that a slow minute of the machine hits all of them.
func (b *bench) rounds(ctx context.Context, cases []change, rounds int) error {
	cases = slices.DeleteFunc(slices.Clone(cases), func(c change) bool {
		why := c.unfit(b.app)
		if why != "" {
			b.say("The case %q is left out: %s", c.name, why)
		}
		return why != ""
	})
	if len(cases) == 0 {
		return errors.New("no case fits the app")
	}
	for _, c := range cases {
		b.results = append(b.results, newResult(c))
	}
	if cases[0].name != "cold" {
		b.say("Every opponent builds the app once before the clock runs")
		if err := b.measure(ctx, newResult(change{name: "before", apply: leave}), 0); err != nil {
			return err
		}
	}
	for round := range rounds {
		for _, r := range b.results {
			if err := b.measure(ctx, r, round); err != nil {
				return err
			}
		}
	}
	return nil
}

// measure changes the app and lets every opponent build it once.
func (b *bench) measure(ctx context.Context, r *result, round int) error {
	mark := fmt.Sprintf("bench-%s-%d", r.change.name, round+1)
	if err := r.change.apply(ctx, b, mark, round); err != nil {
		return fmt.Errorf("change the app for %q: %w", r.change.name, err)
	}
	for _, o := range b.opponents {
		took, log, err := b.build(ctx, o, mark)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			err = b.check(ctx, o, r.change, mark, round)
		}
		if err != nil {
			b.say("%-9s %-10s WRONG, see %s: %v", r.change.name, o.name, b.logs, err)
			r.wrong[o.name] = err
			continue
		}
		b.say("%-9s %-10s %6.1f s", r.change.name, o.name, took.Seconds())
		r.times[o.name] = append(r.times[o.name], took)
		if o.name == tandem {
			r.logs = append(r.logs, log)
		}
	}
	return nil
}

// build builds the app by o and says how long that took. The image that was there before is removed after it.
func (b *bench) build(ctx context.Context, o *opponent, mark string) (time.Duration, *buildLog, error) {
	old := b.engine.imageID(ctx, o.image)
	log := &buildLog{start: time.Now()}
	err := o.build(ctx, log)
	log.took = time.Since(log.start)
	if failed := os.WriteFile(filepath.Join(b.logs, strings.Join([]string{mark, o.name, "log"}, ".")), log.text(), 0o644); failed != nil {
		return 0, nil, failed
	}
	if err != nil {
		return 0, nil, told(err)
	}
	if b.engine.imageID(ctx, o.image) != old {
		b.engine.removeImage(ctx, old)
	}
	return log.took, log, nil
}
