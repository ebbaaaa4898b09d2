// Package ui writes one readable log for branches that run at the same time, and keeps the time of each step.
package ui

import (
	"fmt"
	"io"
	"slices"
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
	color bool
	all   bool // lines of progress are logged too

	warnings []string // as they are logged, masked
}

// New starts a log on out; the build's clock starts now.
func New(out io.Writer) *Log { return &Log{out: out, start: time.Now()} }

// Color sets whether the log has colors. It must be called before several goroutines use the log.
func (l *Log) Color(on bool) { l.color = on }

// Verbose sets whether the log has lines that are folded otherwise. It must be called before several goroutines use the
// log.
func (l *Log) Verbose(on bool) { l.all = on }

// Mask sets the function that removes secrets from every text of the log. It must be called before several goroutines
// use the log. mask gets whole lines.
func (l *Log) Mask(mask func(text string) string) { l.mask = mask }

// masked returns text without secrets. It is unchanged before Mask is called.
func (l *Log) masked(text string) string {
	if l.mask == nil {
		return text
	}
	return l.mask(text)
}

// Branch returns one goroutine's way into the log: each of its lines begins with "name | ", or with nothing for "".
func (l *Log) Branch(name string) *Branch {
	if name == "" {
		return &Branch{log: l}
	}
	return &Branch{log: l, name: name, prefix: fmt.Sprintf("  %-*s | ", laneWidth, show.Name(name))}
}

// laneWidth is the number of columns for the names of branches.
const laneWidth = 6

// Branch writes headers, details and the output of commands. One goroutine at a time.
type Branch struct {
	log          *Log
	name, prefix string
}

// indent returns the indentation of a level. The prefix of a branch replaces that of the first.
func (b *Branch) indent(level int) string {
	if b.prefix != "" {
		level--
	}
	return strings.Repeat("  ", max(level, 0))
}

// Title starts a section of the log.
func (b *Branch) Title(format string, args ...any) {
	b.lines("", "", Plain)
	b.say(0, Bold, format, args...)
}

// Header logs what becomes of something: "Node.js 24.21.0: restored from the cache".
func (b *Branch) Header(format string, args ...any) { b.say(1, Plain, format, args...) }

// Body logs a detail of a header.
func (b *Branch) Body(format string, args ...any) { b.say(2, Plain, format, args...) }

// Debug logs a header if the log is verbose.
func (b *Branch) Debug(format string, args ...any) {
	if b.log.all {
		b.Header(format, args...)
	}
}

// Command logs a command that starts now, as a user would type it.
func (b *Branch) Command(line string) { b.say(1, command, "$ %s", line) }

// Typed logs a command of Tandem that starts now: short, as a user would type it, and whole if the log is verbose. If
// short is empty, only a verbose log has the command.
func (b *Branch) Typed(short, whole string) {
	if b.log.all {
		short = whole
	}
	if short != "" {
		b.Command(short)
	}
}

// Warn logs the first sentence of a warning. Warnings logs all warnings in full.
func (b *Branch) Warn(format string, args ...any) {
	text := show.Clean(b.log.masked(fmt.Sprintf(format, args...)))
	b.log.mu.Lock()
	b.log.warnings = append(b.log.warnings, text)
	b.log.mu.Unlock()
	b.lines(b.indent(1), "Warning: "+headline(text), Warning)
}

// headline returns the first sentence of a warning. If the text goes on, it says where.
func headline(text string) string {
	first, rest, _ := strings.Cut(text, "\n")
	if len(first)+len(rest) <= maxHeadline {
		return text
	}
	if sentence, more, ok := strings.Cut(first, ". "); ok && more != "" {
		first = sentence
	}
	return strings.TrimRight(first, ".:") + " (see the end)"
}

// maxHeadline is the number of bytes up to which a warning of one line is short enough to be logged whole.
const maxHeadline = 120

// Warned returns all warnings in full, masked, in their order.
func (l *Log) Warned() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.warnings)
}

// Warnings ends a log: it logs all warnings in full, with their number, if there are any.
func (l *Log) Warnings() {
	all := l.Warned()
	if len(all) == 0 {
		return
	}
	b := l.Branch("")
	b.lines("", "", Plain)
	b.say(0, Warning, "Warnings: %d", len(all))
	for _, text := range all {
		b.lines(b.indent(1), text, Plain)
	}
}

// Output returns a writer for the output of a command. It logs whole lines, indented below the header.
func (b *Branch) Output() *Lines { return &Lines{branch: b, indent: b.indent(2)} }

// say logs a text of Tandem.
func (b *Branch) say(level int, s Style, format string, args ...any) {
	b.lines(b.indent(level), show.Clean(b.log.masked(fmt.Sprintf(format, args...))), s)
}

// lines logs lines of Tandem and of commands. All lines of the log pass through it, and must be clean.
func (b *Branch) lines(indent, text string, s Style) {
	text = b.log.masked(text) // again: a removed escape sequence may have been within a secret
	var all strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(indent+Paint(b.log.color, s, strings.TrimRight(line, " ")), " ")
		all.WriteString(strings.TrimRight(Paint(b.log.color, dim, b.prefix)+line, " "))
		all.WriteByte('\n')
	}
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	// An error of the log cannot be reported anywhere.
	_, _ = io.WriteString(b.log.out, all.String())
}
