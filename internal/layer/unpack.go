package layer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// maxWindow is how much a decompressor may allocate: the encoder uses 4 MB, and a forged archive could require 512 MB.
const maxWindow = 64 << 20

// unpack extracts the cached archive, and returns an error if its digest is not id. If listed is true, seal has the
// manifest afterwards.
func (m *Made) unpack(ctx context.Context, id string, listed bool) (err error) {
	if _, err := os.Stat(m.archivePath()); err != nil {
		return err
	}
	if err := m.clear(); err != nil {
		return err
	}
	options := archive.Options{AnyLink: true, Only: m.rootsIn()}
	return eachByte(m.archivePath(), id, func(from io.Reader) error {
		if listed {
			m.seal.listed, err = archive.ExtractListed(ctx, from, m.Dir(), options)
			return err
		}
		return archive.Extract(ctx, from, m.Dir(), options)
	})
}

// Lend unpacks the cached archive of a layer that is not declared yet into dir, which must be empty. It returns false
// if there is no usable one. The files are the caller's: they are in no layer.
func (s *Set) Lend(ctx context.Context, name, dir string) (bool, error) {
	record := s.found[cacheName(name)]
	if record == nil || record.Key["format"] != Format {
		return false, nil
	}
	file := filepath.Join(s.layers.Path, cacheName(name), archiveName)
	err := eachByte(file, record.ID, func(from io.Reader) error {
		return archive.Extract(ctx, from, dir, archive.Options{})
	})
	if err != nil { // it costs time, and nothing else
		return false, errors.Join(os.RemoveAll(dir), context.Cause(ctx))
	}
	return true, nil
}

// eachByte gives a cached archive to read as a tar stream. Its digest must be id.
func eachByte(file, id string, read func(io.Reader) error) error {
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	defer in.Close()
	tar, err := zstd.NewReader(in, zstd.WithDecoderMaxMemory(maxWindow))
	if err != nil {
		return err
	}
	defer tar.Close()
	sum := sha256.New()
	if err := read(io.TeeReader(tar, sum)); err != nil {
		return err
	}
	if got := digest(sum); got != id {
		return fmt.Errorf("its digest is %s, not %s", got, id)
	}
	return nil
}
