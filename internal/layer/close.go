package layer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/buildpacks/libcnb/v2"

	"github.com/tandem-cnb/tandem/internal/report"
)

// Settle brings the layers to their last state: it creates what the image needs, waits for the packers and undoes what
// commands have changed. No command of the app may run any more, but layers that are made from others may be declared.
// The error is that of a Fill, a *secret.Leak, or internal. What only the cache loses is a line of the log.
func (s *Set) Settle(ctx context.Context) error {
	slices.SortFunc(s.made, func(a, b *Made) int { return cmp.Compare(a.Name, b.Name) })
	left := slices.DeleteFunc(slices.Clone(s.made), func(m *Made) bool { return m.seal.settled })
	for _, m := range left { // all of them first: one may need the contents of another
		if err := m.finish(ctx); err != nil {
			return fmt.Errorf("finish layer %s: %w", m.Name, err)
		}
	}
	for _, m := range left { // all of them too: one may be created again with another
		if err := m.inspect(ctx); err != nil {
			return fmt.Errorf("inspect layer %s: %w", m.Name, err)
		}
		m.seal.settled = m.loaded
	}
	return nil
}

// Close settles the layers and returns them for the lifecycle, sorted by name. The error is that of Settle.
func (s *Set) Close(ctx context.Context) ([]libcnb.Layer, error) {
	if err := s.Settle(ctx); err != nil {
		return nil, err
	}
	var all []libcnb.Layer
	for _, m := range s.made {
		if m.Ship {
			layer, err := m.launchLayer()
			if err != nil {
				return nil, fmt.Errorf("finish layer %s: %w", m.Name, err)
			}
			all = append(all, layer)
		}
		if m.isCached() {
			all = append(all, m.layer(m.cacheName(), libcnb.LayerTypes{Cache: true}, *m.packed))
		}
	}
	return all, nil
}

// isCached reports whether the next build gets the archive.
func (m *Made) isCached() bool { return m.Keep && m.packed != nil }

// launchLayer returns the image's layer. Contents that the previous image has are removed, with their directory: the
// exporter would pack and hash even an empty one again (lifecycle, layers.HasLocalContents).
func (m *Made) launchLayer() (libcnb.Layer, error) {
	types := libcnb.LayerTypes{Launch: true}
	if !m.loaded {
		return m.layer(m.Name, types, *m.image), os.RemoveAll(m.Dir())
	}
	after, err := stateOf(m.Dir(), nil)
	if err != nil {
		return libcnb.Layer{}, err
	}
	m.record.Size = strconv.FormatInt(after.bytes, 10)
	if m.seal.written {
		m.Log("%s: a step of the app changed it; the image gets it as it is now", m.Title)
		m.record.ID = fmt.Sprintf("%s%d:%d", changedID, after.entries, after.newest)
		if err := m.look(m.set.ctx); err != nil {
			return libcnb.Layer{}, err
		}
		if err := m.list(); err != nil {
			return libcnb.Layer{}, err
		}
	}
	same := m.imageHasIt()
	m.record.ID = m.seal.mark + m.record.ID
	if same {
		return m.layer(m.Name, types, m.record), os.RemoveAll(m.Dir())
	}
	return m.layer(m.Name, types, m.record), m.writeVars()
}

// layer returns what the lifecycle is told of a layer, with its types and the masked record as metadata. Nothing of an
// earlier TOML file stays.
func (m *Made) layer(name string, types libcnb.LayerTypes, record Record) libcnb.Layer {
	record.Facts, record.BOM = masked(record.Facts, m.set.secrets), m.software(record)
	return libcnb.Layer{
		Name: name, Path: m.set.layers.Path + "/" + name, LayerTypes: types, Metadata: record.metadata(),
	}
}

// writeVars writes the variables of a shipped layer into its directory. libcnb would do so for reused layers too, and
// so give them contents. The suffix of a file's name says how the variable changes.
// https://github.com/buildpacks/spec/blob/main/buildpack.md#environment-variable-modification-rules
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

// Reports returns one for each layer, sorted by name. Close must have returned.
func (s *Set) Reports() (all []report.Layer) {
	for _, m := range s.made {
		all = append(all, m.report())
	}
	return all
}

// report returns the sizes of what Close has left. A record that another version has written has no size.
func (m *Made) report() report.Layer {
	r := report.Layer{Name: m.Name, Title: m.Title, Status: m.status}
	if m.Ship {
		record := m.record
		if !m.loaded {
			record = *m.image
		}
		r.Shipped, _ = strconv.ParseInt(record.Size, 10, 64) // a record of an older version has none
	}
	if m.isCached() {
		if info, err := os.Stat(m.archivePath()); err == nil {
			r.Kept = info.Size()
		}
	}
	return r
}
