// Package ui writes one readable log for branches that run at the same time, and keeps the time of each step.
package ui

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/tandem-cnb/tandem/internal/show"
)

// Log is the log of one build. Its branches may be written to from several goroutines; lines stay whole.
type Log struct {
	mu    sync.Mutex
	out   io.Writer
	start time.Time
	steps []Step
	mask  func(text string) string // nil if there are no secrets
}

// Step is one thing that took time.
type Step struct {
	ID           string // of the plan's step; empty if the plan has none
	Branch, Name string
	Start, Took  time.Duration // Start is relative to the beginning of the build
}

// New starts a log on out; the build's clock starts now.
func New(out io.Writer) *Log { return &Log{out: out, start: time.Now()} }

// Mask sets the function that removes secrets from every text of the log. It must be called before several goroutines
// use the log. mask gets whole lines.
func (l *Log) Mask(mask func(text string) string) { l.mask = mask }

func (l *Log) masked(text string) string {
	if l.mask == nil {
		return text
	}
	return l.mask(text)
}

// Branch is one goroutine's way into the log: each of its lines begins with "[name] ", or with nothing for "".
func (l *Log) Branch(name string) *Branch {
	prefix := ""
	if name != "" {
		prefix = "[" + show.Name(name) + "] "
	}
	return &Branch{log: l, name: name, prefix: prefix}
}

// Branch writes headers, details and the output of commands, indented as libpak's logger does. One goroutine at a time.
type Branch struct {
	log          *Log
	name, prefix string
}

// Title starts a section of the log.
func (b *Branch) Title(format string, args ...any) { b.say("", "\n"+format, args...) }

// Header names a thing and what becomes of it: "Node.js 24.21.0: reusing the cached copy".
func (b *Branch) Header(format string, args ...any) { b.say("  ", format, args...) }

// Body is a detail below a header.
func (b *Branch) Body(format string, args ...any) { b.say("    ", format, args...) }

// Warn is a header that says what to look at.
func (b *Branch) Warn(format string, args ...any) {
	b.say("  ", "Warning: "+format, args...)
}

// Output is where a command's output goes: whole lines, indented below the body.
func (b *Branch) Output() *Lines { return &Lines{branch: b, indent: "      "} }

// Timed runs do and remembers how long it took under name.
func (b *Branch) Timed(name string, do func() error) error { return b.Step("", name, do) }

// Step runs a step of the plan and remembers how long it took. id is empty if the plan has no such step.
func (b *Branch) Step(id, name string, do func() error) error {
	begin := time.Now()
	err := do()
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	b.log.steps = append(b.log.steps, Step{id, b.name, name, begin.Sub(b.log.start), time.Since(begin)})
	return err
}

// say logs a text of Tandem.
func (b *Branch) say(indent, format string, args ...any) {
	b.lines(indent, show.Clean(b.log.masked(fmt.Sprintf(format, args...))))
}

// lines logs lines of Tandem and of commands. All lines of the log pass through it, and must be clean.
func (b *Branch) lines(indent, text string) {
	text = b.log.masked(text) // again: a removed escape sequence may have been within a secret
	var all strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		all.WriteString(strings.TrimRight(b.prefix+indent+line, " "))
		all.WriteByte('\n')
	}
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	// A log that cannot be written to has nobody to tell.
	_, _ = io.WriteString(b.log.out, all.String())
}

// Steps gives what Timed has seen, in the order in which the steps ended.
func (l *Log) Steps() []Step {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Step(nil), l.steps...)
}

// Elapsed is the time since New.
func (l *Log) Elapsed() time.Duration { return time.Since(l.start) }
