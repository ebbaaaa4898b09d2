package layer

import (
	"os"
	"strconv"
)

// Report is what became of a thing.
type Report struct {
	Name, Title, Fate string
	Shipped, Kept     int64 // bytes in the image (before compression) and in the cache; 0: not there
}

// Reports are in the order of the names. They are complete after Close.
func (s *Set) Reports() []Report { return s.reports }

func (m *Made) report() Report {
	r := Report{Name: m.Name, Title: m.Title, Fate: m.fate}
	if m.Ship {
		record := m.record
		if !m.asked {
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
