package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report is the whole of what was measured, in Markdown.
func (b *bench) report(ctx context.Context, o Options) (string, error) {
	machine, err := b.machine(ctx)
	if err != nil {
		return "", err
	}
	sizes, err := b.sizes(ctx)
	if err != nil {
		return "", err
	}
	starts, err := b.starts(ctx)
	if err != nil {
		return "", err
	}
	rounds := fmt.Sprintf("%d rounds: the median, the minimum in brackets", o.Rounds)
	if o.Rounds == 1 {
		rounds = "one round"
	}
	return fmt.Sprintf("`%s`, %s. %s\n\nWall time in seconds of %s, and how many times as long as the Dockerfile's median that is.\n\n%s\n%s%s\n%s\n%s",
		filepath.Base(o.App), time.Now().Format("2 January 2006"), machine, rounds, b.times(), b.failures(), sizes, starts, b.steps()), nil
}

// times is the table of cases and opponents.
func (b *bench) times() string {
	header := []string{"case"}
	for _, o := range b.opponents {
		header = append(header, o.name)
	}
	t := newTable(header)
	for _, r := range b.results {
		row := []string{r.change.title}
		for _, o := range b.opponents {
			row = append(row, r.cell(o.name))
		}
		t.add(row)
	}
	return t.text.String()
}

// cell is one opponent's time in one case.
func (r *result) cell(name string) string {
	times := r.times[name]
	if r.wrong[name] != nil {
		return "wrong"
	} else if name == floor && r.change.name == "cold" {
		return "" // it makes its image once, in any way
	}
	text := fmt.Sprintf("%.1f", median(times).Seconds())
	if len(times) > 1 {
		text += fmt.Sprintf(" (%.1f)", slices.Min(times).Seconds())
	}
	if base := r.times[docker]; name != docker && len(base) > 0 && r.wrong[docker] == nil {
		text += fmt.Sprintf(", × %.1f", median(times).Seconds()/median(base).Seconds())
	}
	return text
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}

// failures says why there is no time where there is none.
func (b *bench) failures() string {
	var all strings.Builder
	for _, r := range b.results {
		for _, o := range b.opponents {
			if err := r.wrong[o.name]; err != nil {
				text, _, _ := strings.Cut(err.Error(), "\n")
				fmt.Fprintf(&all, "- Wrong: %s, %s: %s\n", o.name, r.change.title, text)
			}
		}
	}
	if all.Len() > 0 {
		all.WriteByte('\n')
	}
	return all.String()
}

// sizes is the table of images and caches after the last build.
func (b *bench) sizes(ctx context.Context) (string, error) {
	t := newTable([]string{"after the last build", "image, MB", "caches, MB", "files in caches"})
	for _, o := range b.opponents {
		image, err := b.engine.imageSize(ctx, o.image)
		if err != nil {
			return "", err
		}
		kept, err := o.cache(ctx)
		if err != nil {
			return "", err
		}
		row := []string{o.name, megabytes(image), megabytes(kept.bytes), fmt.Sprint(kept.files)}
		if o.name == docker || o.name == simple {
			row[3] = ""
		}
		t.add(row)
	}
	return t.text.String(), nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f", float64(n)/1e6) }

// steps is where Tandem's time goes: of each case the build whose time is the median.
func (b *bench) steps() string {
	header := []string{"Tandem, step by step"}
	var names []string
	times := map[string][]string{}
	for i, r := range b.results {
		header = append(header, r.change.name)
		if len(r.logs) == 0 {
			continue
		}
		logs := slices.SortedFunc(slices.Values(r.logs), func(a, b *buildLog) int { return int(a.took - b.took) })
		after := 0 // new names come after the ones that this build has before them
		for _, part := range logs[(len(logs)-1)/2].parts() {
			name := part.name
			if part.inner {
				name = "— " + name
			}
			if at := slices.Index(names, name); at >= 0 {
				after = at + 1
			} else {
				names = slices.Insert(names, after, name)
				times[name] = make([]string, len(b.results))
				after++
			}
			times[name][i] = fmt.Sprintf("%.1f", part.took.Seconds())
		}
	}
	t := newTable(header)
	for _, name := range names {
		t.add(append([]string{name}, times[name]...))
	}
	return t.text.String()
}

// machine says where and with what this was measured.
func (b *bench) machine(ctx context.Context) (string, error) {
	engine, err := b.engine.docker(ctx, "version", "--format", "{{.Server.Version}}")
	if err != nil {
		return "", err
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d cores (%s), %d GiB of memory, Linux %s. Docker %s, its data %s; %s, %s.", runtime.NumCPU(), runtime.GOARCH,
		(memory("MemTotal")+gib/2)/gib, strings.TrimSpace(string(kernel)), engine, b.engine.where, filepath.Base(filepath.Dir(b.pack)), strings.Join(b.versions, ", ")), nil
}

// The report stands between these lines in docs/benchmarks.md; the rest of that file is written by hand.
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
