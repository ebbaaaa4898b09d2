package archive

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Tree is what Write packs.
type Tree struct {
	Base  string                               // directory that all names are relative to
	Roots []string                             // paths below Base, with slashes; "." is all of it
	Skip  func(rel string, d fs.DirEntry) bool // true leaves out the entry and all below it; nil: nothing
}

// Write packs t as a tar stream that is a function of names, contents and permission bits alone: sorted, one fixed
// time, nobody's files. Symlinks are stored as they are; of several hard links in the tree the first is the file.
// Sockets, pipes and devices are left out. A file that changes its size meanwhile is an error.
func Write(ctx context.Context, w io.Writer, t Tree) error {
	return (&packing{Tree: t, ctx: ctx, tw: tar.NewWriter(w)}).pack()
}

// Reader returns the stream that Write writes. A goroutine packs t while the stream is read; the caller must close it.
func Reader(ctx context.Context, t Tree) io.ReadCloser {
	r, w := io.Pipe()
	go func() {
		w.CloseWithError(fail.Recovered(func() error { return Write(ctx, w, t) }))
	}()
	return r
}

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

type packing struct {
	Tree
	ctx    context.Context
	tw     *tar.Writer
	links  map[inode]string // first name of files that have several
	buffer []byte
	listed Manifest  // nil: none is wanted
	sum    hash.Hash // of one file after the other, if a manifest is wanted
}

type inode struct{ dev, ino uint64 }

func (p *packing) visit(file string, d fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	if err := context.Cause(p.ctx); err != nil {
		return err
	}
	rel, err := filepath.Rel(p.Base, file)
	if err != nil {
		return err
	}
	if rel == "." {
		return nil
	}
	if p.Skip != nil && p.Skip(rel, d) {
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	switch d.Type() {
	case fs.ModeDir:
		return p.directory(rel, d)
	case fs.ModeSymlink:
		target, err := os.Readlink(file)
		if err != nil {
			return err
		}
		p.list(rel, Entry{Mode: fs.ModeSymlink, Target: target})
		// The system knows no modes of symlinks; 0777 is what all tars write.
		return p.tw.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: rel, Linkname: target, Mode: 0o777,
			ModTime: modTime()})
	case 0:
		return p.file(rel, file)
	}
	p.list(rel, Entry{Mode: d.Type()})
	return nil
}

func (p *packing) directory(rel string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	p.list(rel, Entry{Mode: fs.ModeDir | info.Mode().Perm()})
	return p.tw.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: rel + "/", Mode: int64(info.Mode().Perm()),
		ModTime: modTime()})
}

func (p *packing) file(rel, name string) error {
	// Not through a link that took the file's place since the directory was read.
	in, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no longer a file", rel)
	}
	h := &tar.Header{Typeflag: tar.TypeReg, Name: rel, Size: info.Size(), Mode: int64(info.Mode().Perm()),
		ModTime: modTime()}
	if first, ok := p.first(info, rel); ok {
		h.Typeflag, h.Linkname, h.Size = tar.TypeLink, first, 0
		p.list(rel, p.listed[first])
		return p.tw.WriteHeader(h)
	}
	if err := p.tw.WriteHeader(h); err != nil {
		return err
	}
	if err := p.contents(rel, in, h.Size); err != nil {
		return err
	}
	if p.listed != nil {
		mode := info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid)
		p.list(rel, Entry{Mode: mode, Sum: [sha256.Size]byte(p.sum.Sum(nil))})
	}
	return nil
}

// first is the name under which the same inode was packed before.
func (p *packing) first(info fs.FileInfo, rel string) (string, bool) {
	sys, ok := info.Sys().(*syscall.Stat_t)
	if !ok || sys.Nlink < 2 {
		return "", false
	}
	id := inode{uint64(sys.Dev), sys.Ino}
	if name, met := p.links[id]; met {
		return name, true
	}
	p.links[id] = rel
	return "", false
}

var errChanged = errors.New("changed its size while it was packed")

func (p *packing) contents(rel string, in io.Reader, size int64) error {
	var w io.Writer = onlyWriter{p.tw}
	if p.listed != nil {
		p.sum.Reset()
		w = io.MultiWriter(w, p.sum)
	}
	n, err := io.CopyBuffer(w, &input{ctx: p.ctx, r: io.LimitReader(in, size)}, p.buffer)
	if err != nil {
		return fmt.Errorf("%s: %w", rel, err)
	}
	extra, err := in.Read(p.buffer[:1])
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", rel, err)
	}
	if n != size || extra != 0 {
		return fmt.Errorf("%s: %w", rel, errChanged)
	}
	return nil
}

// onlyWriter hides tar.Writer's other methods, so that io.CopyBuffer uses the one buffer for all files.
type onlyWriter struct{ io.Writer }

// modTime is the time of every entry: what the lifecycle gives the files of layers, one second after the zip format's
// zero (lifecycle, archive.NormalizedDateTime). One second and not zero because Python's zipfile refuses times before
// 1980.
func modTime() time.Time { return time.Date(1980, time.January, 1, 0, 0, 1, 0, time.UTC) }
