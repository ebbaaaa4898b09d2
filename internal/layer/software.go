package layer

import (
	"fmt"

	"github.com/tandem-cnb/tandem/internal/bom"
)

// Software has the components that a layer adds to the bill of materials.
type Software struct {
	Layer      string
	Shipped    bool // the image has the layer
	Components []bom.Component
}

// Software returns the software of the layers that have some, sorted by name, without secrets. Close must have
// returned.
func (s *Set) Software() (all []Software) {
	for _, m := range s.made {
		record := m.known()
		if m.Ship && !m.loaded {
			record = m.image
		}
		if record != nil && len(record.BOM) > 0 {
			all = append(all, Software{m.Name, m.Ship, m.software(*record)})
		}
	}
	return all
}

// software returns the components of a record without secrets.
func (m *Made) software(record Record) (components []bom.Component) {
	for _, c := range record.BOM {
		components = append(components, c.Mask(m.set.secrets.Mask))
	}
	return components
}

// list notes the software in contents that a step of the app has changed.
func (m *Made) list() error {
	if m.List == nil {
		return nil
	}
	found, err := m.List(m.Dir())
	if err != nil {
		return fmt.Errorf("list the software of %s: %w", m.Title, err)
	}
	m.record.BOM = bom.Merge(found)
	return nil
}
