package layer

import (
	"context"
	"errors"
	"path/filepath"
	"sync"

	"github.com/tandem-cnb/tandem/internal/bom"
	"github.com/tandem-cnb/tandem/internal/run"
)

// Made is a layer of this build: reused, unpacked or created, as late as possible. It implements Contents.
type Made struct {
	spec
	previous
	set *Set
	key key

	once    sync.Once
	err     error    // of once
	status  string   // what became of the layer and why, for the user
	loaded  bool     // the contents are in Dir
	record  Record   // of the contents, if loaded
	before  state    // of the contents, if loaded and the layer is shipped, watched or sealed
	packing *packing // nil: not begun
	seal    sealState
}

// previous has what earlier builds have left of a layer; nil: nothing.
type previous struct {
	image  *Record // of the previous image
	packed *Record // of the cached archive
}

// Dir implements Contents.
func (m *Made) Dir() string {
	if m.inApp.App != "" {
		return m.inApp.App
	}
	return filepath.Join(m.set.layers.Path, m.Name)
}

// Part implements Contents.
func (m *Made) Part() run.Part {
	p := run.Part{Dir: m.Dir()}
	if r := m.known(); r != nil && m.inApp.App == "" {
		p.Dirs = r.Dirs
	}
	if m.Vars != nil {
		p.Vars = m.Vars(m.Dir())
	}
	return p
}

// Filled implements Contents.
func (m *Made) Filled(ctx context.Context) (Filled, error) {
	if r := m.known(); r != nil {
		return Filled{Facts: r.Facts, BOM: r.BOM}, nil
	}
	err := m.Get(ctx)
	return Filled{Facts: m.record.Facts, BOM: m.record.BOM}, err
}

// known returns the record of the contents that are in Dir or, before Get, will be; nil if only Get finds that out.
func (m *Made) known() *Record {
	switch {
	case m.loaded:
		return &m.record
	case m.Ship && m.reusable():
		return m.image
	case m.usable():
		return m.packed
	}
	return nil
}

// ID implements Contents.
func (m *Made) ID() string {
	switch r := m.known(); {
	case r == nil, m.seal.written, m.seal.mark != "", r.altered() != "":
		return ""
	default:
		return r.ID
	}
}

// Get implements Contents.
func (m *Made) Get(ctx context.Context) error {
	m.once.Do(func() { m.err = m.load(ctx) })
	return m.err
}

// reusable reports whether the previous image has a layer of this key, and as it was created: the cases (a) to (c) of
// ARCHITECTURE.md, "Layers".
func (m *Made) reusable() bool {
	return m.image != nil && m.image.altered() == "" && len(m.key.reasons(m.image.Key)) == 0
}

// usable reports whether the cached archive has a layer of this key. If the image has one, it must be the same: a step
// must read what the image ships.
func (m *Made) usable() bool {
	if m.packed == nil || len(m.key.reasons(m.packed.Key)) > 0 {
		return false
	}
	return !m.Ship || !m.reusable() || m.image.ID == m.packed.ID
}

// load unpacks the cached archive if it is usable, and creates the contents otherwise. A damaged archive is not an
// error: it costs the time of creating the contents. An error of Fill is returned unchanged.
func (m *Made) load(ctx context.Context) error {
	if m.Late {
		m.Log("%s: %s", m.Title, m.status)
	}
	if m.usable() {
		err := m.unpack(ctx, m.packed.ID, m.Sealed != nil && m.Ship && !m.reusable()) // the image gets it: compared
		if err == nil {
			return m.restored(ctx)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		m.Log("%s: the cached archive is not usable, it is rebuilt (%s)", m.Title, err)
	}
	if err := m.start(ctx); err != nil {
		return err
	}
	filled, err := m.fill(ctx)
	if err != nil {
		return m.discard(err)
	}
	m.record = Record{Key: m.key.values, Facts: filled.Facts, BOM: bom.Merge(filled.BOM)}
	if filled.Temporary {
		m.record.Key = nil
	}
	if m.loaded = true; m.inApp.App == "" {
		m.record.Dirs = run.DirsOf(m.Dir())
	}
	if err := m.settle(); err != nil {
		return err
	}
	if !m.grows {
		m.pack()
	}
	return nil
}

// restored completes contents that were unpacked from the cached archive.
func (m *Made) restored(ctx context.Context) error {
	m.record, m.loaded = *m.packed, true
	if !m.grows {
		m.Log("%s: restored from the cache", m.Title)
	}
	if m.inApp.Again != nil {
		if err := m.inApp.Again(ctx); err != nil {
			return err
		}
	}
	return m.settle()
}

// start gives Fill an empty directory, or one with old contents that it can update.
func (m *Made) start(ctx context.Context) error {
	old := m.packed
	m.packed = nil
	if old != nil && m.Update && m.key.onlyStartDiffers(old.Key) {
		err := m.unpackOld(ctx, old.ID)
		if err == nil {
			m.Log("%s: updated in place", m.Title)
			return nil
		}
		m.Log("%s: the cached archive is not usable (%s)", m.Title, err)
	}
	return m.clear()
}

// unpackOld unpacks contents that Fill may begin with.
func (m *Made) unpackOld(ctx context.Context, id string) error {
	if err := m.unpack(ctx, id, false); err != nil || m.Unfit == nil {
		return err
	}
	reason, err := m.Unfit(m.Dir())
	if err == nil && reason != "" {
		err = errors.New(reason)
	}
	return err
}
