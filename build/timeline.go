package build

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// barWidth is how many characters stand for the whole build.
const barWidth = 40

// report ends the log: what became of each layer, and what took how long. The same goes to a file where one is asked for.
func (b *builder) report() error {
	total, steps := b.log.Elapsed(), b.log.Steps()
	slices.SortStableFunc(steps, func(a, z ui.Step) int { return int(a.Start - z.Start) })
	b.main.Title("Layers")
	for _, r := range b.set.Reports() {
		b.main.Header("%9s in the image  %9s kept  %s: %s", megabytes(r.Shipped), megabytes(r.Kept), r.Title, r.Status)
	}
	b.main.Title("Timeline")
	for _, s := range steps {
		b.main.Header("%6.1f s  |%s|  %-6s  %s", s.Took.Seconds(), bar(s, total), s.Branch, s.Name)
	}
	b.main.Header("%6.1f s in all", total.Seconds())
	if b.config.Timeline == "" {
		return nil
	}
	return b.writeTimeline(b.config.Timeline, total, steps)
}

func megabytes(n int64) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// bar shows when a step began and ended, in the whole of the build.
func bar(s ui.Step, total time.Duration) string {
	at := func(d time.Duration) int { return min(barWidth-1, int(d*barWidth/max(total, 1))) }
	begin, end := at(s.Start), at(s.Start+s.Took)
	return strings.Repeat(" ", begin) + strings.Repeat("=", end-begin+1) + strings.Repeat(" ", barWidth-1-end)
}

// writeTimeline writes the report as JSON, with secrets masked. Times are in seconds since the beginning of the build,
// sizes in bytes.
func (b *builder) writeTimeline(file string, total time.Duration, steps []ui.Step) error {
	mask := b.secrets.said.Mask
	type step struct {
		ID     string  `json:"id,omitempty"`
		Branch string  `json:"branch,omitempty"`
		Name   string  `json:"name"`
		Start  float64 `json:"start"`
		Took   float64 `json:"took"`
	}
	type made struct {
		Name    string `json:"name"`
		Title   string `json:"title"`
		Status  string `json:"fate"`
		Shipped int64  `json:"bytes_in_image"`
		Kept    int64  `json:"bytes_kept"`
	}
	out := struct {
		Total  float64 `json:"total"`
		Steps  []step  `json:"steps"`
		Layers []made  `json:"layers"`
	}{Total: total.Seconds(), Steps: []step{}, Layers: []made{}}
	for _, s := range steps {
		out.Steps = append(out.Steps, step{mask(s.ID), s.Branch, mask(s.Name), s.Start.Seconds(), s.Took.Seconds()})
	}
	for _, l := range b.set.Reports() {
		l.Title, l.Status = mask(l.Title), mask(l.Status)
		out.Layers = append(out.Layers, made(l))
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	if err := b.writeAt(file, append(data, '\n')); err != nil {
		return fmt.Errorf("write timeline: %w", err)
	}
	return nil
}

// writeAt writes a file that a variable of the build names. In the app no link is followed, and no pipe is waited for.
func (b *builder) writeAt(file string, data []byte) error {
	p, ok := b.Tree.Rel(file)
	if !filepath.IsAbs(file) {
		var err error
		if p, err = app.In(".", file); err != nil {
			return err
		}
		ok = true
	}
	if !ok {
		return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644))
	}
	if dir, err := app.In(".", path.Dir(string(p))); err == nil {
		if err := b.Tree.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return b.Tree.Write(p, data, 0o644)
}
