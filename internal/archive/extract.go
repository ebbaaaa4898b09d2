package archive

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
)

const (
	defaultMaxBytes = 8 << 30 // bytes of all unpacked files
	maxTrailing     = 1 << 20 // tar pads to its blocking factor: 10 KiB by default, never this much
)

// Extract unpacks the uncompressed tar stream r below dir, which is created if needed, and reads r to its end. It keeps
// permission bits (not set-id or sticky), symlinks and hard links; owners and times are not kept. Files that exist are
// replaced, directories kept. Nothing is ever written outside dir, through whatever link: os.Root sees to that, and
// the archive's own links are made last. What is not safe to unpack is an error that wraps ErrUnsafe and names the
// entry; then, as after any error, part of the files are there.
func Extract(ctx context.Context, r io.Reader, dir string, o Options) error {
	_, err := extract(ctx, r, dir, &extraction{Options: o})
	return err
}

// ExtractIn is like Extract, for a directory that is open.
func ExtractIn(ctx context.Context, r io.Reader, root *os.Root, o Options) error {
	_, err := extractIn(ctx, r, root, &extraction{Options: o})
	return err
}

// ExtractListed extracts like Extract and returns a manifest of the stream. Its names, kinds, permissions and digests
// describe the bytes that were read, not the files on disk afterwards. Directories that the archive does not list get
// the permissions 0755, whatever the umask, so that they can be compared too. So does dir itself.
func ExtractListed(ctx context.Context, r io.Reader, dir string, o Options) (Manifest, error) {
	return extract(ctx, r, dir, &extraction{Options: o, listed: map[string]*Entry{}})
}

// extract creates dir if needed, opens it and unpacks.
func extract(ctx context.Context, r io.Reader, dir string, x *extraction) (Manifest, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	defer root.Close()
	return extractIn(ctx, r, root, x)
}

// extractIn starts the writers, unpacks, and waits for the writers before it returns any error.
func extractIn(ctx context.Context, r io.Reader, root *os.Root, x *extraction) (Manifest, error) {
	if x.MaxBytes <= 0 {
		x.MaxBytes = defaultMaxBytes
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	x.root, x.files = root, startWriters(root, cancel)
	x.seen, x.modes = map[string]bool{".": true}, map[string]fs.FileMode{}
	if x.listed != nil {
		x.modes["."] = 0o755
	}
	err := x.entries(&input{ctx: ctx, r: r})
	x.files.wait()
	// A writer that fails cancels the reading; its error is the cause.
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if err == nil {
		err = x.finish()
	}
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return x.manifest(), nil
}

// extraction is the state of one Extract. Only the goroutine that reads the stream touches it.
type extraction struct {
	Options
	root  *os.Root
	files *writers
	// total and entered count what MaxBytes and MaxEntries bound.
	total   int64
	entered int
	seen    map[string]bool        // names met; true for a directory
	modes   map[string]fs.FileMode // of directories, which stay writable until the end
	links   []link                 // in the order of the archive
	listed  map[string]*Entry      // of files and symlinks; nil: no manifest is wanted
}

// entries reads the stream to its end. Links and modes of directories are left for finish.
func (x *extraction) entries(in *input) error {
	tr := tar.NewReader(in)
	for {
		h, err := tr.Next()
		if err == io.EOF {
			return in.end()
		}
		if err != nil {
			return err
		}
		if err := x.entry(h, tr); err != nil {
			return err
		}
	}
}

// end reads what follows the archive's end mark, so that a decompressor below gets to check its sum.
func (in *input) end() error {
	if in.short {
		return io.ErrUnexpectedEOF
	}
	n, err := io.CopyN(io.Discard, in, maxTrailing)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		return fmt.Errorf("more than %d bytes after the archive's end", n)
	}
	return err
}

// entry checks an entry, and writes it if it is a file. h.Size is the archive's claim; tar.Reader gives no more.
func (x *extraction) entry(h *tar.Header, r io.Reader) error {
	if h.Typeflag == tar.TypeXGlobalHeader {
		return nil
	}
	// 512 bytes for the entry itself, or a million empty files would cost nothing.
	if x.total += h.Size + 512; h.Size > x.MaxBytes || x.total > x.MaxBytes {
		return unsafe(h.Name, "more than %d bytes", x.MaxBytes)
	}
	if x.Entry != nil && !x.Entry(h) {
		return nil
	}
	name, ok, err := x.stripped(h.Name)
	if err != nil || !ok {
		return err
	}
	if x.entered++; x.MaxEntries > 0 && x.entered > x.MaxEntries {
		return unsafe(h.Name, "more than %d entries", x.MaxEntries)
	}
	if !x.allowed(name) {
		return unsafe(h.Name, "it is not below %q", x.Only)
	}
	if err := x.claim(name, h.Typeflag == tar.TypeDir); err != nil {
		return err
	}
	mode := fs.FileMode(h.Mode) & fs.ModePerm //nolint:gosec // only the last nine bits are used
	switch h.Typeflag {
	case tar.TypeDir:
		x.modes[name] = mode
		return nil
	case tar.TypeReg:
		return x.files.write(file{name: name, mode: mode, size: h.Size, sum: x.list(name, Entry{Mode: mode})}, r)
	case tar.TypeLink:
		return x.hardLink(name, h)
	case tar.TypeSymlink:
		return x.symlink(name, h)
	}
	return unsafe(h.Name, "type %q is neither file, directory nor link", h.Typeflag)
}

// finish makes the links, now that nothing is written any more, and gives the directories their modes.
func (x *extraction) finish() error {
	for _, l := range x.links {
		if err := x.listLink(l); err != nil {
			return err
		}
		if err := l.make(x.root); err != nil {
			return err
		}
	}
	for _, l := range x.links {
		if x.AnyLink {
			break
		}
		if err := l.check(x.root); err != nil {
			return err
		}
	}
	// Backwards, so that a directory is done before the one it is in.
	for _, name := range slices.Backward(slices.Sorted(maps.Keys(x.modes))) {
		if err := x.root.Chmod(name, x.modes[name]); err != nil {
			return err
		}
	}
	return nil
}
