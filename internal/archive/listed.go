package archive

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"io"
	"io/fs"
)

// list adds an entry to the manifest and returns where a writer puts the file's digest; nil if no manifest is wanted.
func (x *extraction) list(name string, e Entry) *[sha256.Size]byte {
	if x.listed == nil {
		return nil
	}
	x.listed[name] = &e
	return &e.Sum
}

// listLink adds a link. All files have their digests by now. A hard link to a file that is not in the archive is an
// error: its contents are unknown.
func (x *extraction) listLink(l link) error {
	if x.listed == nil {
		return nil
	}
	if !l.hard {
		x.list(l.name, Entry{Mode: fs.ModeSymlink, Target: l.target})
		return nil
	}
	e, there := x.listed[l.target]
	if !there {
		return unsafe(l.name, "hard link to %q, which is not a file of the archive", l.target)
	}
	x.list(l.name, *e)
	return nil
}

// manifest returns what was extracted.
func (x *extraction) manifest() Manifest {
	if x.listed == nil {
		return nil
	}
	all := make(Manifest, len(x.listed)+len(x.modes))
	for name, e := range x.listed {
		all[name] = *e
	}
	for name, mode := range x.modes {
		all[name] = Entry{Mode: fs.ModeDir | mode}
	}
	delete(all, ".")
	return all
}

// WriteListed packs like Write and returns a manifest of the packed tree. Its permissions and digests describe the
// bytes that were written to w. Pipes, sockets and devices are listed, although they are not packed.
func WriteListed(ctx context.Context, w io.Writer, t Tree) (Manifest, error) {
	p := &packing{Tree: t, ctx: ctx, tw: tar.NewWriter(w), listed: Manifest{}, sum: sha256.New()}
	return p.listed, p.pack()
}

// Scan returns the manifest of a tree.
func Scan(ctx context.Context, t Tree) (Manifest, error) { return WriteListed(ctx, io.Discard, t) }

// list adds an entry to the manifest, if one is wanted.
func (p *packing) list(rel string, e Entry) {
	if p.listed != nil {
		p.listed[rel] = e
	}
}
