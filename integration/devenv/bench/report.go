package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/integration/devenv"
)

// report returns everything that was measured, in Markdown.
func (b *bench) report(ctx context.Context, app string, rounds int) (string, error) {
	machine, err := b.machine(ctx)
	if err != nil {
		return "", err
	}
	sizes, err := b.sizes(ctx)
	if err != nil {
		return "", err
	}
	times := fmt.Sprintf("%d rounds: the median, the minimum in brackets", rounds)
	if rounds == 1 {
		times = "one round"
	}
	head := fmt.Sprintf("`%s`, %s. %s\n\nWall time in seconds of %s, and how many times as long as the Dockerfile's "+
		"median that is.", app, time.Now().Format("2 January 2006"), machine, times)
	return fmt.Sprintf("%s\n\n%s\n%s%s\n%s\n%s", head, b.times(), b.failures(), sizes, b.starts(), b.steps()), nil
}

// machine describes where and with what this was measured.
func (b *bench) machine(ctx context.Context) (string, error) {
	info, err := b.dev.Docker(ctx, "info", "--format", "{{.NCPU}} {{.MemTotal}} {{.KernelVersion}} {{.ServerVersion}}")
	if err != nil {
		return "", err
	}
	var cpus, memory int64
	var kernel, engine string
	if _, err := fmt.Sscan(info, &cpus, &memory, &kernel, &engine); err != nil {
		return "", fmt.Errorf("read what docker info printed: %w", err)
	}
	pack, err := b.dev.Pack(ctx)
	if err != nil {
		return "", err
	}
	const gib = 1 << 30
	return fmt.Sprintf("%d cores (%s), %d GiB of memory, Linux %s. Docker %s, its data %s; %s, lifecycle-%s, %s.",
		cpus, runtime.GOARCH, (memory+gib/2)/gib, kernel, engine, b.data(), filepath.Base(filepath.Dir(pack)),
		devenv.LifecycleVersion, strings.Join(b.runtimes, ", ")), nil
}

// data says where the data of the engine are.
func (b *bench) data() string {
	if b.memory {
		return "in memory (tmpfs), of an engine of its own"
	}
	return "on a disk"
}

// table is a Markdown table, whose first row is the header.
type table [][]string

func (t table) String() string {
	var text strings.Builder
	for i, row := range t {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(&text, "|---|%s\n", strings.Repeat("--:|", len(row)-1))
		}
	}
	return text.String()
}

// times is the table of cases and opponents.
func (b *bench) times() table {
	t := table{{"case"}}
	for _, o := range b.opponents {
		t[0] = append(t[0], o.name)
	}
	for _, r := range b.results {
		row := []string{r.title}
		for _, o := range b.opponents {
			row = append(row, r.cell(o.name))
		}
		t = append(t, row)
	}
	return t
}

// cell returns the time of one opponent in one case.
func (r *result) cell(name string) string {
	if r.wrong[name] != nil {
		return "wrong"
	} else if name == floor && r.name == "cold" {
		return "" // it makes its image once, in any way
	}
	times := r.times(name)
	text := fmt.Sprintf("%.1f", median(times).Seconds())
	if len(times) > 1 {
		text += fmt.Sprintf(" (%.1f)", slices.Min(times).Seconds())
	}
	if base := r.times(docker); name != docker && len(base) > 0 && r.wrong[docker] == nil {
		text += fmt.Sprintf(", × %.1f", median(times).Seconds()/median(base).Seconds())
	}
	return text
}

func (r *result) times(name string) (times []time.Duration) {
	for _, log := range r.logs[name] {
		times = append(times, log.took)
	}
	return times
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// failures lists why there is no time where there is none.
func (b *bench) failures() (list string) {
	for _, r := range b.results {
		for _, o := range b.opponents {
			if err := r.wrong[o.name]; err != nil {
				text, _, _ := strings.Cut(err.Error(), "\n")
				list += fmt.Sprintf("- Wrong: %s, %s: %s\n", o.name, r.title, text)
			}
		}
	}
	if list != "" {
		list += "\n"
	}
	return list
}

// starts is the table of how long containers need until they answer. The images of the others are as Tandem's.
func (b *bench) starts() table {
	t := table{{"from `docker run` to the first answer", "median, s", "least, s"}}
	for _, o := range b.opponents {
		if (o.name == tandem || o.name == docker) && len(o.starts) > 0 {
			middle, least := median(o.starts).Seconds(), slices.Min(o.starts).Seconds()
			t = append(t, []string{o.name, fmt.Sprintf("%.2f", middle), fmt.Sprintf("%.2f", least)})
		}
	}
	return t
}

// steps is the table of Tandem's phases and steps: of each case the build whose time is the median.
func (b *bench) steps() table {
	t := table{{"Tandem, step by step"}}
	for i, r := range b.results {
		t[0] = append(t[0], r.name)
		logs := slices.Clone(r.logs[tandem])
		if len(logs) == 0 {
			continue
		}
		slices.SortFunc(logs, func(a, b *buildLog) int { return cmp.Compare(a.took, b.took) })
		after := 1 // new names come after the ones that this build has before them
		for _, part := range logs[(len(logs)-1)/2].parts() {
			at := 1 + slices.IndexFunc(t[1:], func(row []string) bool { return row[0] == part.name })
			if at == 0 {
				at = after
				t = slices.Insert(t, at, append([]string{part.name}, make([]string, len(b.results))...))
			}
			t[at][i+1] = fmt.Sprintf("%.1f", part.took.Seconds())
			after = at + 1
		}
	}
	return t
}

// The report is between these lines of docs/benchmarks.md; the rest of that file is written by hand.
const (
	reportBegins = "<!-- make bench writes from here -->"
	reportEnds   = "<!-- to here -->"
)

func writeReport(file, report string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), reportBegins)
	_, after, ends := strings.Cut(rest, reportEnds)
	if !begins || !ends {
		return fmt.Errorf("%s has no lines %q and %q to write between", file, reportBegins, reportEnds)
	}
	return os.WriteFile(file, []byte(before+reportBegins+"\n\n"+report+"\n"+reportEnds+after), 0o644)
}
