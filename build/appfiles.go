package build

import "io/fs"

// skipUnreadable lets a walk through the app go on behind what cannot be read.
func skipUnreadable(d fs.DirEntry, err error) error {
	switch {
	case d == nil: // the root itself
		return err
	case d.IsDir():
		return fs.SkipDir
	}
	return nil
}
