package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// report returns everything that was measured, in Markdown.
func (b *bench) report(ctx context.Context, app string, rounds int) (string, error) {
	machine, err := b.dev.Docker(ctx, "info", "--format", "{{.NCPU}} cores ({{.Architecture}}), {{.MemTotal}} bytes "+
		"of memory, Linux {{.KernelVersion}}. Docker {{.ServerVersion}} {{.Labels}}")
	if err != nil {
		return "", err
	}
	pack, err := b.dev.Pack(ctx)
	if err != nil {
		return "", err
	}
	table, err := b.table(ctx)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("`%s`, %s. %s; %s, lifecycle-%s, %s.\n\nWall time in seconds of %d rounds: the median, the "+
		"minimum in brackets, and how many times as long as the median of the first column that is.\n\n%s",
		app, time.Now().Format("2 January 2006"), machine, filepath.Base(filepath.Dir(pack)), devenv.LifecycleVersion,
		strings.Join(b.runtimes, ", "), rounds, table), nil
}

// table returns the table of the cases, the first answers of containers and the sizes of images, by opponent.
func (b *bench) table(ctx context.Context) (string, error) {
	names, sizes := []string{"case"}, []string{"size of the image"}
	for _, o := range b.opponents {
		size, err := b.dev.Docker(ctx, "image", "ls", "--format", "{{.Size}}", o.image)
		if err != nil {
			return "", err
		}
		names, sizes = append(names, o.name), append(sizes, size)
	}
	text := row(names) + "|---|" + strings.Repeat("--:|", len(b.opponents)) + "\n"
	for _, c := range b.cases {
		text += b.times(c.title, func(o *opponent) []time.Duration {
			if o.name == floor && c.name == "cold" {
				return nil // it makes its image once, in any way
			}
			return o.builds[c.name]
		})
	}
	text += b.times("`docker run` to the first answer", func(o *opponent) []time.Duration { return o.answers })
	return text + row(sizes), nil
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// times returns a row of the table.
func (b *bench) times(title string, of func(o *opponent) []time.Duration) string {
	cells, first := []string{title}, time.Duration(0)
	for _, o := range b.opponents {
		cell := ""
		if times := slices.Sorted(slices.Values(of(o))); len(times) > 0 {
			median := (times[(len(times)-1)/2] + times[len(times)/2]) / 2
			cell = fmt.Sprintf("%.2f (%.2f)", median.Seconds(), times[0].Seconds())
			if o == b.opponents[0] {
				first = median
			} else if first > 0 {
				cell += fmt.Sprintf(", × %.2f", median.Seconds()/first.Seconds())
			}
		}
		cells = append(cells, cell)
	}
	return row(cells)
}
