package layer

import (
	"os"
	"strconv"
)

// Report says what became of a layer.
type Report struct {
	Name, Title, Status string
	Shipped, Kept       int64 // bytes in the image (before compression) and in the cache; 0: not there
}

// Reports returns one for each layer, sorted by name. They are complete after Close.
func (s *Set) Reports() []Report { return s.reports }

func (m *Made) report() Report {
	r := Report{Name: m.Name, Title: m.Title, Status: m.status}
	if m.Ship {
		record := m.record
		if !m.loaded {
			record = *m.image
		}
		r.Shipped, _ = strconv.ParseInt(record.Size, 10, 64) // a record of an older version has none
	}
	if m.Keep && m.packed != nil {
		if info, err := os.Stat(m.archivePath()); err == nil {
			r.Kept = info.Size()
		}
	}
	return r
}
