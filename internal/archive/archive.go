// Package archive writes and reads tar streams; it knows nothing of layers.
package archive

import (
	"context"
	"errors"
	"io"
)

// ErrUnsafe reports an entry that must not be unpacked: a name or a link that leaves the directory, a device, or a
// repeated name. It also reports an archive with more bytes than allowed.
var ErrUnsafe = errors.New("unsafe archive")

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
