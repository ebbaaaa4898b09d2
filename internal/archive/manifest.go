package archive

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Manifest lists the entries of a tree by their slash-separated names. The tree's own directory is not among them.
type Manifest map[string]Entry

// Entry describes a file, a directory or a symlink. In a tree that was changed it may be a pipe, a socket or a device.
type Entry struct {
	Mode   fs.FileMode       // type, permissions and set-id bits; a symlink has no permissions
	Sum    [sha256.Size]byte // of a file's contents; a hard link has the digest of its file
	Target string            // of a symlink
}

// FileOf returns the entry of a file with the contents data.
func FileOf(data []byte, perm fs.FileMode) Entry { return Entry{Mode: perm, Sum: sha256.Sum256(data)} }

// Put adds or replaces an entry. Directories above it that are not listed are added with the permissions 0755.
func (m Manifest) Put(name string, e Entry) {
	m[name] = e
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if _, listed := m[dir]; listed {
			return
		}
		m[dir] = Entry{Mode: fs.ModeDir | 0o755}
	}
}

// Remove removes the entries that match one of the patterns of path.Match, with all below them.
func (m Manifest) Remove(patterns ...string) error {
	for _, pattern := range patterns {
		depth := strings.Count(pattern, "/") + 1
		for name := range m {
			match, err := path.Match(pattern, firstParts(name, depth))
			if err != nil {
				return fmt.Errorf("remove %s: %w", pattern, err)
			}
			if match {
				delete(m, name)
			}
		}
	}
	return nil
}

// Cut removes the entry dir and all below it, and returns them.
func (m Manifest) Cut(dir string) Manifest {
	cut := Manifest{}
	for name, e := range m {
		if name == dir || strings.HasPrefix(name, dir+"/") {
			cut[name] = e
			delete(m, name)
		}
	}
	return cut
}

// Differences returns the sorted names of the entries that m and found do not have in common.
func (m Manifest) Differences(found Manifest) (names []string) {
	for name, e := range m {
		if other, there := found[name]; !there || other != e {
			names = append(names, name)
		}
	}
	for name := range found {
		if _, listed := m[name]; !listed {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// firstParts returns the first n components of name, or name if it has no more.
func firstParts(name string, n int) string {
	end := 0
	for range n {
		i := strings.IndexByte(name[end:], '/')
		if i < 0 {
			return name
		}
		end += i + 1
	}
	return name[:end-1]
}
