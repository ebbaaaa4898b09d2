// Package bench measures how long builds of an app take: by Tandem, by Dockerfiles, and by a buildpack that does
// nothing.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	base      string // another checkout whose buildpack is an opponent; "": none
	logs      string // directory of the logs of all builds
	memory    bool   // the engine's data are in memory: it is the one of scripts/docker-in-memory.sh
	runtimes  []string
	opponents []*opponent
	cases     []change
}

// Options say what to measure.
type Options struct {
	App    string // directory
	Case   string // the name of a case, or "all"
	Rounds int
	Base   string // directory of another checkout of this repository, to compare with its buildpack; "": none
}

// Run builds the app in the case, prints a table for docs/benchmarks.md, and writes ResultsFile if all cases were
// measured. An image that is not the app with its change ends the run.
func Run(ctx context.Context, dev *devenv.Env, o Options) (err error) {
	if o.Rounds < 1 || o.Rounds > maxRounds {
		return fmt.Errorf("the number of rounds is %d, not 1 to %d", o.Rounds, maxRounds)
	}
	b := &bench{dev: dev, out: dev.Log, base: o.Base, logs: filepath.Join(dev.Home, "bench-logs")}
	if b.dir, err = os.MkdirTemp("", "tandem-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if err := b.prepare(ctx, o.App, o.Case); err != nil {
		return err
	}
	if err := b.rounds(ctx, o.Rounds); err != nil {
		return err
	}
	return b.tell(ctx, o)
}

// tell prints the table. If the run was one for the documentation, with all cases and without another buildpack, it
// also writes the results for the charts.
func (b *bench) tell(ctx context.Context, o Options) error {
	r, err := b.results(ctx, filepath.Base(o.App), o.Rounds)
	if err != nil {
		return err
	}
	report, err := b.report(ctx, r)
	if err != nil {
		return err
	}
	fmt.Println(report)
	if o.Case != "all" || o.Base != "" {
		return nil
	}
	b.say("The charts are drawn from %s: make pictures", ResultsFile)
	return r.Write(filepath.Join(b.dev.Root, ResultsFile))
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// prepare makes a copy of the app, images and builders. What builds print then goes into files of b.logs only.
func (b *bench) prepare(ctx context.Context, app, name string) error {
	if err := errors.Join(os.RemoveAll(b.logs), os.MkdirAll(b.logs, 0o755)); err != nil {
		return err
	}
	staged, err := b.dev.Stage(ctx, app, b.path("staged"))
	if err != nil {
		return err
	}
	b.app = b.path("app")
	if err := os.CopyFS(b.app, os.DirFS(staged)); err != nil {
		return err
	}
	if err := b.choose(name); err != nil {
		return err
	}
	labels, err := b.dev.Docker(ctx, "info", "--format", "{{.Labels}}")
	if err != nil {
		return err
	}
	b.memory = labels == "[tandem.data=memory]"
	err = errors.Join(b.makeImages(ctx), b.makeOpponents(ctx, filepath.Base(app)))
	b.dev.Log = io.Discard
	return err
}

// rounds measures. Every build differs from the one before it in one thing, as a developer's do, so that nothing has
// to be undone. In a round the opponents take turns, so that a slow minute of the machine hits all of them.
func (b *bench) rounds(ctx context.Context, rounds int) error {
	if b.cases[0].name != "cold" {
		b.say("Every opponent builds the app once before the clock runs")
		if err := b.measure(ctx, change{name: "before"}, 0); err != nil {
			return err
		}
	}
	for round := range rounds {
		for _, c := range b.cases {
			if err := b.measure(ctx, c, round); err != nil {
				return err
			}
		}
	}
	return nil
}

// measure changes the app and lets every opponent build it once.
func (b *bench) measure(ctx context.Context, c change, round int) error {
	mark := c.mark(round)
	if err := b.apply(ctx, c, mark); err != nil {
		return fmt.Errorf("change the app for %q: %w", c.name, err)
	}
	for _, o := range b.opponents {
		file := filepath.Join(b.logs, fmt.Sprintf("%s-%d.%s.log", c.name, round+1, o.name))
		took, err := b.build(ctx, o, file)
		if err == nil {
			err = b.check(ctx, o, c, mark)
		}
		if err != nil {
			return fmt.Errorf("%s, case %s, see %s: %w", o.name, c.name, file, err)
		}
		b.say("%-9s %-17s %6.1f s", c.name, o.name, took.Seconds())
		o.builds[c.name] = append(o.builds[c.name], took)
	}
	return nil
}

// check starts the image, notes how long its first answer takes, and looks for the change in the container. The floor
// never has the change.
func (b *bench) check(ctx context.Context, o *opponent, c change, mark string) (err error) {
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
	for {
		response, _, err := devenv.Get(ctx, container.URL+"/")
		if err == nil && response.StatusCode == http.StatusOK {
			break
		} else if time.Since(begin) > time.Minute || ctx.Err() != nil {
			return errors.Join(errors.New("the app gives no page"), err)
		}
		time.Sleep(5 * time.Millisecond)
	}
	o.answers = append(o.answers, time.Since(begin))
	if o.name == floor || c.shown == "" {
		return nil
	}
	if _, err := container.Exec(ctx, "bash", "-c", withMark(c.shown, mark)); err != nil {
		return fmt.Errorf("the change is not in the image: %w", err)
	}
	return nil
}
