package app

import "io/fs"

// Looked is what a reader's methods return for one name, and its problems afterwards.
type Looked struct {
	Text                          string
	Found, Exists, MayBeFile, Dir bool
	Problems                      []Unreadable

	Quiet      string
	QuietFound bool
}

// Look returns what a new reader returns for a name, the second time too. If listed is true, the app's directory was
// listed before.
func Look(fsys fs.FS, name string, listed bool) (first, second Looked) {
	r := newReader(fsys)
	if listed {
		r.list(".")
	}
	look := func() (l Looked) {
		l.Text, l.Found = r.text(name)
		l.Exists, l.MayBeFile, l.Dir = r.exists(name), r.mayBeFile(name), r.isDir(name)
		l.Quiet, l.QuietFound = r.part().quiet(name)
		l.Problems = r.unreadable
		return l
	}
	return look(), look()
}

// IDs returns the ids of errors, each with the first word of its text.
func IDs(unreadable []Unreadable) string { return ids(unreadable) }
