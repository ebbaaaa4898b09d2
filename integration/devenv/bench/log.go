package bench

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// buildLog is what a build printed, and when.
type buildLog struct {
	start time.Time
	took  time.Duration
	mu    sync.Mutex
	all   bytes.Buffer
	rest  []byte
	lines []line
}

type line struct {
	at   time.Duration // since start
	text string
}

// Write keeps the time of each whole line.
func (l *buildLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all.Write(p)
	l.rest = append(l.rest, p...)
	for {
		text, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			return len(p), nil
		}
		l.lines = append(l.lines, line{time.Since(l.start), strings.TrimRight(string(text), "\r")})
		l.rest = rest
	}
}

func (l *buildLog) text() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Bytes()
}

// part is a piece of a build.
type part struct {
	name  string
	took  time.Duration
	inner bool // a step of the buildpack, within the phase before; two branches overlap
}

// phases are the parts of pack's log: each begins with a line that begins so.
var phases = []struct{ mark, name string }{
	{"===> ANALYZING", "analyze"},
	{"===> DETECTING", "detect"},
	{"===> RESTORING", "restore the caches"},
	{"===> BUILDING", "build"},
	{"===> EXPORTING", "export layers"},
	{"Saving ", "save the image"},
	{"*** Images", "save the caches"},
	{"Successfully built image", "pack ends"},
}

// timelineStep is a line of the section "Timeline" in Tandem's log: seconds, bar, branch, name.
var timelineStep = regexp.MustCompile(`^ *([\d.]+) s  \|[ =]*\|  (\w*) +(\S.*)$`)

// parts takes the log apart.
func (l *buildLog) parts() []part {
	parts := []part{{name: "pack starts"}}
	begin, timeline, phase := time.Duration(0), false, 0 // phase is the index of the last part that isn't inner
	end := func(at time.Duration) {
		parts[phase].took += at - begin
		begin = at
	}
	for _, line := range l.lines {
		if name := phaseOf(line.text); name != "" {
			end(line.at)
			phase, timeline = len(parts), false
			parts = append(parts, part{name: name})
			continue
		}
		timeline = timeline || line.text == "Timeline"
		if step := timelineStep.FindStringSubmatch(line.text); timeline && step != nil {
			seconds, _ := strconv.ParseFloat(step[1], 64) // the pattern lets numbers through only
			name := step[3]
			if step[2] != "" {
				name += " (" + step[2] + ")"
			}
			parts = append(parts, part{name: name, took: time.Duration(seconds * float64(time.Second)), inner: true})
		}
	}
	end(l.took)
	return parts
}

func phaseOf(text string) string {
	for _, phase := range phases {
		if strings.HasPrefix(text, phase.mark) {
			return phase.name
		}
	}
	return ""
}
