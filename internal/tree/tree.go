// Package tree reads and writes below one directory, the app's, through os.Root. It decides nothing.
//
// No name and no link of the app leads out of the directory, nothing is a pattern, and no pipe or device is waited for.
package tree

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/limits"
)

// Tree is one directory. It is safe for concurrent use.
type Tree struct{ root *os.Root }

// Open opens the directory dir. The caller must close the Tree.
func Open(dir string) (*Tree, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the app's directory: %w", err)
	}
	return &Tree{root}, nil
}

// Sub opens a directory below. It is for changes to all of its entries: each method of Tree looks up all parts of a
// path. The caller must close it.
func (t *Tree) Sub(p app.Path) (*Tree, error) {
	if err := check("open", p); err != nil {
		return nil, err
	}
	var root *os.Root
	err := dirFS{t.root}.follow(string(p), func(name string) (err error) {
		root, err = t.root.OpenRoot(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Tree{root}, nil
}

// Close closes the directory.
func (t *Tree) Close() error { return t.root.Close() }

// Dir returns the name that Open was called with.
func (t *Tree) Dir() string { return t.root.Name() }

// FS returns the directory as a file system for reading.
func (t *Tree) FS() fs.FS { return dirFS{t.root} }

// ReadFile is like limits.Read, for a file of the machine. It follows links wherever they lead, and does not wait for a
// pipe.
func ReadFile(name string, max int64) ([]byte, error) {
	opened, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	file, err := ordinary(opened, name)
	if err != nil {
		return nil, err
	}
	return limits.ReadAndClose(file, name, max)
}
