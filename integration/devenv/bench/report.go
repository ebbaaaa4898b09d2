package bench

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// report returns everything that was measured, in Markdown.
func (b *bench) report(r Results) string {
	return fmt.Sprintf("`%s`, size %s, %s, %s line, %s. %s; %s.\n\n"+
		"Wall time in seconds of %d rounds: the median, the minimum in brackets, and how many times as long as the "+
		"median of the first column that is.\n\n%s",
		r.App, b.Size, b.Target, b.Line, r.Date, r.Machine, strings.Join(r.Versions, ", "), r.Rounds, b.table(r))
}

// results returns the medians, for the charts of the documentation.
func (b *bench) results(ctx context.Context) (r Results, err error) {
	machine, err := b.dev.Docker(ctx, "info", "--format", "{{.NCPU}} cores ({{.Architecture}}), {{.MemTotal}} bytes "+
		"of memory, Linux {{.KernelVersion}}. Docker {{.ServerVersion}} {{.Labels}}")
	if err != nil {
		return r, err
	}
	pack, err := b.dev.Pack(ctx)
	if err != nil {
		return r, err
	}
	r = Results{App: filepath.Base(b.App), Date: time.Now().Format("2 January 2006"), Machine: machine,
		Rounds: b.Rounds, Images: map[string]float64{}}
	r.Versions = append([]string{filepath.Base(filepath.Dir(pack)), "lifecycle-" + devenv.LifecycleVersion},
		b.runtimes...)
	for _, c := range b.cases {
		medians := map[string]float64{}
		for _, o := range b.opponents {
			if times := slices.Sorted(slices.Values(b.builds(o, c))); len(times) > 0 {
				medians[o.name] = rounded(median(times).Seconds())
			}
		}
		r.Cases = append(r.Cases, Case{c.name, c.title, medians})
	}
	for _, o := range b.opponents {
		bytes, err := b.size(ctx, o)
		if err != nil {
			return r, fmt.Errorf("read the size of %s: %w", o.image, err)
		}
		r.Images[o.name] = math.Round(float64(bytes) / 1e6)
	}
	return r, nil
}

// size returns how many bytes the image of o takes: in a registry its layers are compressed.
func (b *bench) size(ctx context.Context, o *opponent) (bytes int64, err error) {
	if o.target != nil {
		return o.target.size(o.image)
	}
	size, err := b.dev.Docker(ctx, "image", "inspect", "--format", "{{.Size}}", o.image)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(size, 10, 64)
}

// builds returns the times of an opponent's builds in a case.
func (b *bench) builds(o *opponent, c change) []time.Duration {
	if o.name == floor && c.name == "cold" {
		return nil // it makes its image once, in any way
	}
	return o.builds[c.name]
}

// median returns the median of sorted times.
func median(times []time.Duration) time.Duration {
	return (times[(len(times)-1)/2] + times[len(times)/2]) / 2
}

// rounded returns seconds with one digit after the point.
func rounded(seconds float64) float64 { return math.Round(seconds*10) / 10 }

// table returns the table of the cases, the first answers of containers and the sizes of images, by opponent.
func (b *bench) table(r Results) string {
	names, sizes := []string{"case"}, []string{"image, MB"}
	for _, o := range b.opponents {
		names, sizes = append(names, o.name), append(sizes, fmt.Sprint(r.Images[o.name]))
	}
	text := row(names) + "|---|" + strings.Repeat("--:|", len(b.opponents)) + "\n"
	for _, c := range b.cases {
		text += b.times(c.title, func(o *opponent) []time.Duration { return b.builds(o, c) })
	}
	text += b.times("`docker run` to the first answer", func(o *opponent) []time.Duration { return o.answers })
	return text + row(sizes)
}

func row(cells []string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// times returns a row of the table.
func (b *bench) times(title string, of func(o *opponent) []time.Duration) string {
	cells, first := []string{title}, time.Duration(0)
	for _, o := range b.opponents {
		cell := ""
		if times := slices.Sorted(slices.Values(of(o))); len(times) > 0 {
			middle := median(times)
			cell = fmt.Sprintf("%.2f (%.2f)", middle.Seconds(), times[0].Seconds())
			if o == b.opponents[0] {
				first = middle
			} else if first > 0 {
				cell += fmt.Sprintf(", × %.2f", middle.Seconds()/first.Seconds())
			}
		}
		cells = append(cells, cell)
	}
	return row(cells)
}
