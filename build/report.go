package build

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/process"
	"github.com/tandem-cnb/tandem/internal/show"
	"github.com/tandem-cnb/tandem/internal/ui"
)

// barWidth is the number of characters that represent the whole build.
const barWidth = 40

// shortest is the duration below which the log's timeline omits a step.
const shortest = 100 * time.Millisecond

// report ends the log: how large the image is, the times of the steps, all warnings, and how the image is started, with
// the variables that it needs. It also writes the report for other programs, if a setting names a file.
func (h Host) report(f finished, n needs) error {
	p := f.plan
	total, steps := h.Log.Elapsed(), h.Log.Steps()
	slices.SortStableFunc(steps, func(a, z ui.Step) int { return cmp.Compare(a.Start, z.Start) })
	h.logSizes(p)
	h.main().Title("Timeline %*s", barWidth+12, seconds(total))
	for _, s := range rows(steps) {
		if s.Took >= shortest && s.Name != "" {
			h.main().Header("%s  %-6s %6s  %s", bar(s, total), s.Branch, seconds(s.Took), s.Name)
		}
	}
	h.main().Header("The platform exports the image now; that is not part of these times.")
	h.Log.Warnings()
	h.logHowToRun(p.Processes, n)
	if p.Config.Log.Report == "" {
		return nil
	}
	return h.writeReport(p.Config.Log.Report, f, total, steps)
}

// logHowToRun logs the command that starts the image here, with the variables that a container needs.
func (h Host) logHowToRun(processes []process.Process, n needs) {
	if !slices.ContainsFunc(processes, func(p process.Process) bool { return p.Default }) {
		return
	}
	h.main().Title("Run it:")
	line := "docker run --rm -p 8080:8080"
	for _, name := range n.keys {
		line += " -e " + show.Word(name) + "=only-for-a-try"
	}
	for _, name := range n.others {
		line += " -e " + show.Word(name)
	}
	if len(n.others) > 0 {
		h.main().Header("Variables without a value come from your shell. Export them first:")
	}
	h.main().Header("%s IMAGE", line)
}

// seconds returns a duration as the log has it.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// rows returns the steps with one for all that have the same name and run at the same time. steps are sorted by their
// start.
func rows(steps []ui.Step) (out []ui.Step) {
	for _, s := range steps {
		i := slices.IndexFunc(out, func(r ui.Step) bool {
			return r.Name == s.Name && r.Branch == s.Branch && s.Start <= r.Start+r.Took
		})
		if i < 0 {
			out = append(out, s)
			continue
		}
		out[i].Took = max(out[i].Took, s.Start+s.Took-out[i].Start)
	}
	return out
}

// bar shows when a step began and ended, in the whole of the build.
func bar(s ui.Step, total time.Duration) string {
	at := func(d time.Duration) int { return min(barWidth-1, int(d*barWidth/max(total, 1))) }
	begin, end := at(s.Start), at(s.Start+s.Took)
	return strings.Repeat(" ", begin) + strings.Repeat("=", end-begin+1) + strings.Repeat(" ", barWidth-1-end)
}

// writeAt writes a file that a variable of the build names. In the app no link is followed, and no pipe is waited for.
func (h Host) writeAt(file string, data []byte) error {
	p, ok := h.Tree.Rel(file)
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
	if err := h.Tree.MkdirAbove(p); err != nil {
		return err
	}
	return h.Tree.Write(p, data, 0o644)
}

// terminationLog is where Kubernetes looks for the termination message of a container, which kpack shows in the status
// of its Image.
// https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
const terminationLog = "/dev/termination-log"

// lastWords writes to the file, if the platform has made it, what has happened: the rest is in the log.
func lastWords(file string, err error) {
	var lines []string
	shown, more := fail.Few(err)
	for _, each := range shown {
		line, _, _ := strings.Cut(each.Error(), "\n")
		if user, ok := fail.User(each); ok {
			line = user.What + " [" + user.ID + "]"
			if user.Temporary {
				line += " (temporary)"
			}
		}
		lines = append(lines, show.Clean(line))
	}
	if more > 0 {
		lines = append(lines, fmt.Sprintf("%d more problems", more))
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return // there is no Kubernetes
	}
	defer out.Close()
	_, _ = out.WriteString(strings.Join(lines, ". ") + ".\n") // the log has it all; this is one place more
}
