package layer

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/zstd"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// archiveName is the one file of a cache layer.
const archiveName = "contents.tar.zst"

// packing is a copy that is being written while later steps run.
type packing struct {
	finished chan struct{} // closed when Finish has ended
	failed   error         // Finish's, to be read after finished
	done     chan struct{}
	id       string
	err      error
}

func (m *Made) cacheName() string { return "cache-" + m.Name }
func (m *Made) archivePath() string {
	return filepath.Join(m.set.layers.Path, m.cacheName(), archiveName)
}

// pack starts to finish the contents and to write the packed copy (only its digest for what is not kept). Close waits for it.
func (m *Made) pack() {
	p := &packing{finished: make(chan struct{}), done: make(chan struct{})}
	m.packing = p
	go func() {
		defer close(p.done)
		if m.Finish != nil {
			p.failed = m.Finish(m.set.ctx, m.Dir())
		}
		if p.failed == nil && m.Ship {
			p.failed = m.settle()
		}
		close(p.finished)
		if p.failed == nil {
			p.id, p.err = m.write(m.set.ctx)
		}
	}()
}

// Packed waits until the packed copy is written, or has failed: only then may somebody take the contents away.
func (m *Made) Packed() {
	if m.packing != nil {
		<-m.packing.done
	}
}

// Grown says that the use of a growing thing is over, so that packing it can begin.
func (m *Made) Grown() {
	if m.Grows && m.asked && m.packing == nil {
		m.pack()
	}
}

// write archives the contents and returns their digest. Contents that change meanwhile are an error: the copy would be torn.
func (m *Made) write(ctx context.Context) (id string, err error) {
	before, err := m.state()
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	if !m.Keep {
		err = m.archive(ctx, sum)
	} else {
		err = m.writeFile(ctx, sum)
	}
	if err != nil {
		return "", err
	}
	if after, err := m.state(); err != nil || after != before {
		return "", errors.Join(err, errors.New("its files changed while they were packed"))
	}
	return digest(sum), nil
}

func (m *Made) state() (all state, err error) {
	for _, root := range m.present() {
		dir := filepath.Join(m.Dir(), root)
		var skip []func(rel string) bool
		if m.Skip != nil {
			skip = append(skip, func(rel string) bool { return m.Skip(filepath.Join(root, rel)) })
		}
		s, err := stateOf(dir, skip...)
		if err != nil {
			return all, err
		}
		all.entries += s.entries
		all.bytes += s.bytes
		all.newest = max(all.newest, s.newest)
	}
	return all, nil
}

// present are the roots that there are: a project without packages has no node_modules.
func (m *Made) present() (found []string) {
	for _, root := range slices.Concat(m.roots(), m.Over) {
		if _, err := os.Lstat(filepath.Join(m.Dir(), root)); err == nil {
			found = append(found, root)
		}
	}
	return found
}

func (m *Made) writeFile(ctx context.Context, sum hash.Hash) (err error) {
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
	if err := m.archive(ctx, io.MultiWriter(sum, buffered)); err != nil {
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

func (m *Made) archive(ctx context.Context, w io.Writer) error {
	tree := archive.Tree{Base: m.Dir(), Roots: m.present()}
	if m.Skip != nil {
		tree.Skip = func(rel string, _ fs.DirEntry) bool { return m.Skip(rel) }
	}
	return archive.Write(ctx, w, tree)
}

// unpackAs puts the packed copy in place. An error means that the copy has not the id.
func (m *Made) unpackAs(ctx context.Context, id string) error {
	in, err := os.Open(m.archivePath())
	if err != nil {
		return err
	}
	defer in.Close()
	if err := m.clear(); err != nil {
		return err
	}
	tar, err := zstd.NewReader(in)
	if err != nil {
		return err
	}
	defer tar.Close()
	sum := sha256.New()
	stream := io.TeeReader(tar, sum)
	if err := archive.Extract(ctx, stream, m.Dir(), archive.Options{AnyLink: true}); err != nil {
		return err
	}
	if got := digest(sum); got != id {
		return fmt.Errorf("its digest is %s, not %s", got, id)
	}
	return nil
}

func digest(sum hash.Hash) string { return "sha256:" + hex.EncodeToString(sum.Sum(nil)) }
