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
	"path/filepath"
	"syscall"
)

// packing is the state of one Write.
type packing struct {
	Tree
	// ctx is that of the one call of Write: filepath.WalkDir has no place for it.
	ctx    context.Context
	tw     *tar.Writer
	links  map[inode]string // first name of files that have several
	buffer []byte           // for the contents of all files
	listed Manifest         // nil: none is wanted
	sum    hash.Hash        // of one file after the other, if a manifest is wanted
}

// inode identifies a file of the machine, under whatever name.
type inode struct{ dev, ino uint64 }

// visit packs one entry; see fs.WalkDirFunc.
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
		// Linux has no modes of symlinks, and all tar programs write 0777.
		return p.tw.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: rel, Linkname: target, Mode: 0o777,
			ModTime: modTime()})
	case 0:
		return p.file(rel, file)
	}
	p.list(rel, Entry{Mode: d.Type()})
	return nil
}

// directory packs a directory without its contents, which are visited next.
func (p *packing) directory(rel string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	p.list(rel, Entry{Mode: fs.ModeDir | info.Mode().Perm()})
	return p.tw.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: rel + "/", Mode: int64(info.Mode().Perm()),
		ModTime: modTime()})
}

// file packs a file, or a hard link to the one that has the same inode.
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
		return fmt.Errorf("%s is not a file anymore", rel)
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

// first returns the name under which the same inode was packed before. ok is false if it was not.
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

// errChanged is the error of a file that something writes to: its header with the size is in the stream already.
var errChanged = errors.New("changed its size while it was packed")

// contents packs size bytes of a file. The error is errChanged if the file has more or fewer.
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
