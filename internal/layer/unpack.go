package layer

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// maxWindow is how much a decompressor may allocate: the encoder uses 4 MB, and a forged archive could require 512 MB.
const maxWindow = 64 << 20

// unpack extracts the cached archive, and returns an error if its digest is not id. If listed is true, seal has the
// manifest afterwards.
func (m *Made) unpack(ctx context.Context, id string, listed bool) error {
	in, err := os.Open(m.archivePath())
	if err != nil {
		return err
	}
	defer in.Close()
	if err := m.clear(); err != nil {
		return err
	}
	tar, err := zstd.NewReader(in, zstd.WithDecoderMaxMemory(maxWindow))
	if err != nil {
		return err
	}
	defer tar.Close()
	sum := sha256.New()
	from, options := io.TeeReader(tar, sum), archive.Options{AnyLink: true, Only: m.rootsIn()}
	if listed {
		m.seal.listed, err = archive.ExtractListed(ctx, from, m.Dir(), options)
	} else {
		err = archive.Extract(ctx, from, m.Dir(), options)
	}
	if err != nil {
		return err
	}
	if got := digest(sum); got != id {
		return fmt.Errorf("its digest is %s, not %s", got, id)
	}
	return nil
}
