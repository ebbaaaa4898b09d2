package ui

import "time"

// Step is a part of the build whose time is measured.
type Step struct {
	ID           string // of the plan's step; empty if the plan has none
	Branch, Name string
	Start, Took  time.Duration // Start is relative to the beginning of the build
}

// Timed runs do and remembers how long it took under name.
func (b *Branch) Timed(name string, do func() error) error { return b.Step("", name, do) }

// Step runs a step of the plan and remembers how long it took. id is empty if the plan has no such step. name is empty
// if it is a part of another one.
func (b *Branch) Step(id, name string, do func() error) error {
	s, begin := Step{ID: id, Name: name}, time.Now()
	err := do()
	b.log.mu.Lock()
	defer b.log.mu.Unlock()
	s.Branch, s.Start, s.Took = b.name, begin.Sub(b.log.start), time.Since(begin)
	b.log.steps = append(b.log.steps, s)
	return err
}

// Steps gives what Timed and Step have seen, in the order in which the steps ended.
func (l *Log) Steps() []Step {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Step(nil), l.steps...)
}

// Elapsed returns the time since New.
func (l *Log) Elapsed() time.Duration { return time.Since(l.start) }
