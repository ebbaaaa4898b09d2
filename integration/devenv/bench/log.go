package bench

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// buildLog is the log of a build, with the time of each line.
type buildLog struct {
	out   io.Writer // gets everything
	start time.Time
	took  time.Duration
	rest  []byte
	lines []line
}

type line struct {
	at   time.Duration // since start
	text string
}

// Write keeps the time of each whole line.
func (l *buildLog) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		text, rest, found := bytes.Cut(l.rest, []byte("\n"))
		if !found {
			return l.out.Write(p)
		}
		l.lines = append(l.lines, line{time.Since(l.start), strings.TrimRight(string(text), "\r")})
		l.rest = rest
	}
}

// part is a phase of a build, or a step of the buildpack in the phase "build"; two lanes overlap.
type part struct {
	name string
	took time.Duration
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

// timelineStep matches a line of the section "Timeline" in Tandem's log: seconds, bar, lane, name.
var timelineStep = regexp.MustCompile(`^ *([\d.]+) s  \|[ =]*\|  (\w*) +(\S.*)$`)

// parts returns the phases of the build, and after the phase "build" the steps.
func (l *buildLog) parts() []part {
	parts := []part{{name: "pack starts"}}
	timeline, phase, begin := false, 0, time.Duration(0) // phase is the index of the last part that is no step
	for _, line := range l.lines {
		for _, next := range phases {
			if strings.HasPrefix(line.text, next.mark) {
				parts[phase].took = line.at - begin
				phase, begin, timeline = len(parts), line.at, false
				parts = append(parts, part{name: next.name})
			}
		}
		timeline = timeline || line.text == "Timeline"
		if step := timelineStep.FindStringSubmatch(line.text); timeline && step != nil {
			seconds, _ := strconv.ParseFloat(step[1], 64) // the pattern lets numbers through only
			name := "— " + step[3]
			if step[2] != "" {
				name += " (" + step[2] + ")"
			}
			parts = append(parts, part{name, time.Duration(seconds * float64(time.Second))})
		}
	}
	parts[phase].took = l.took - begin
	return parts
}
