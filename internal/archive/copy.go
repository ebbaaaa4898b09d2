package archive

import (
	"context"
	"io"

	"github.com/tandem-cnb/tandem/internal/fail"
)

// Copy copies a tree into a directory, which may be in another file system. Links keep their targets.
func Copy(ctx context.Context, from Tree, dir string) error {
	r, w := io.Pipe()
	defer r.Close()
	go func() { w.CloseWithError(fail.Recovered(func() error { return Write(ctx, w, from) })) }()
	return Extract(ctx, r, dir, Options{AnyLink: true})
}
