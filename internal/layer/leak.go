package layer

import (
	"archive/tar"
	"context"
	"errors"
	"io"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/fail"
	"github.com/tandem-cnb/tandem/internal/secret"
)

// masked returns a copy of values in which no value has a secret.
func masked[M ~map[string]string](values M, secrets *secret.Set) M {
	out := M{}
	for name, value := range values {
		out[name] = secrets.Mask(value)
	}
	return out
}

// discard removes contents that are not complete, and returns err, the reason.
func (m *Made) discard(err error) error {
	if m.set.secrets == nil {
		return err
	}
	return fail.Join(err, m.clear())
}

// look fails with a *secret.Leak if the contents have a secret.
func (m *Made) look(ctx context.Context) error {
	if m.set.secrets == nil {
		return nil
	}
	return m.leak(ctx, archive.Write(ctx, m.set.secrets.Finder(), m.tree()))
}

// leak returns err or, if a Finder has met a secret while the contents were packed, which entry has it. It packs them
// again for that: it happens once, and a build without a secret has no cost.
func (m *Made) leak(ctx context.Context, err error) error {
	var found *secret.Found
	if !errors.As(err, &found) {
		return err
	}
	name, err := m.entryAt(ctx, found.Offset)
	if err != nil {
		return err
	}
	return &secret.Leak{Place: m.Title, Entry: m.set.secrets.Mask(name), Name: found.Name}
}

// entryAt returns the name of the entry of the contents' archive that has the byte at offset.
func (m *Made) entryAt(ctx context.Context, offset int64) (string, error) {
	packed := archive.Reader(ctx, m.tree())
	defer packed.Close()
	counted := &counter{in: packed}
	entries := tar.NewReader(counted)
	for {
		h, err := entries.Next()
		if err != nil {
			return "", err
		}
		if _, err := io.Copy(io.Discard, entries); err != nil { //nolint:gosec // it is discarded
			return "", err
		}
		if counted.n > offset {
			return h.Name, nil
		}
	}
}

// counter counts what is read.
type counter struct {
	in io.Reader
	n  int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}
