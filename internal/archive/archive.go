// Package archive writes and reads tar streams; it knows nothing of layers.
package archive

import (
	"archive/tar"
	"context"
	"errors"
	"io"
)

// ErrUnsafe reports an entry that must not be unpacked: a name or a link that leaves the directory, a device, or a
// repeated name. It also reports an archive with more bytes than allowed.
var ErrUnsafe = errors.New("unsafe archive")

// Options says what Extract does with what it reads.
type Options struct {
	Strip int // leading components of each name to drop, as tar's --strip-components
	// AnyLink lets symlinks point anywhere: for our own copies (a venv's python is a link into another layer)
	AnyLink    bool
	Only       []string // the paths below dir that the archive may write to; none or ".": all
	MaxBytes   int64    // what all entries together may take, 512 bytes added for each; 0 means 8 GiB
	MaxEntries int      // 0 means any number
	// Entry reports whether to unpack an entry, and may change its name and its permissions before anything looks at
	// them. nil: all are unpacked
	Entry func(h *tar.Header) bool
}

// input stops a long read when the context ends, and notices a stream that ends early. tar.Reader accepts an input that
// ends between two entries. A complete archive ends with two blocks of zeros (POSIX pax, "ustar Interchange Format"),
// after which tar.Reader reads nothing more.
type input struct {
	ctx   context.Context
	r     io.Reader
	short bool // the input ended while tar.Reader wanted more
}

// Read reads from r. The error is the cause of ctx once that is done.
func (in *input) Read(p []byte) (int, error) {
	if err := context.Cause(in.ctx); err != nil {
		return 0, err
	}
	n, err := in.r.Read(p)
	if n == 0 && err == io.EOF {
		in.short = true
	}
	return n, err
}
