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
	"slices"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// bench is one run of the benchmark.
type bench struct {
	Options
	dev       *devenv.Env
	out       io.Writer
	dir       string // scratch
	app       string // the copy that is changed
	logs      string // directory of the logs of all builds
	line      *line  // nil for the machine's own
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
	Size   string // Same, More or Third
	Target string // Engine or Registry
	Line   string // Fast or Slow
	Base   string // directory of another checkout of this repository, to compare with its buildpack; may be empty
}

// Run builds the app in the case, prints a table for docs/benchmarks.md, and writes ResultsFile if all cases were
// measured. An image that is not the app with its change ends the run.
func Run(ctx context.Context, dev *devenv.Env, o Options) (err error) {
	if err := o.validate(); err != nil {
		return err
	}
	b := &bench{Options: o, dev: dev, out: dev.Log, logs: filepath.Join(dev.Home, "bench-logs")}
	if b.dir, err = os.MkdirTemp("", "tandem-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if o.Line == Slow {
		if b.line, err = dial(slowRate, slowDelay); err != nil {
			return err
		}
	}
	if err := b.prepare(ctx); err != nil {
		return err
	}
	if err := b.rounds(ctx); err != nil {
		return err
	}
	return b.tell(ctx)
}

// validate returns an error if an option has none of its values.
func (o Options) validate() error {
	if o.Rounds < 1 || o.Rounds > maxRounds {
		return fmt.Errorf("the number of rounds is %d, not 1 to %d", o.Rounds, maxRounds)
	}
	for _, option := range []struct {
		name, value string
		values      []string
	}{
		{"size", o.Size, []string{Third, Same, More}}, {"target", o.Target, []string{Engine, Registry}},
		{"line", o.Line, []string{Fast, Slow}},
	} {
		if !slices.Contains(option.values, option.value) {
			return fmt.Errorf("the %s is %q, not one of %q", option.name, option.value, option.values)
		}
	}
	return nil
}

// close ends the proxy and the registries, and removes the scratch directory.
func (b *bench) close() error {
	err := os.RemoveAll(b.dir)
	if b.line != nil {
		err = errors.Join(err, b.line.server.Close())
	}
	for _, o := range b.opponents {
		if o.target != nil {
			err = errors.Join(err, o.target.server.Close())
		}
	}
	return err
}

// tell prints the table. If the run was one for the documentation, with all cases, on the machine's line and without
// another buildpack, it also writes the results for the charts and the tables.
func (b *bench) tell(ctx context.Context) error {
	r, err := b.results(ctx)
	if err != nil {
		return err
	}
	fmt.Println(b.report(r))
	if b.Case != "all" || b.Base != "" || b.Line != Fast {
		return nil
	}
	file := ResultsFile(b.Size, b.Target)
	b.say("The documentation is made from %s: make pictures, go -C integration test ./pictures -update", file)
	return r.Write(filepath.Join(b.dev.Root, file))
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) say(format string, args ...any) { fmt.Fprintf(b.out, format+"\n", args...) }

// prepare makes a copy of the app, images and builders. What builds print then goes into files of b.logs only.
func (b *bench) prepare(ctx context.Context) error {
	if err := errors.Join(os.RemoveAll(b.logs), os.MkdirAll(b.logs, 0o755)); err != nil {
		return err
	}
	staged, err := b.dev.Stage(ctx, b.App, b.path("staged"))
	if err != nil {
		return err
	}
	b.app = b.path("app")
	if err := os.CopyFS(b.app, os.DirFS(staged)); err != nil {
		return err
	}
	if err := b.choose(); err != nil {
		return err
	}
	labels, err := b.dev.Docker(ctx, "info", "--format", "{{.Labels}}")
	if err != nil {
		return err
	}
	b.memory = labels == "[tandem.data=memory]"
	if err := b.makeImages(ctx); err != nil {
		return err
	}
	name := filepath.Base(b.App)
	if err := b.grow(ctx, name); err != nil {
		return err
	}
	err = errors.Join(b.addURLs(ctx), b.makeOpponents(ctx, name))
	b.dev.Log = io.Discard
	return err
}

// rounds measures. Every build differs from the one before it in one thing, as a developer's do, so that nothing has
// to be undone. In a round the opponents take turns, so that a slow minute of the machine hits all of them.
func (b *bench) rounds(ctx context.Context) error {
	if b.cases[0].name != "cold" {
		b.say("Every opponent builds the app once before the clock runs")
		if err := b.measure(ctx, change{name: "before"}, 0); err != nil {
			return err
		}
	}
	for round := range b.Rounds {
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
		if err := b.isolate(ctx, o); err != nil {
			return fmt.Errorf("isolate %s: %w", o.name, err)
		}
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
