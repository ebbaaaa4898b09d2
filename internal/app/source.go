package app

import (
	"io/fs"
	"slices"
	"strings"
)

// uploaded finds node_modules and virtual environments of the machine that the source came from, at most two
// directories deep.
func (r *reader) uploaded() (found []Path) {
	r.walk(2, func(p string, d fs.DirEntry) bool {
		if !d.IsDir() || d.Name() != "node_modules" && !r.isVenv(p) {
			return true
		}
		if in, err := In(".", p); err == nil {
			found = append(found, in)
		}
		return false
	})
	return found
}

// private finds what hardly ever should be in an image. https://pages.nist.gov/800-190 4.1.4 (embedded secrets)
func (r *reader) private(uploaded []Path) (found []string) {
	without := setOf(Names(uploaded))
	r.walk(3, func(p string, d fs.DirEntry) bool {
		switch name := d.Name(); {
		case d.IsDir() && name == ".git":
			found = append(found, p+"/")
			return false
		case d.IsDir():
			return !Skipped(name, ForSource) && !without[p]
		case isPrivate(p) || r.hasToken(p):
			found = append(found, p)
		}
		return true
	})
	return found
}

// links finds symbolic links into a node_modules: they hold while it is there, during the build.
func (r *reader) links() (found []string) {
	r.walk(6, func(p string, d fs.DirEntry) bool {
		if d.Type()&fs.ModeSymlink != 0 {
			target, err := fs.ReadLink(r.fsys, p)
			if err == nil && slices.Contains(strings.Split(target, "/"), "node_modules") {
				found = append(found, p)
			}
		}
		return !Skipped(d.Name(), ForSource)
	})
	return found
}

// revision returns the commit of .git/HEAD, or "" if it is unknown. https://git-scm.com/docs/gitrepository-layout
func (r *reader) revision() string {
	head, _ := r.quiet(".git/HEAD")
	ref, symbolic := strings.CutPrefix(head, "ref: ")
	if symbolic && fs.ValidPath(ref) {
		var ok bool
		if head, ok = r.quiet(".git/" + ref); !ok {
			packed, _ := r.quiet(".git/packed-refs")
			for line := range strings.Lines(packed) {
				if sum, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name == ref {
					head = sum
				}
			}
		}
	}
	notHex := func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) }
	if len(head) < 40 || len(head) > 64 || strings.ContainsFunc(head, notHex) {
		return ""
	}
	return head
}
