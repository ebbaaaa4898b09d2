package layer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// Set is all layers of one build.
type Set struct {
	ctx    context.Context // of the whole build: packers outlive the lane that started them
	layers libcnb.Layers
	found  map[string]*Record // by the layer's name, as the lifecycle has restored them
	mu     sync.Mutex
	made   []*Made
	// secrets are the values that no record and no archive may have.
	secrets *secret.Set
}

// NewSet returns the set of layers in the buildpack's layers directory. The end of ctx stops the packers.
// It reads all records at once: a command of this build could write others, with the digests of its own archives.
func NewSet(ctx context.Context, layers libcnb.Layers) *Set {
	return &Set{ctx: ctx, layers: layers, found: readRecords(layers)}
}

// Guard keeps secrets out of what is kept and shipped: they are masked in records, and contents that have one are an
// error. It must be called before a layer is declared.
func (s *Set) Guard(secrets *secret.Set) { s.secrets = secrets }

// add declares a layer.
func (s *Set) add(of spec) (*Made, error) {
	m, err := &Made{spec: of, set: s}, of.check()
	if err == nil {
		m.key, err = keyOf(of.Key)
	}
	if err == nil && of.Update && m.key.start == "" {
		err = errors.New("no field of its key is marked as start")
	}
	if err != nil {
		return nil, fmt.Errorf("layer %s: %w", of.Name, err)
	}
	m.key.values = masked(m.key.values, s.secrets)
	if m.image, err = s.record(of.Name, of.Ship); err != nil {
		return nil, err
	}
	if m.packed, err = s.record(m.cacheName(), of.Keep); err != nil {
		return nil, err
	}
	m.announce()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = append(s.made, m)
	return m, nil
}

// Known reports whether an earlier build has left the layer of that name, or its copy.
func (s *Set) Known(name string) bool { return s.found[name] != nil || s.found[cacheName(name)] != nil }

// record returns the restored record of a layer; nil if there is none, or the layer is not wanted. It removes a TOML
// file that cannot be read.
func (s *Set) record(name string, wanted bool) (*Record, error) {
	if !wanted {
		return nil, nil
	}
	if _, err := s.layers.Layer(name); err != nil {
		// libcnb reads the file again when the layer is written, and cannot.
		return s.found[name], os.RemoveAll(filepath.Join(s.layers.Path, name+".toml"))
	}
	return s.found[name], nil
}

// announce logs whether the layer is reused, and otherwise every reason.
func (m *Made) announce() {
	previous := m.image
	if previous == nil {
		previous = m.packed
	}
	switch {
	case m.Ship && m.reusable():
		m.status = "unchanged"
	case m.usable():
		m.status = "unchanged, cached"
	case previous == nil:
		m.status = "new"
	case previous.altered() != "" && len(m.key.reasons(previous.Key)) == 0:
		m.status = "rebuilt, " + previous.altered()
	default:
		m.status = "rebuilt, " + strings.Join(m.key.reasons(previous.Key), "; ")
	}
	if !m.grows && !m.Late { // whether it is used turns out later
		m.Log("%s: %s", m.Title, m.status)
	}
}

// Wait waits for the packers without returning layers: after an error of the build nothing may write any more.
func (s *Set) Wait() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.made {
		m.Packed()
	}
}

// finish brings the contents and the cached archive to their last state. An archive that cannot be written costs its
// layer, never the build.
func (m *Made) finish(ctx context.Context) error {
	if m.Ship && !m.loaded && !m.reusable() {
		if err := m.Get(ctx); err != nil { // no step needed it, but the image does
			return err
		}
	}
	m.Grown()
	if m.packing == nil {
		if m.packed != nil && !m.usable() && !m.loaded {
			m.packed = nil // a copy of something else
		}
		return nil
	}
	<-m.packing.done
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if m.packing.broken != nil {
		return m.packing.broken
	}
	m.record.ID, m.packed = m.packing.id, nil
	var leak *secret.Leak
	if errors.As(m.packing.err, &leak) && !m.grows { // of a download cache only the cache is lost
		return leak
	}
	switch err := m.packing.err; {
	case m.changedEarly() != nil: // inspect reports it
	case err != nil:
		m.Log("%s: not cached (%s)", m.Title, err)
	case m.Keep:
		copied := m.record
		m.packed = &copied
	}
	return nil
}
