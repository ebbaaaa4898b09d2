// Package bench measures how long builds of an app take: by Tandem, by Dockerfiles, and by a buildpack that does
// nothing.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// bench is one run of the benchmark.
type bench struct {
	dev       *devenv.Env
	out       io.Writer
	dir       string // scratch
	app       string // the copy that is changed
	logs      string // directory of the logs of all builds
	memory    bool   // the engine's data are in memory: it is the one of scripts/docker-in-memory.sh
	runtimes  []string
	opponents []*opponent
	want      devenv.Expectation
	results   []*result
}

// result is what was measured of one case.
type result struct {
	change
	logs  map[string][]*buildLog // by opponent, one a round
	wrong map[string]error       // by opponent: its build or its image failed, and so it has no time
}

func newResult(c change) *result {
	return &result{change: c, logs: map[string][]*buildLog{}, wrong: map[string]error{}}
}

// Run builds the app in the directory app, in the case of that name or in "all", and prints tables. A complete run of
// examples/large also writes them into docs/benchmarks.md.
func Run(ctx context.Context, dev *devenv.Env, app, name string, rounds int) (err error) {
	cases, err := chosen(name)
	if err != nil {
		return err
	}
	if rounds < 1 || rounds > maxRounds {
		return fmt.Errorf("the number of rounds is %d, not 1 to %d", rounds, maxRounds)
	}
	b := &bench{dev: dev, out: dev.Log, logs: filepath.Join(dev.Home, "bench-logs")}
	if b.dir, err = os.MkdirTemp("", "tandem-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := b.prepare(ctx, app); err != nil {
		return err
	}
	if err := b.rounds(ctx, cases, rounds); err != nil {
		return err
	}
	report, err := b.report(ctx, filepath.Base(app), rounds)
	if err != nil {
		return err
	}
	fmt.Println(report)
	if name != "all" || rounds < 3 || filepath.Base(app) != "large" {
		return nil
	}
	return writeReport(filepath.Join(dev.Root, "docs/benchmarks.md"), report)
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// prepare makes a copy of the app, images and builders. What builds print then goes into files of b.logs only.
func (b *bench) prepare(ctx context.Context, app string) error {
	if err := errors.Join(os.RemoveAll(b.logs), os.MkdirAll(b.logs, 0o755)); err != nil {
		return err
	}
	staged, remove, err := b.dev.Stage(ctx, app)
	if err != nil {
		return err
	}
	b.app = b.path("app")
	if err := errors.Join(os.CopyFS(b.app, os.DirFS(staged)), remove()); err != nil {
		return err
	}
	if b.want, err = devenv.Expected(b.app); err != nil {
		return err
	}
	labels, err := b.dev.Docker(ctx, "info", "--format", "{{.Labels}}")
	if err != nil {
		return err
	}
	b.memory = labels == "[tandem.data=memory]"
	b.say("Docker's data is %s", b.data())
	if err := b.makeImages(ctx); err != nil {
		return err
	}
	if err := b.makeOpponents(ctx, filepath.Base(app)); err != nil {
		return err
	}
	b.dev.Log = io.Discard
	return nil
}

// rounds measures. Every build differs from the one before it in one thing, as a developer's do, so that nothing has
// to be undone. In a round the opponents take turns, so that a slow minute of the machine hits all of them.
func (b *bench) rounds(ctx context.Context, cases []change, rounds int) error {
	for _, c := range cases {
		if _, err := c.target(b.app); err != nil {
			b.say("The case %q is left out: %v", c.name, err)
			continue
		}
		b.results = append(b.results, newResult(c))
	}
	if len(b.results) == 0 {
		return errors.New("no case fits the app")
	}
	if b.results[0].name != "cold" {
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
	file, err := r.target(b.app)
	if err != nil {
		return err
	}
	t := turn{file, fmt.Sprintf("bench-%s-%d", r.name, round+1), round}
	if err := r.apply(ctx, b, t); err != nil {
		return fmt.Errorf("change the app for %q: %w", r.name, err)
	}
	for _, o := range b.opponents {
		log, err := b.build(ctx, o, filepath.Join(b.logs, t.mark+"."+o.name+".log"))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			err = b.check(ctx, o, r.change, t)
		}
		if err != nil {
			b.say("%-9s %-10s WRONG, see %s: %v", r.name, o.name, b.logs, err)
			r.wrong[o.name] = err
			continue
		}
		b.say("%-9s %-10s %6.1f s", r.name, o.name, log.took.Seconds())
		r.logs[o.name] = append(r.logs[o.name], log)
	}
	return nil
}

// check starts the image, notes how long its first answer takes, and checks that it is the app, with the change. The
// floor never has the change.
func (b *bench) check(ctx context.Context, o *opponent, c change, t turn) (err error) {
	begin := time.Now()
	// All have one worker: Tandem's would have as many as the machine has CPUs, which takes longer to start.
	container, err := b.dev.Run(ctx, o.image, devenv.Start{Env: map[string]string{
		"WEB_CONCURRENCY": "1", "SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789",
	}})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			logs, _ := container.Logs(ctx) // the other error is the one to read
			err = fmt.Errorf("%w\n%s", err, logs)
		}
		err = errors.Join(err, container.Stop(context.WithoutCancel(ctx)))
	}()
	for ; time.Since(begin) < time.Minute && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if response, _, err := devenv.Get(ctx, container.URL+b.want.Page); err == nil && response.StatusCode == 200 {
			o.starts = append(o.starts, time.Since(begin))
			break
		}
	}
	assets, err := b.want.Check(ctx, container.URL)
	if err != nil || o.name == floor {
		return err
	}
	return c.arrived(ctx, container, assets, t)
}
