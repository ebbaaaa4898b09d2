// Package po compiles translations: from GNU gettext's text (.po) to the file that programs read (.mo). It knows no
// directories.
//
// msgfmt does the same, but few build images have it, and its bytes differ from version to version.
// https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
package po

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Options correspond to options of msgfmt.
type Options struct {
	Fuzzy bool // fuzzy translations are included
	Check bool // the placeholders of translations are compared with those of the original
}

// Compiled is the result of Compile.
type Compiled struct {
	MO                              []byte
	Translated, Fuzzy, Untranslated int // numbers of messages
}

// Compile gives the same bytes for the same text. Obsolete and empty translations are excluded, as msgfmt does, and
// fuzzy ones without the option.
func Compile(text []byte, o Options) (Compiled, error) {
	p := parser{fuzzy: o.Fuzzy, found: map[string]string{}}
	if o.Check {
		p.checks = placeholders()
	}
	number := 0
	for line := range strings.Lines(string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))) {
		number++
		if err := p.line(strings.TrimSpace(line)); err != nil {
			return Compiled{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := p.flush(); err != nil {
		return Compiled{}, fmt.Errorf("line %d: %w", number, err)
	}
	p.result.MO = encode(p.found)
	return p.result, nil
}

// headerSize is that of the seven numbers at the beginning of a .mo file.
// https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
const headerSize = 7 * 4

// encode writes two tables of lengths and offsets, of the originals in order and of the translations, and then the
// texts.
func encode(messages map[string]string) []byte {
	keys := slices.Sorted(maps.Keys(messages))
	n := len(keys)
	var texts bytes.Buffer
	tables := make([]uint32, 0, 4*n)
	add := func(text string) {
		tables = append(tables, uint32(len(text)), uint32(headerSize+16*n+texts.Len()))
		texts.WriteString(text + "\x00")
	}
	for _, key := range keys {
		add(key)
	}
	for _, key := range keys {
		add(messages[key])
	}
	originals, translations := uint32(headerSize), uint32(headerSize+8*n)
	out := []byte{}
	// Magic number, revision and number of texts; offsets of both tables; size and offset of a hash table, which is
	// empty.
	header := []uint32{0x950412de, 0, uint32(n), originals, translations, 0, uint32(headerSize + 16*n)}
	for _, v := range append(header, tables...) {
		out = binary.LittleEndian.AppendUint32(out, v)
	}
	return append(out, texts.Bytes()...)
}
