package layer

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"time"
)

// state is a cheap mark of a directory's contents: any write below it changes it. Walking 15,000 files takes 40 ms.
type state struct {
	entries int
	bytes   int64
	newest  int64 // latest change time (ctime) in nanoseconds; it cannot be set back by a program
}

// stateOf walks dir without following links. Entries for which skip returns true are excluded, with all below them.
func stateOf(dir string, skip ...func(rel string) bool) (s state, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		for _, f := range skip {
			if f != nil && f(rel) {
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		s.entries++
		if info.Mode().IsRegular() {
			s.bytes += info.Size()
		}
		if d.IsDir() && len(skip) > 0 {
			return nil // what is excluded changes its directory's time too
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			s.newest = max(s.newest, stat.Ctim.Nano())
		}
		return nil
	})
	return s, err
}

// tick is more than what a file system's clock advances by at once, 10 ms at most. A change in the tick of the newest
// file has no newer time: where the image gets these contents, settle lets the tick pass.
const tick = 20 * time.Millisecond

// settle remembers what dir looks like before any step of the app has run.
func (m *Made) settle() (err error) {
	switch {
	case m.Ship, m.strict():
		m.before, err = stateOf(m.Dir())
		if wait := tick - time.Since(time.Unix(0, m.before.newest)); err == nil && wait > 0 && !m.reusable() {
			time.Sleep(min(wait, tick)) // of another machine's clock, perhaps
			m.before, err = stateOf(m.Dir())
		}
	case m.watch:
		m.before, err = m.state()
	}
	return err
}

// Changed reports whether a step of the app has written into the contents of a watched layer, except what it skips.
func (m *Made) Changed() (bool, error) {
	now, err := m.state()
	return now != m.before, err
}
