// Command gen adds what upstream has released to the data files of package versions and package manager. It prints a
// report in Markdown. If a source does not answer, or one says something else than a file, it writes nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	report, err := run(ctx, ".", upstream, time.Now().UTC().Format(time.DateOnly))
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "gen: nothing was written:\n%v\n", err)
		os.Exit(1)
	}
	fmt.Print(report)
}

// run updates the files of package versions in dir and returns the report.
func run(ctx context.Context, dir string, ask source, today string) (report string, err error) {
	before := files{}
	for _, name := range names() {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		before[name] = string(text)
	}
	after, report, err := update(ctx, before, ask, today)
	if err != nil {
		return "", err
	}
	var errs []error
	for name, text := range after {
		if text != before[name] {
			errs = append(errs, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
		}
	}
	return report, errors.Join(errs...)
}

// update returns the files with what is new upstream.
func update(ctx context.Context, before files, ask source, today string) (after files, report string, err error) {
	d, err := parse(before)
	if err != nil {
		return nil, "", err
	}
	known := d.names()
	answers, err := read(ctx, ask, d)
	if err != nil {
		return nil, "", err
	}
	archives, incomplete, err := answers.archives(ctx, ask, d)
	if err != nil {
		return nil, "", err
	}
	if err := errors.Join(d.add(archives), d.addSeries(answers), d.addPins(answers.pins)); err != nil {
		return nil, "", err
	}
	d.tools = answers.tools
	if after, err = d.files(); err != nil {
		return nil, "", err
	}
	return after, d.report(known, incomplete, today), nil
}
