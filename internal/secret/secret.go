// Package secret finds the values of credentials in text and in streams. It decides neither who gets a credential nor
// what becomes of a text that has one.
package secret

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"slices"
	"strings"
)

// minLength is the length of the shortest value that is a secret. A shorter one is part of too many words.
const minLength = 6

// mask replaces a secret in a text.
const mask = "****"

// Value is one secret.
type Value struct {
	Name string // the file or the variable that has it, for messages
	Text string
}

// Set is a set of secrets with the forms in which programs write them. It does not change, and is safe for concurrent
// use. A nil Set is empty.
type Set struct {
	names   []string
	mask    *matcher // all forms of all values
	look    *matcher // without plain words
	longest int      // of the forms in look
}

// pattern is one form of a value.
type pattern struct {
	text  string
	of    int  // index in Set.names
	wider bool // base64: the letters around it are the same encoded text
}

// New returns the set of values. It is nil if none of them is long enough.
func New(values ...Value) *Set {
	s := &Set{}
	seen := map[string]bool{}
	var mask, look []pattern
	for _, v := range values {
		for _, text := range lines(v.Text) {
			// Several variables may have one value, or keys of several lines one line.
			if seen[text] {
				continue
			}
			seen[text] = true
			all := forms(text, len(s.names))
			s.names = append(s.names, v.Name)
			mask = append(mask, all...)
			if !isPlain(text) {
				look = append(look, all...)
			}
		}
	}
	if len(mask) == 0 {
		return nil
	}
	s.mask, s.look = newMatcher(mask), newMatcher(look)
	for _, p := range look {
		s.longest = max(s.longest, len(p.text))
	}
	return s
}

// lines returns the value and, of one with several lines such as a key, each line: logs have single lines.
func lines(text string) (found []string) {
	const line = 16 // shorter lines are not part of the key, but of the text around it
	if text = strings.TrimSpace(text); len(text) >= minLength {
		found = append(found, text)
	}
	if !strings.Contains(text, "\n") {
		return found
	}
	for each := range strings.Lines(text) {
		if each = strings.TrimSpace(each); len(each) >= line && strings.Trim(each, base64Letters) == "" &&
			each[0] != '-' {
			found = append(found, each)
		}
	}
	return found
}

// Mask returns text with "****" for every secret in it.
func (s *Set) Mask(text string) string {
	if s == nil {
		return text
	}
	found := s.mask.spans(text)
	if len(found) == 0 {
		return text
	}
	slices.SortFunc(found, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var out strings.Builder
	end := 0 // of what is written
	for _, f := range found {
		if f.start >= end {
			out.WriteString(text[end:f.start])
			out.WriteString(mask)
		}
		end = max(end, f.end)
	}
	out.WriteString(text[end:])
	return out.String()
}

// Has reports whether text has one of the secrets. Like a Finder, it does not look for plain words.
func (s *Set) Has(text string) bool { return s != nil && len(s.look.spans(text)) > 0 }

// spans returns where secrets are in text: as it is, and with its percent-encoding undone. Any character may be
// encoded, and a URL within a URL is encoded twice.
func (m *matcher) spans(text string) (found []span) {
	const nested = 2
	data := []byte(text)
	for _, one := range m.all(data) {
		if m.patterns[one.pattern].wider {
			one.span = widened(data, one.span)
		}
		found = append(found, one.span)
	}
	for at, n := []int(nil), 0; n < nested && bytes.IndexByte(data, '%') >= 0; n++ {
		if at == nil {
			at = positions(len(data))
		}
		data, at = unescaped(data, at)
		for _, one := range m.all(data) {
			found = append(found, span{at[one.start], at[one.end]})
		}
	}
	return found
}

// span is a part of a text.
type span struct{ start, end int }

// widened returns the whole base64 text around part: the rest may be the user's name and the value's last bits.
func widened(data []byte, part span) span {
	for part.start > 0 && isBase64(data[part.start-1]) {
		part.start--
	}
	for part.end < len(data) && isBase64(data[part.end]) {
		part.end++
	}
	return part
}

// base64Letters has the letters of both alphabets.
const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="

// isBase64 reports whether c is a letter of one of the alphabets, or padding.
func isBase64(c byte) bool { return strings.IndexByte(base64Letters, c) >= 0 }

// positions returns 0 to n.
func positions(n int) []int {
	at := make([]int, n+1)
	for i := range at {
		at[i] = i
	}
	return at
}

// unescaped undoes percent-encoding. at has, for each byte and the end, its position in the original text.
func unescaped(data []byte, at []int) (plain []byte, where []int) {
	for i := 0; i < len(data); i++ {
		where = append(where, at[i])
		c := data[i : i+1]
		if c[0] == '%' && i+2 < len(data) {
			var encoded [1]byte
			if _, err := hex.Decode(encoded[:], data[i+1:i+3]); err == nil {
				c, i = encoded[:], i+2
			}
		}
		plain = append(plain, c...)
	}
	return plain, append(where, at[len(data)])
}
