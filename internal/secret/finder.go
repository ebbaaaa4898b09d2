package secret

import "fmt"

// Found is the error of a Finder that has found a secret. It does not contain the value.
type Found struct {
	Name   string // of the Value
	Offset int64  // of the first byte, in all that was written
}

// Error returns a text without the value.
func (f *Found) Error() string { return fmt.Sprintf("the value of %s is at byte %d", f.Name, f.Offset) }

// Finder is a Writer that looks for secrets in its input. It does not look for plain words: every library has them.
type Finder struct {
	set     *Set
	rest    []byte // the end of what was written, shorter than the longest form
	written int64
	found   *Found
}

// Finder returns a new Finder. The Finder of a nil Set finds nothing.
func (s *Set) Finder() *Finder { return &Finder{set: s} }

// Write never keeps p. The error is *Found, from the write that completes a secret on.
func (f *Finder) Write(p []byte) (int, error) {
	switch {
	case f.found != nil:
		return 0, f.found
	case f.set == nil || f.set.look == nil:
		return len(p), nil
	}
	keep := f.set.longest - 1
	across := append(f.rest, p[:min(len(p), keep)]...) // what begins in an earlier write
	f.search(across, f.written-int64(len(f.rest)))
	f.search(p, f.written)
	f.written += int64(len(p))
	if f.found != nil {
		return 0, f.found
	}
	if len(p) < keep {
		f.rest = append(f.rest[:0], across[max(0, len(across)-keep):]...)
	} else {
		f.rest = append(f.rest[:0], p[len(p)-keep:]...)
	}
	return len(p), nil
}

// search keeps the first match. before is how much was written before text.
func (f *Finder) search(text []byte, before int64) {
	if f.found != nil {
		return
	}
	f.set.look.each(text, func(m match) bool {
		f.found = &Found{f.set.names[f.set.look.patterns[m.pattern].of], before + int64(m.start)}
		return false
	})
}

// Leak is the error of a secret in the cache or the image.
type Leak struct {
	Place, Entry string // such as a layer and the name of a file in it
	Name         string // of the Value
}

// Error returns a text without the value.
func (l *Leak) Error() string {
	return fmt.Sprintf("%s of %s has the value of %s", l.Entry, l.Place, l.Name)
}
