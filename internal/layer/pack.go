package layer

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/fail"
)

// archiveName is the one file of a cache layer.
const archiveName = "contents.tar.zst"

// packing is an archive that is being written while later steps run. One goroutine writes the fields; a reader must
// have received from done.
type packing struct {
	done   chan struct{} // the others are to be read after it
	id     string
	err    error // why there is no copy
	broken error // a defect of ours: the build's error
}

// cacheName returns the name of the layer that has only the cached archive. The image never gets it.
func (m *Made) cacheName() string { return cacheName(m.Name) }

// cacheName returns the name of the layer that has the copy of a layer.
func cacheName(name string) string { return "cache-" + name }

// archivePath returns the absolute path of the cached archive, which may not exist.
func (m *Made) archivePath() string {
	return filepath.Join(m.set.layers.Path, m.cacheName(), archiveName)
}

// pack starts to write the cached archive (only its digest if the layer is not cached). Settle waits for it.
func (m *Made) pack() {
	p := &packing{done: make(chan struct{})}
	m.packing = p
	before, err := m.state() // before any step can write: what packing must still find
	if p.err = err; err != nil {
		close(p.done)
		return
	}
	go func() {
		defer close(p.done)
		p.broken = fail.Recovered(func() error {
			p.id, p.err = m.write(m.set.ctx, before)
			return nil
		})
	}()
}

// Packed waits until the cached archive is written, or cannot be: only then may the caller remove the contents.
func (m *Made) Packed() {
	if m.packing != nil {
		<-m.packing.done
	}
}

// Grown begins to pack a Cache, whose use must be over.
func (m *Made) Grown() {
	if m.grows && m.loaded && m.packing == nil {
		m.pack()
	}
}

// write archives the contents and returns their digest. Contents that change meanwhile are an error: the archive would
// be torn.
func (m *Made) write(ctx context.Context, before state) (id string, err error) {
	sum := sha256.New()
	sums := io.MultiWriter(sum, m.set.secrets.Finder())
	if !m.Keep {
		err = m.archive(ctx, sums)
	} else {
		err = m.writeFile(ctx, sums)
	}
	if err != nil {
		return "", m.leak(ctx, err)
	}
	if after, err := m.state(); err != nil || after != before {
		return "", errors.Join(err, errors.New("its files changed while they were packed"))
	}
	return digest(sum), nil
}

// writeFile writes the cached archive, and the same stream before compression to sums. The file has another name until
// it is complete, so that a build that is killed leaves no half of an archive.
func (m *Made) writeFile(ctx context.Context, sums io.Writer) (err error) {
	part := m.archivePath() + ".part"
	if err := os.MkdirAll(filepath.Dir(part), 0o755); err != nil {
		return err
	}
	out, err := os.Create(part)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, out.Close(), os.Remove(part))
		}
	}()
	compressed, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(compressed, 1<<20)
	if err := m.archive(ctx, io.MultiWriter(sums, buffered)); err != nil {
		return errors.Join(err, compressed.Close())
	}
	if err := errors.Join(buffered.Flush(), compressed.Close()); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Rename(part, m.archivePath())
}

// tree returns the contents as package archive packs them: all roots that exist, without what the layer skips.
func (m *Made) tree() archive.Tree {
	tree := archive.Tree{Base: m.Dir(), Roots: m.present()}
	if m.inApp.Skip != nil {
		tree.Skip = func(rel string, _ fs.DirEntry) bool { return m.inApp.Skip(rel) }
	}
	return tree
}

// archive writes the contents as a tar stream. All that is kept of a layer, and its id, come from this one stream, and
// only what was compared with the manifest gets to its end without an error.
func (m *Made) archive(ctx context.Context, w io.Writer) error {
	if m.seal.listed == nil {
		return archive.Write(ctx, w, m.tree())
	}
	packed, err := archive.WriteListed(ctx, w, m.tree())
	if err != nil {
		return err
	}
	if names := m.seal.listed.Differences(packed); len(names) > 0 {
		return &changedError{names}
	}
	return nil
}
