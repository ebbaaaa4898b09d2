package node

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/tree"
)

// link is a symbolic link of the app, relative to its root, and where it leads.
type link struct{ name, target string }

// linkPackages creates the links by which the app finds its packages.
func linkPackages(within *tree.Tree, links []link) (err error) {
	for _, l := range links {
		err = errors.Join(err, create(within, l))
	}
	return err
}

// create creates a link and the directories above it. A link whose name leads out of the app is an error.
func create(within *tree.Tree, l link) error {
	at, err := app.In(".", l.name)
	if err != nil {
		return err
	}
	if err := within.MkdirAbove(at); err != nil {
		return err
	}
	return within.Symlink(l.target, at)
}

// relink changes the links in dir, a copy of from, that lead from the packages into the app, as to a workspace: they
// were relative to the app's directory.
func relink(dir string, from archive.Tree) error {
	return filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.Type() != fs.ModeSymlink {
			return err
		}
		target, err := os.Readlink(file)
		if err != nil || filepath.IsAbs(target) {
			return err
		}
		rel, err := filepath.Rel(dir, filepath.Join(filepath.Dir(file), target))
		if err != nil {
			return err
		}
		copied := func(root string) bool { return rel == root || strings.HasPrefix(rel, root+"/") }
		if slices.ContainsFunc(from.Roots, copied) {
			return nil
		}
		in := filepath.Join(from.Base, rel)
		return errors.Join(os.Remove(file), os.Symlink(in, file)) //nolint:gosec // nothing else runs now
	})
}
