package git

import "slices"

// Keeps reports whether an image may have the entry of a git directory as it is: the commits, and the names for them.
// The index, logs and FETCH_HEAD differ between clones of one commit; hooks run, and other files hold credentials.
// https://git-scm.com/docs/gitrepository-layout
func Keeps(name string) bool {
	return slices.Contains([]string{"HEAD", "packed-refs", "shallow", "objects", "refs", "reftable"}, name)
}

// Harmless reports whether an entry that Keeps does not name has no credentials either.
func Harmless(name string) bool {
	return slices.Contains([]string{"index", "description", "info", "branches", "ORIG_HEAD", "COMMIT_EDITMSG"}, name)
}
