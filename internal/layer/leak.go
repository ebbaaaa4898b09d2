package layer

import (
	"context"
	"errors"
	"io/fs"

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
	entry, tree := "", m.tree()
	skip := tree.Skip
	tree.Skip = func(rel string, d fs.DirEntry) bool {
		if entry = rel; d.IsDir() {
			entry += "/"
		}
		return skip != nil && skip(rel, d)
	}
	if err := archive.Write(ctx, m.set.secrets.Finder(), tree); !errors.As(err, &found) { // at the entry that has it
		entry = "a file that was changed meanwhile"
	}
	return &secret.Leak{Place: m.Title, Entry: m.set.secrets.Mask(entry), Name: found.Name}
}
