package layer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/secret"
)

// Set is all layers of one build.
type Set struct {
	ctx    context.Context // of the whole build: packers outlive the branch that started them
	layers libcnb.Layers
	found  map[string]*Record // by the layer's name, as the lifecycle has restored them
	mu     sync.Mutex
	made   []*Made
	// secrets are the values that no record and no archive may have.
	secrets *secret.Set
	// of the last Close
	reports []Report
}

// NewSet is the set of layers in the buildpack's layers folder. The end of ctx stops the packers.
// It reads all records at once: a command of this build could write others, with the digests of its own archives.
func NewSet(ctx context.Context, layers libcnb.Layers) *Set {
	return &Set{ctx: ctx, layers: layers, found: readRecords(layers)}
}

// Guard keeps secrets out of what is kept and shipped: they are masked in records, and contents that have one are an
// error. It must be called before Make.
func (s *Set) Guard(secrets *secret.Set) { s.secrets = secrets }

// Make compares spec with what the previous image and the cache have and says what will become of it.
// It touches no contents. Branches may call it at the same time.
func (s *Set) Make(spec Spec) (*Made, error) {
	if err := spec.checkRoots(); err != nil {
		return nil, err
	}
	m := &Made{Spec: spec, set: s}
	var err error
	if m.key, err = keyOf(spec.Key); err != nil {
		return nil, err
	}
	m.key = masked(m.key, s.secrets)
	if m.image, err = s.record(spec.Name, spec.Ship); err != nil {
		return nil, err
	}
	if m.packed, err = s.record(m.cacheName(), spec.Keep); err != nil {
		return nil, err
	}
	m.announce()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = append(s.made, m)
	return m, nil
}

func (s *Set) record(name string, wanted bool) (*Record, error) {
	if !wanted {
		return nil, nil
	}
	if _, err := s.layers.Layer(name); err != nil {
		// libcnb reads the file once more when the layer is written, and cannot.
		return s.found[name], os.RemoveAll(filepath.Join(s.layers.Path, name+".toml"))
	}
	return s.found[name], nil
}

// announce says whether the thing is reused, and if not every reason.
func (m *Made) announce() {
	previous := m.image
	if previous == nil {
		previous = m.packed
	}
	switch {
	case m.Ship && m.reusable():
		m.fate = "unchanged"
	case m.usable():
		m.fate = "unchanged, kept from an earlier build"
	case previous == nil:
		m.fate = "new"
	case previous.altered() != "" && len(reasons(previous.Key, m.key)) == 0:
		m.fate = "made anew, " + previous.altered()
	default:
		m.fate = "made anew, " + strings.Join(reasons(previous.Key, m.key), "; ")
	}
	if !m.Grows && !m.Late { // whether it is used turns out later
		m.Log("%s: %s", m.Title, m.fate)
	}
}

// Close waits for the packers and gives the layers as the lifecycle shall see them, sorted by name. No step may run any more.
func (s *Set) Close(ctx context.Context) ([]libcnb.Layer, error) {
	slices.SortFunc(s.made, func(a, b *Made) int { return cmp.Compare(a.Name, b.Name) })
	var all []libcnb.Layer
	s.reports = nil
	for _, m := range s.made { // all of them first: one may need the contents of another, which may be taken away below
		if err := m.finish(ctx); err != nil {
			return nil, fmt.Errorf("finish layer %s: %w", m.Name, err)
		}
	}
	for _, m := range s.made { // all of them too: one may be made again with another
		if err := m.inspect(ctx); err != nil {
			return nil, fmt.Errorf("inspect layer %s: %w", m.Name, err)
		}
	}
	for _, m := range s.made {
		if m.Ship {
			layer, err := m.launchLayer()
			if err != nil {
				return nil, fmt.Errorf("finish layer %s: %w", m.Name, err)
			}
			all = append(all, layer)
		}
		if m.Keep && m.packed != nil {
			all = append(all, m.layer(m.cacheName(), libcnb.LayerTypes{Cache: true}, *m.packed))
		}
		s.reports = append(s.reports, m.report())
	}
	return all, nil
}

// Ready waits until all that was made is finished.
func (s *Set) Ready(ctx context.Context) error {
	s.mu.Lock()
	made := slices.Clone(s.made)
	s.mu.Unlock()
	for _, m := range made {
		if m.packing == nil {
			continue
		}
		select {
		case <-m.packing.finished:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if m.packing.failed != nil {
			return m.packing.failed
		}
	}
	return nil
}

// Wait ends the packers without giving layers: after an error of the build nothing may write any more.
func (s *Set) Wait() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.made {
		m.Packed()
	}
}

// finish brings the contents and the packed copy to their last state. A copy that cannot be written costs its layer, never the build.
func (m *Made) finish(ctx context.Context) error {
	if m.Ship && !m.asked && !m.reusable() {
		if _, err := m.Contents(ctx); err != nil { // nobody needed it in the build, but the image does
			return err
		}
	}
	m.Grown()
	if m.packing == nil {
		if m.packed != nil && !m.usable() && !m.asked {
			m.packed = nil // a copy of something else
		}
		return nil
	}
	<-m.packing.done
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := errors.Join(m.packing.failed, m.packing.broken); err != nil {
		return err
	}
	m.record.ID, m.packed = m.packing.id, nil
	var leak *secret.Leak
	if errors.As(m.packing.err, &leak) && !m.Grows { // of a download cache only the cache is lost
		return leak
	}
	switch err := m.packing.err; {
	case m.changedEarly() != nil: // inspect reports it
	case err != nil:
		m.Log("%s: not kept for the next build (%s)", m.Title, err)
	case m.Keep:
		copied := m.record
		m.packed = &copied
	}
	return nil
}

// launchLayer is the image's layer. Contents that the previous image has are taken away, the folder itself too: the
// exporter would pack and hash even an empty one again (lifecycle, layers.HasLocalContents).
func (m *Made) launchLayer() (libcnb.Layer, error) {
	types := libcnb.LayerTypes{Launch: true}
	if !m.asked {
		return m.layer(m.Name, types, *m.image), os.RemoveAll(m.Dir())
	}
	after, err := stateOf(m.Dir())
	if err != nil {
		return libcnb.Layer{}, err
	}
	m.record.Size = strconv.FormatInt(after.bytes, 10)
	if m.written || !m.sealed() && after != m.before { // inspect has looked at the sealed ones
		m.Log("%s: a step of the app changed it; the image gets it as it is now", m.Title)
		m.record.ID = fmt.Sprintf("%s%d:%d", changedID, after.entries, after.newest)
		if err := m.look(m.set.ctx); err != nil {
			return libcnb.Layer{}, err
		}
	}
	same := m.imageHasIt()
	m.record.ID = m.mark + m.record.ID
	if same {
		return m.layer(m.Name, types, m.record), os.RemoveAll(m.Dir())
	}
	return m.layer(m.Name, types, m.record), m.writeVars()
}

func (m *Made) layer(name string, types libcnb.LayerTypes, record Record) libcnb.Layer {
	layer, err := m.set.layers.Layer(name)
	if err != nil {
		layer = libcnb.Layer{Name: name, Path: m.set.layers.Path + "/" + name}
	}
	record.Facts = masked(record.Facts, m.set.secrets)
	layer.LayerTypes, layer.Metadata = types, record.metadata()
	return layer
}

// writeVars is where a shipped thing's variables reach its folder; libcnb would do it for reused layers too and so give them contents.
func (m *Made) writeVars() error {
	if m.Vars == nil {
		return nil
	}
	dir := m.Dir() + "/env"
	err := os.MkdirAll(dir, 0o755)
	for name, value := range m.Vars(m.Dir()) {
		err = errors.Join(err, os.WriteFile(dir+"/"+name, []byte(value), 0o644))
	}
	return err
}
