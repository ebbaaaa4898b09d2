package build

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tandem-cnb/tandem/internal/app"
	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// link is a symbolic link of the app, relative to its root folder, and where it leads.
type link struct{ name, target string }

// linkPackages makes the links by which the app finds its packages.
func (b *builder) linkPackages(links []link) (err error) {
	for _, l := range links {
		err = errors.Join(err, b.linkInApp(l))
	}
	return err
}

func (b *builder) linkInApp(l link) error {
	at, err := app.In(".", l.name)
	if err != nil {
		return err
	}
	if dir, err := app.In(".", path.Dir(l.name)); err == nil { // else it is the root
		if err := b.Tree.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return b.Tree.Symlink(l.target, at)
}

// copyTree is a copy by way of an archive: the app and the layers may be in two file systems.
func copyTree(ctx context.Context, tree archive.Tree, dir string) error {
	r, w := io.Pipe()
	go func() {
		w.CloseWithError(fail.Recovered(func() error { return archive.Write(ctx, w, tree) }))
	}()
	err := archive.Extract(ctx, r, dir, archive.Options{AnyLink: true})
	r.CloseWithError(err)
	return err
}

// relink changes those links that lead from the packages into the app, as to a workspace: they were relative to the app's folder.
func (b *builder) relink(dir string, roots []string) error {
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
		if slices.ContainsFunc(roots, func(root string) bool { return rel == root || strings.HasPrefix(rel, root+"/") }) {
			return nil
		}
		return errors.Join(os.Remove(file), os.Symlink(filepath.Join(b.Root, rel), file)) //nolint:gosec // nothing else runs now
	})
}
