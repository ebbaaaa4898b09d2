package npmfeed

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/gzip"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// Limits of one unpacked archive. npm knows none; what is larger is left to it.
const (
	maxUnpacked = 1 << 30 // bytes
	maxEntries  = 100_000
)

// answer does what one request says. An error means that npm has to do it.
func (f *Feed) answer(ctx context.Context, in io.Reader) error {
	var q request
	if err := json.NewDecoder(io.LimitReader(in, maxRequest)).Decode(&q); err != nil {
		return err
	}
	if q.Uses != "" {
		return forbidden(q.Uses)
	}
	sum, ok := strongest(q.Integrity)
	if !ok || !fetched(q.URL) {
		return errors.New("no digest, or no URL")
	}
	rel, err := filepath.Rel(f.root, q.Dir)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return fmt.Errorf("%s is not in the app", q.Dir)
	}
	d := f.wanted(ctx, sum, q.URL)
	select {
	case <-d.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if d.err != nil {
		return d.err
	}
	f.unpack <- struct{}{}
	defer func() { <-f.unpack }()
	data, err := verified(d.file, sum)
	if err != nil {
		return err
	}
	return f.into(ctx, rel, data)
}

// into unpacks an archive into a directory that does not exist, or has only packages. What a failure leaves is removed.
func (f *Feed) into(ctx context.Context, rel string, data []byte) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(f.root)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(rel, 0o777); err != nil {
		return err
	}
	dir, err := root.OpenRoot(rel)
	if err != nil {
		return err
	}
	defer dir.Close()
	if there, err := own(dir); err != nil || len(there) > 0 {
		return errors.Join(err, errors.New("the directory is not empty"))
	}
	p := packed{umask: f.umask, ignored: map[string]bool{}}
	err = archive.ExtractIn(ctx, unzipped, dir, archive.Options{
		Strip: 1, MaxBytes: maxUnpacked, MaxEntries: maxEntries, Entry: p.entry,
	})
	if err == nil {
		err = p.unlike
	}
	if err != nil {
		return errors.Join(err, empty(dir))
	}
	return nil
}

// own returns what dir has of its own: all but node_modules, into which other requests unpack packages at the same
// time. npm too keeps node_modules when it empties a package's directory.
func own(dir *os.Root) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(dir.FS(), ".")
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool { return e.IsDir() && e.Name() == "node_modules" }), err
}

// empty removes what dir has of its own.
func empty(dir *os.Root) error {
	all, err := own(dir)
	for _, entry := range all {
		err = errors.Join(err, dir.RemoveAll(entry.Name()))
	}
	return err
}

// packed applies npm's rules to the entries of one archive, in their order.
// https://github.com/npm/pacote#extracted-file-modes
type packed struct {
	umask   os.FileMode
	ignored map[string]bool // names of .npmignore files
	unlike  error           // an entry that npm may treat in another way
}

// entry reports whether npm unpacks an entry, and changes its name and permissions as npm does. npm skips links and
// empty directories. It renames .gitignore to .npmignore, unless the archive has both. With an unusual entry npm has to
// unpack the whole archive.
func (p *packed) entry(h *tar.Header) bool {
	switch h.Typeflag {
	case tar.TypeReg:
	case tar.TypeDir, tar.TypeLink, tar.TypeSymlink, tar.TypeXGlobalHeader:
		return false
	default:
		p.refuse(h)
		return false
	}
	clean := path.Clean(h.Name) == h.Name && !path.IsAbs(h.Name) && utf8.ValidString(h.Name)
	if !clean || h.Mode&0o7000 != 0 {
		p.refuse(h)
		return false
	}
	switch path.Base(h.Name) {
	case ".npmignore":
		p.ignored[h.Name] = true
	case ".gitignore":
		renamed := strings.TrimSuffix(h.Name, ".gitignore") + ".npmignore"
		if p.ignored[renamed] {
			return false
		}
		h.Name = renamed
	}
	h.Mode = (h.Mode | 0o666) &^ int64(p.umask)
	return true
}

func (p *packed) refuse(h *tar.Header) {
	p.unlike = errors.Join(p.unlike, fmt.Errorf("%q: type %q, mode %o", h.Name, h.Typeflag, h.Mode))
}
