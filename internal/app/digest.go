package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/tandem-cnb/tandem/internal/limits"
)

// Digest returns the SHA-256 ("sha256:" and 64 hex digits) of the names and contents of files and whole directories. A
// file that does not exist adds nothing. Directories that tools make (node_modules, .git, …) are excluded.
func Digest(fsys fs.FS, paths ...string) (string, error) {
	sum, r := sha256.New(), newReader(fsys)
	for _, name := range paths {
		if err := r.digest(sum, path.Clean(name)); err != nil {
			return "", fmt.Errorf("read %s: %w", name, err)
		}
		if r.tooMany != nil {
			return "", r.tooMany
		}
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// digest adds a file, or all files below a directory that an installation may depend on, to sum. What does not exist
// adds nothing. The error is one of reading, or that directories are too deep within each other.
func (r *reader) digest(sum io.Writer, name string) (err error) {
	if !r.isDir(name) {
		if _, err := r.stat(name); absent(err) {
			return nil
		}
		return hash(r.fsys, sum, name)
	}
	r.walkIn(name, limits.Levels, func(p string, d fs.DirEntry) bool {
		switch {
		case err != nil:
			return false
		case d.IsDir() && strings.Count(p, "/") >= limits.Levels:
			err = tooLarge(fmt.Sprintf("Directories of %s are more than %d deep.", name, limits.Levels))
		case !d.IsDir():
			err = hash(r.fsys, sum, p)
		}
		return !Skipped(d.Name(), ForSource)
	})
	return err
}

// hash adds a file. A broken link, a socket and an unreadable file have no contents that an installation could depend
// on.
func hash(fsys fs.FS, sum io.Writer, name string) error {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() {
		fmt.Fprintf(sum, "%s\x00-\x00", name)
		return nil
	}
	f, err := fsys.Open(name)
	if err != nil {
		fmt.Fprintf(sum, "%s\x00?\x00", name)
		return nil
	}
	defer f.Close()
	fmt.Fprintf(sum, "%s\x00%d\x00", strings.TrimPrefix(name, "./"), info.Size())
	_, err = io.Copy(sum, f)
	return err
}
