package layer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tandem-cnb/tandem/internal/archive"
)

// inspect looks for changes of the contents after the last command. It undoes those that the image must not have.
func (m *Made) inspect(ctx context.Context) error {
	switch {
	case !m.loaded:
		return nil
	case m.Sealed == nil && m.Ship:
		now, err := stateOf(m.Dir(), nil)
		m.seal.written = now != m.before
		return err
	case m.Sealed == nil:
		return nil
	case m.Sealed.StepsWrite:
		return m.inspectWritten(ctx)
	}
	names, err := m.changes(ctx)
	if err != nil || len(names) == 0 {
		return err
	}
	m.Sealed.Warn("%s: %s; it is restored, and not cached", m.Title, &changedError{names})
	if m.Ship {
		m.seal.mark = restoredID
		err = m.remake(ctx)
	}
	return errors.Join(err, m.forgetCopy())
}

// inspectWritten finds out whether commands have written into contents that the image gets.
func (m *Made) inspectWritten(ctx context.Context) error {
	if early := m.changedEarly(); early != nil {
		m.Sealed.Warn("%s: %s, so it is not cached", m.Title, early)
		m.seal.written = true
		return m.forgetCopy()
	}
	if !m.Ship {
		return nil
	}
	now, err := stateOf(m.Dir(), nil)
	m.seal.written = now != m.before
	if err != nil || m.seal.written || m.seal.listed == nil || m.imageHasIt() {
		return err
	}
	found, err := archive.Scan(ctx, m.tree())
	m.seal.written = len(m.seal.listed.Differences(found)) > 0
	return err
}

// forgetCopy removes the cached archive, so that the next build creates the layer again, whatever the metadata are.
func (m *Made) forgetCopy() error {
	m.packed = nil
	return os.RemoveAll(filepath.Dir(m.archivePath()))
}

// imageHasIt reports whether the image reuses the layer of the previous one, so that these contents are not exported.
func (m *Made) imageHasIt() bool {
	return m.image != nil && m.record.ID != "" && m.image.ID == m.record.ID
}

// changedEarly returns the error of the packer if the contents were changed before they were packed.
func (m *Made) changedEarly() (early *changedError) {
	if m.packing != nil {
		errors.As(m.packing.err, &early)
	}
	return early
}

// changes returns the names of the files that a command has changed, or the reason why one cannot be read. The packer
// must have ended. The error is that of ctx.
func (m *Made) changes(ctx context.Context) ([]string, error) {
	if early := m.changedEarly(); early != nil {
		return early.names, nil
	}
	if !m.Ship || m.imageHasIt() {
		if now, err := stateOf(m.Dir(), nil); err == nil && now == m.before {
			return nil, nil
		}
	}
	root, err := os.Lstat(m.Dir())
	var found archive.Manifest
	if err == nil {
		found, err = archive.Scan(ctx, m.tree())
	}
	if err == nil && m.seal.listed == nil { // of a cached archive, which is read again only to name the files
		if err = m.unpack(ctx, m.record.ID, true); err != nil {
			err = fmt.Errorf("the cached archive: %w", err)
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil { // a file that was written cannot be read: it was changed
		return []string{err.Error()}, nil
	}
	names := m.seal.listed.Differences(found)
	if root.Mode().Perm() != dirPerm {
		names = append(names, ".")
	}
	return names, nil
}

// remake restores the contents from the cached archive if there is one, and creates them again otherwise.
func (m *Made) remake(ctx context.Context) error {
	if m.packed != nil && m.unpack(ctx, m.packed.ID, false) == nil {
		return nil
	}
	if err := m.clear(); err != nil {
		return err
	}
	if _, err := m.fill(ctx); err != nil {
		return err
	}
	sum := sha256.New()
	if err := m.archive(ctx, sum); err != nil { // compares them: nothing may run now
		return fmt.Errorf("make %s again: %w", m.Title, err)
	}
	m.record.ID = digest(sum)
	return nil
}
