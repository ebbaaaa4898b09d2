package secret

// matcher finds many patterns in one pass, and looks at a fraction of the bytes: S. Wu and U. Manber, "A fast
// algorithm for multi-pattern searching", TR-94-17, University of Arizona, with blocks of two bytes. 21 patterns over
// 137 MB take 0.05 s; one bytes.Index for each takes 1.06 s (BenchmarkFinder).
type matcher struct {
	patterns []pattern
	shortest int
	shift    []uint8          // by block: how far the window may move; 0: a pattern's beginning may end here
	ending   map[uint16][]int // patterns by the block that ends their first shortest bytes
}

// match is where a pattern was met.
type match struct {
	span
	pattern int
}

// newMatcher returns nil, which finds nothing, if there are no patterns.
func newMatcher(patterns []pattern) *matcher {
	if len(patterns) == 0 {
		return nil
	}
	m := &matcher{patterns: patterns, shortest: 255, shift: make([]uint8, 1<<16), ending: map[uint16][]int{}}
	for _, p := range patterns {
		m.shortest = min(m.shortest, len(p.text))
	}
	for i := range m.shift {
		m.shift[i] = uint8(m.shortest - 1) //nolint:gosec // shortest is at most 255
	}
	for i, p := range patterns {
		for j := range m.shortest - 1 {
			at := block(p.text[j], p.text[j+1])
			m.shift[at] = min(m.shift[at], uint8(m.shortest-2-j)) //nolint:gosec // less than shortest
		}
		end := block(p.text[m.shortest-2], p.text[m.shortest-1])
		m.ending[end] = append(m.ending[end], i)
	}
	return m
}

// block returns two bytes as the index of a table.
func block(first, second byte) uint16 { return uint16(first) | uint16(second)<<8 }

// each calls found for every match in text until found returns false.
func (m *matcher) each(text []byte, found func(match) bool) {
	if m == nil {
		return
	}
	for i := m.shortest - 2; i+1 < len(text); {
		at := block(text[i], text[i+1])
		if step := m.shift[at]; step > 0 {
			i += int(step)
			continue
		}
		start := i - (m.shortest - 2)
		for _, n := range m.ending[at] {
			end := start + len(m.patterns[n].text)
			if end <= len(text) && string(text[start:end]) == m.patterns[n].text && !found(match{span{start, end}, n}) {
				return
			}
		}
		i++
	}
}

// all returns the matches in text, sorted by their beginnings. They may overlap.
func (m *matcher) all(text []byte) (found []match) {
	m.each(text, func(one match) bool {
		found = append(found, one)
		return true
	})
	return found
}
