package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Digest is one sum ("sha256:" and 64 hex digits) over the names and contents of files and whole folders.
// What does not exist counts as absent. Folders that tools make (node_modules, .git, …) are left out.
func Digest(fsys fs.FS, paths ...string) (string, error) {
	sum := sha256.New()
	for _, name := range paths {
		err := fs.WalkDir(fsys, name, func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && p != name && notSource(d.Name()):
				return fs.SkipDir
			case d.IsDir():
				return nil
			}
			return hash(fsys, sum, p)
		})
		if err != nil && !absent(err) {
			return "", fmt.Errorf("read %s: %w", name, err)
		}
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

func hash(fsys fs.FS, sum io.Writer, name string) error {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() {
		fmt.Fprintf(sum, "%s\x00-\x00", name)
		return nil // a broken link or a socket has no contents to depend on
	}
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	fmt.Fprintf(sum, "%s\x00%d\x00", strings.TrimPrefix(name, "./"), info.Size())
	_, err = io.Copy(sum, f)
	return err
}
