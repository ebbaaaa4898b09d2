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

// unpackKept extracts the cached archive. It lists the contents if the image gets them.
func (m *Made) unpackKept(ctx context.Context) (err error) {
	if m.Sealed != nil && m.Ship && !m.reusable() {
		m.seal.listed, err = m.unpackListed(ctx, m.packed.ID)
		return err
	}
	return m.unpackAs(ctx, m.packed.ID)
}

// maxWindow is how much a decompressor may allocate: the encoder uses 4 MB, and a forged archive could require 512 MB.
const maxWindow = 64 << 20

// unpackAs extracts the cached archive, and returns an error if its digest is not id.
func (m *Made) unpackAs(ctx context.Context, id string) error {
	return m.unpack(id, func(r io.Reader, o archive.Options) error { return archive.Extract(ctx, r, m.Dir(), o) })
}

// unpackListed extracts like unpackAs, and returns the manifest.
func (m *Made) unpackListed(ctx context.Context, id string) (listed archive.Manifest, err error) {
	err = m.unpack(id, func(r io.Reader, o archive.Options) (err error) {
		listed, err = archive.ExtractListed(ctx, r, m.Dir(), o)
		return err
	})
	return listed, err
}

func (m *Made) unpack(id string, extract func(io.Reader, archive.Options) error) error {
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
	if err := extract(io.TeeReader(tar, sum), archive.Options{AnyLink: true, Only: m.rootsIn()}); err != nil {
		return err
	}
	if got := digest(sum); got != id {
		return fmt.Errorf("its digest is %s, not %s", got, id)
	}
	return nil
}
