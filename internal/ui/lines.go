package ui

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/tandem-cnb/tandem/internal/show"
)

const (
	mostLine      = 64 << 10        // bytes of a line that are logged
	mostKept      = mostLine + 4096 // so that no secret is cut in two before it is masked
	progressDelay = 5 * time.Second // after which a line that is overwritten again and again is logged
)

// Lines passes on whole lines only; Close passes on what is left. It may be written to by several goroutines.
type Lines struct {
	mu     sync.Mutex
	branch *Branch
	indent string

	rest     []byte // the beginning of the line that has no end yet
	beyond   int    // how many bytes of that line are not in rest
	returned bool   // the line ends in a carriage return: what follows overwrites it
	logged   string // what was logged of the line while it was overwritten
	timer    *time.Timer
	pulse    *pulse // nil if the command's silence is not reported
	fold     fold
}

// Write never fails: the log's own trouble must not end a command.
func (w *Lines) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var whole []string
	for rest := p; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		w.add(line)
		if ended {
			whole = w.end(whole)
		}
		rest = after
	}
	w.log(whole)
	return len(p), nil
}

// Close prints an unfinished last line.
func (w *Lines) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) > 0 {
		w.log(w.end(nil))
	}
	w.unwatch()
	return nil
}

// add appends a part of a line. Of a line that was overwritten, as progress bars do, only the last text stays.
func (w *Lines) add(part []byte) {
	text := bytes.TrimRight(part, "\r")
	returned := len(text) < len(part)
	if len(text) > 0 {
		if i := bytes.LastIndexByte(text, '\r'); i >= 0 {
			text, w.returned = text[i+1:], true
		}
		if w.returned {
			w.rest, w.beyond = w.rest[:0], 0
		}
		kept := min(len(text), mostKept-len(w.rest))
		w.rest, w.beyond = append(w.rest, text[:kept]...), w.beyond+len(text)-kept
		w.returned = false
	}
	if returned {
		w.returned = true
		w.watch()
	}
}

// watch logs a line that stays without an end: a long download must not look as if nothing happened.
func (w *Lines) watch() {
	if w.timer != nil {
		return
	}
	w.timer = time.AfterFunc(progressDelay, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.timer == nil {
			return // the line has ended meanwhile
		}
		w.timer = nil
		if text := w.text(); text != w.logged && len(w.rest) > 0 {
			w.logged = text
			w.log([]string{text})
		}
	})
}

// end appends the line to lines, unless it was logged just so, and begins the next line.
func (w *Lines) end(lines []string) []string {
	if text := w.text(); text == "" || text != w.logged {
		lines = append(lines, text)
	}
	if w.timer != nil {
		w.timer.Stop()
	}
	w.rest, w.beyond, w.returned, w.logged, w.timer = w.rest[:0], 0, false, "", nil
	return lines
}

// text returns the line as the log shows it.
func (w *Lines) text() string {
	line := w.branch.log.masked(string(w.rest))
	if w.beyond == 0 && len(line) <= mostLine {
		return show.Output(line)
	}
	kept := line[:min(len(line), mostLine)]
	for range utf8.UTFMax { // the last character may be cut in two
		if r, size := utf8.DecodeLastRuneInString(kept); r != utf8.RuneError || size != 1 {
			break
		}
		kept = kept[:len(kept)-1]
	}
	reset := ""
	if strings.IndexByte(kept, '\x1b') >= 0 {
		reset = "\x1b[0m"
	}
	left := w.beyond + len(w.rest) - len(kept)
	return show.Output(kept+reset) + fmt.Sprintf("… (%s more)", show.Size(int64(left)))
}

// log logs whole lines, except folded ones. The mutex of w must be locked.
func (w *Lines) log(lines []string) {
	if lines = w.fold.passed(lines); len(lines) > 0 {
		w.heard()
		w.branch.lines(w.indent, strings.Join(lines, "\n"), Plain)
	}
}
