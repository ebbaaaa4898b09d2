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
// Then the times of directories are ignored too: what is excluded changes them. skip is nil if nothing is excluded.
func stateOf(dir string, skip func(rel string) bool) (s state, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if skip != nil {
			rel, err := filepath.Rel(dir, path)
			switch excluded := err == nil && skip(rel); {
			case excluded && d.IsDir():
				return fs.SkipDir
			case err != nil, excluded:
				return err
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
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && !(d.IsDir() && skip != nil) {
			s.newest = max(s.newest, stat.Ctim.Nano())
		}
		return nil
	})
	return s, err
}

// state returns the state of all roots, without what the layer skips.
func (m *Made) state() (all state, err error) {
	for _, root := range m.present() {
		var skip func(rel string) bool
		if m.inApp.Skip != nil {
			skip = func(rel string) bool { return m.inApp.Skip(filepath.Join(root, rel)) }
		}
		s, err := stateOf(filepath.Join(m.Dir(), root), skip)
		if err != nil {
			return all, err
		}
		all = state{all.entries + s.entries, all.bytes + s.bytes, max(all.newest, s.newest)}
	}
	return all, nil
}

// tick is more than what a file system's clock advances by at once, 10 ms at most. A change in the tick of the latest
// file has no later time: where the image gets these contents, settle lets the tick pass.
const tick = 20 * time.Millisecond

// settle remembers what dir looks like before any step of the app has run.
func (m *Made) settle() (err error) {
	switch {
	case m.Ship, m.strict():
		m.before, err = stateOf(m.Dir(), nil)
		if wait := tick - time.Since(time.Unix(0, m.before.newest)); err == nil && wait > 0 && !m.reusable() {
			time.Sleep(min(wait, tick)) // of another machine's clock, perhaps
			m.before, err = stateOf(m.Dir(), nil)
		}
	case m.inApp.Watch:
		m.before, err = m.state()
	}
	return err
}

// Changed reports whether a step of the app has written into the contents of a watched layer, except what it skips.
func (m *Made) Changed() (bool, error) {
	now, err := m.state()
	return now != m.before, err
}
