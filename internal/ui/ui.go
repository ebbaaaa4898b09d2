// Package ui writes one readable log for branches that run at the same time, and keeps the time of each step.
package ui

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Log is the log of one build. Its branches may be written to from several goroutines; lines stay whole.
type Log struct {
	mu    sync.Mutex
	out   io.Writer
	start time.Time
	steps []Step
}

// Step is one thing that took time.
type Step struct {
	Branch, Name string
	Start, Took  time.Duration // Start is relative to the beginning of the build
}

// New starts a log on out; the build's clock starts now.
func New(out io.Writer) *Log { return &Log{out: out, start: time.Now()} }

// Branch is one goroutine's way into the log: each of its lines begins with "[name] ", or with nothing for "".
func (l *Log) Branch(name string) *Branch {
	prefix := ""
	if name != "" {
		prefix = "[" + name + "] "
	}
	return &Branch{log: l, name: name, prefix: prefix}
}

// Branch writes headers, details and the output of commands, indented as libpak's logger does. One goroutine at a time.
type Branch struct {
	log          *Log
	name, prefix string
}

// Title starts a section of the log.
func (b *Branch) Title(format string, args ...any) { b.lines("", "\n"+fmt.Sprintf(format, args...)) }

// Header names a thing and what becomes of it: "Node.js 24.21.0: reusing the cached copy".
func (b *Branch) Header(format string, args ...any) { b.lines("  ", fmt.Sprintf(format, args...)) }

// Body is a detail below a header.
func (b *Branch) Body(format string, args ...any) { b.lines("    ", fmt.Sprintf(format, args...)) }

// Warn is a header that says what to look at.
func (b *Branch) Warn(format string, args ...any) {
	b.lines("  ", "Warning: "+fmt.Sprintf(format, args...))
}

// Output is where a command's output goes: whole lines, indented below the body.
func (b *Branch) Output() *Lines { return &Lines{branch: b, indent: "      "} }

// Timed runs do and remembers how long it took under name.
func (b *Branch) Timed(name string, do func() error) error {
	begin := time.Now()
	err := do()
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	b.log.steps = append(b.log.steps, Step{b.name, name, begin.Sub(b.log.start), time.Since(begin)})
	return err
}

func (b *Branch) lines(indent, text string) {
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

// Lines passes on whole lines only; Close passes on what is left. It may be written to by several goroutines.
type Lines struct {
	mu     sync.Mutex
	branch *Branch
	indent string
	rest   []byte
}

// Write never fails: the log's own trouble must not end a command.
func (w *Lines) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, p...)
	if end := bytes.LastIndexByte(w.rest, '\n'); end >= 0 {
		w.branch.lines(w.indent, clean(w.rest[:end]))
		w.rest = append([]byte(nil), w.rest[end+1:]...)
	}
	return len(p), nil
}

// Close prints an unfinished last line.
func (w *Lines) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) > 0 {
		w.branch.lines(w.indent, clean(w.rest))
		w.rest = nil
	}
	return nil
}

// clean drops carriage returns: of a line that was overwritten, as progress bars do, only the last text stays.
func clean(text []byte) string {
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		lines[i] = line[strings.LastIndexByte(line, '\r')+1:]
	}
	return strings.Join(lines, "\n")
}

// Steps gives what Timed has seen, in the order in which the steps ended.
func (l *Log) Steps() []Step {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Step(nil), l.steps...)
}

// Elapsed is the time since New.
func (l *Log) Elapsed() time.Duration { return time.Since(l.start) }
