package layer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/tandem-cnb/tandem/internal/archive"
	"github.com/tandem-cnb/tandem/internal/show"
)

// A sealed layer has the bytes of an archive, and what Seal and Finish made of them. Commands with code of others run
// while it is there, in this build, and must leave nothing to the next one:
//
//   - The stream that is packed is compared with the manifest, so the kept copy has listed files alone. A
//     difference: no copy.
//   - When nothing runs any more, what the image gets is compared once more. Where the image has it already, or gets
//     nothing, these contents are thrown away, and their change times tell enough for a warning: a clock's tick may
//     hide a change from them. So a build that reuses all its layers lists nothing. A kept copy has its digest, and
//     its manifest is read from it only to name what was changed.
//   - After a difference the image gets the layer as it was made: from the copy if that was packed before, else made
//     again. Neither the copy nor the image's layer serves the next build. What StepsWrite allows is in the image,
//     but in no copy.

// changedError lists the files of a sealed layer that a command has changed.
type changedError struct{ names []string }

func (e *changedError) Error() string {
	return "a command of this build changed " + show.Series(e.names)
}

func (m *Made) sealed() bool { return m.Seal != nil }

// strict reports whether the image, too, must have a sealed layer as it was made.
func (m *Made) strict() bool { return m.sealed() && !m.StepsWrite }

// fill makes the contents.
func (m *Made) fill(ctx context.Context) (facts Facts, err error) {
	if !m.sealed() {
		return m.Fill(ctx, m.Dir())
	}
	facts, m.listed, err = m.Seal(ctx, m.Dir())
	return facts, err
}

// listDerived adds to the manifest what Finish has just made of listed files, and the directories of that. Commands
// that run meanwhile may make and remove files: what cannot be read after a few attempts is not listed, and so a
// difference.
func (m *Made) listDerived(ctx context.Context) {
	if m.Derived == nil {
		return
	}
	tree := m.tree()
	tree.Skip = func(rel string, _ fs.DirEntry) bool {
		e, ok := m.listed[rel]
		return ok && !e.Mode.IsDir()
	}
	var found archive.Manifest
	for range 5 {
		var err error
		if found, err = archive.Scan(ctx, tree); err == nil || ctx.Err() != nil {
			break
		}
		time.Sleep(tick)
	}
	for name, e := range found {
		source, ok := m.listed[m.Derived(name)]
		if !ok || !source.Mode.IsRegular() || !e.Mode.IsRegular() {
			continue
		}
		m.listed[name] = e
		if dir := path.Dir(name); found[dir].Mode.IsDir() {
			if _, ok := m.listed[dir]; !ok {
				m.listed[dir] = found[dir]
			}
		}
	}
}

// inspect looks for changes of sealed contents after the last command. It undoes those that the image must not have.
func (m *Made) inspect(ctx context.Context) error {
	if !m.sealed() || !m.asked {
		return nil
	}
	if m.StepsWrite {
		return m.inspectWritten(ctx)
	}
	names, err := m.changes(ctx)
	if err == nil && len(names) == 0 {
		if names, err = m.misderived(ctx); err != nil && ctx.Err() == nil { // of a full disk, say: it costs the copy
			m.Warn("%s: could not be compared with what it was made from, so it is not cached (%s)",
				m.Title, show.Reason(err))
			m.mark = uncomparedID
			return m.forgetCopy()
		}
	}
	if err != nil || len(names) == 0 {
		return err
	}
	m.Warn("%s: %s; it is restored, and not cached", m.Title, &changedError{names})
	if m.Ship {
		m.mark = restoredID
		err = m.remake(ctx)
	}
	return errors.Join(err, m.forgetCopy())
}

// misderived returns the files that differ from those of a second run of Finish. Nothing else has changed, so Repeat
// reads unchanged files. Without this a command that runs at the same time as Finish could replace a file of Finish.
func (m *Made) misderived(ctx context.Context) ([]string, error) {
	if m.Repeat == nil || m.packing == nil {
		return nil, nil
	}
	want, err := m.Repeat(ctx, m.Dir())
	if err != nil {
		return nil, err
	}
	found := archive.Manifest{}
	for name, e := range m.listed {
		if source, ok := m.listed[m.Derived(name)]; ok && source.Mode.IsRegular() && e.Mode.IsRegular() {
			found[name] = e
		}
	}
	return want.Differences(found), nil
}

// inspectWritten finds out whether commands have written into contents that the image gets.
func (m *Made) inspectWritten(ctx context.Context) error {
	if early := m.changedEarly(); early != nil {
		m.Warn("%s: %s, so it is not cached", m.Title, early)
		m.written = true
		return m.forgetCopy()
	}
	if !m.Ship {
		return nil
	}
	now, err := stateOf(m.Dir())
	m.written = now != m.before
	if err != nil || m.written || m.listed == nil || m.imageHasIt() {
		return err
	}
	found, err := archive.Scan(ctx, m.tree())
	m.written = len(m.listed.Differences(found)) > 0
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

// changes returns the names of the files that a command has changed. The packer must have ended.
func (m *Made) changes(ctx context.Context) ([]string, error) {
	if early := m.changedEarly(); early != nil {
		return early.names, nil
	}
	if !m.Ship || m.imageHasIt() {
		if now, err := stateOf(m.Dir()); err == nil && now == m.before {
			return nil, nil
		}
	}
	root, err := os.Lstat(m.Dir())
	var found archive.Manifest
	if err == nil {
		found, err = archive.Scan(ctx, m.tree())
	}
	if err == nil && m.listed == nil { // of a cached archive, which is read again only to name the files
		if m.listed, err = m.unpackListed(ctx, m.record.ID); err != nil {
			err = fmt.Errorf("the kept copy: %w", err)
		}
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil { // a file that was written cannot be read: it was changed
		return []string{err.Error()}, nil
	}
	names := m.listed.Differences(found)
	if root.Mode().Perm() != dirPerm {
		names = append(names, ".")
	}
	return names, nil
}

// remake restores the contents from the cached archive if there is one, and creates them again otherwise.
func (m *Made) remake(ctx context.Context) error {
	unchecked := m.Repeat != nil && m.packing != nil // the copy has files that Finish made while commands ran
	if m.packed != nil && !unchecked && m.unpackAs(ctx, m.packed.ID) == nil {
		return nil
	}
	if err := m.clear(); err != nil {
		return err
	}
	if _, err := m.fill(ctx); err != nil {
		return err
	}
	if err := m.complete(ctx); err != nil {
		return err
	}
	sum := sha256.New()
	if err := m.archive(ctx, sum); err != nil { // compares them: nothing may run now
		return fmt.Errorf("make %s once more: %w", m.Title, err)
	}
	m.record.ID = digest(sum)
	return nil
}
