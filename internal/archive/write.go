package archive

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Tree selects the files that Write packs.
type Tree struct {
	Base  string                               // directory that all names are relative to
	Roots []string                             // paths below Base, with slashes; "." is all
	Skip  func(rel string, d fs.DirEntry) bool // true excludes the entry and all below it; nil: nothing
}

// Write packs t as a tar stream that is a function of names, contents and permission bits alone: sorted, one fixed
// time, without owners. Symlinks are stored as they are; of several hard links in the tree the first is the file.
// Sockets, pipes and devices are not packed. A file that changes its size meanwhile is an error.
func Write(ctx context.Context, w io.Writer, t Tree) error {
	return (&packing{Tree: t, ctx: ctx, tw: tar.NewWriter(w)}).pack()
}

// pack writes the whole stream. The end mark is written only if all went well, so that a reader notices an error.
func (p *packing) pack() error {
	p.links, p.buffer = map[inode]string{}, make([]byte, 128<<10)
	t := p.Tree
	base, err := filepath.EvalSymlinks(t.Base) // WalkDir does not enter a link
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	p.Base = base
	for _, root := range outermost(t.Roots) {
		if !filepath.IsLocal(root) {
			return fmt.Errorf("pack: %q is not below %s", root, base)
		}
		if err := filepath.WalkDir(filepath.Join(base, root), p.visit); err != nil {
			return fmt.Errorf("pack: %w", err)
		}
	}
	if err := p.tw.Close(); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	return nil
}

// outermost sorts the roots and drops those that another one contains.
func outermost(roots []string) []string {
	var kept []string
	sorted := make([]string, 0, len(roots))
	for _, root := range roots {
		sorted = append(sorted, path.Clean(root))
	}
	slices.Sort(sorted)
	for _, root := range sorted {
		inside := func(outer string) bool {
			return outer == "." || root == outer || strings.HasPrefix(root, outer+"/")
		}
		if !slices.ContainsFunc(kept, inside) {
			kept = append(kept, root)
		}
	}
	return kept
}

// modTime returns the modification time of every entry. It is the time that the lifecycle sets for the files of layers:
// one second after the zip format's zero (lifecycle, archive.NormalizedDateTime). The second matters because Python's
// zipfile refuses times before 1980.
func modTime() time.Time { return time.Date(1980, time.January, 1, 0, 0, 1, 0, time.UTC) }
